// SPDX-License-Identifier: Apache-2.0
import { isJsonObject, type JsonObject } from '../evidence/json.ts';
import { StoredFile } from './file-bytes.ts';
import { wholeFileBytes } from './file-content.ts';
import { digestReadings } from './file-digests.ts';
import { MetDigests } from './file-met-digests.ts';
import { gapOfBrokenFile } from './file-read-gap.ts';
import { ReportSiblings } from './file-siblings.ts';
import { gapOfSystemError, type WalkStep, walkFolder } from './file-walk.ts';
import { type FileBatch, type FileReading, gapOfSlice, itemBytes } from './intake/file-batch.ts';
import { recogniseItem } from './intake/recognise-item.ts';
import { SliceStream } from './intake/slice-stream.ts';
import { contentStart, sniffBytes } from './intake/sniff-bytes.ts';
import { parseLenientJson } from './report/lenient-json.ts';

/** Limits of the file intake. */
export interface FileIntakeOptions {
  /** A larger item is a gap. Default 64 MiB. */
  readonly maxItemBytes?: number;
  /** Absolute path of the home that is written to, which may lie in the folder: it is passed over. */
  readonly home?: string;
}

type MetFile = Extract<WalkStep, { file: unknown }>['file'];

/**
 * Everything in a folder (or one file), in batches of items, in order of path; memory does not grow with it.
 * Every file is accounted for: by its items, as not ours with the reason, or as a problem. CloudTrail digest files come last, checked.
 * Items are cut and not parsed: give each batch to `readBatch`, in a worker if you like.
 */
export async function* fileItems(root: string, options: FileIntakeOptions = {}): AsyncGenerator<FileReading> {
  const intake = new FileIntake(options);
  for await (const step of walkFolder(root, options.home)) {
    if ('file' in step) yield* intake.readFile(step.file);
    else yield step;
  }
  yield* digestReadings(root, intake.digests);
}

class FileIntake {
  readonly digests = new MetDigests();
  readonly #siblings = new ReportSiblings();
  readonly #maxItemBytes: number | undefined;

  constructor(options: FileIntakeOptions) {
    this.#maxItemBytes = options.maxItemBytes;
  }

  async *readFile(met: MetFile): AsyncGenerator<FileReading> {
    this.digests.passed(met.absolute);
    let file: StoredFile;
    try {
      file = await StoredFile.open(met.absolute);
    } catch (error) {
      yield { problem: { path: met.path, gap: gapOfSystemError(met.path, error) } };
      return;
    }
    try {
      yield* this.#readOpen(met, file);
    } finally {
      await file.close();
    }
  }

  async *#readOpen(met: MetFile, file: StoredFile): AsyncGenerator<FileReading> {
    const { path } = met;
    const sniffed = file.bytes === 0 ? { reason: 'an empty file' } : sniffBytes(file.head);
    if ('reason' in sniffed) {
      yield { unrecognised: { path, reason: sniffed.reason } };
      return;
    }
    const slicer = new SliceStream(this.#maxItemBytes);
    // The first item is held back until a second shows that it is not the whole file: reports are whole files.
    let held: FileBatch | null = null;
    let given = 0;
    for await (const reading of slicesOf(met, file, slicer, sniffed.kind)) {
      given++;
      const first: FileBatch | null = held;
      held = null;
      if (first !== null) yield { batch: first };
      const batch = 'batch' in reading ? this.digests.take(met.absolute, reading.batch) : null;
      if (!('batch' in reading)) yield reading;
      else if (batch !== null && given === 1 && batch.starts.length === 1) held = batch;
      else if (batch !== null) yield { batch };
    }
    if (held !== null) yield* this.#wholeFile(met, held);
    if (given === 0) yield { unrecognised: { path, reason: 'no items: its list is empty' } };
  }

  async *#wholeFile(met: MetFile, batch: FileBatch): AsyncGenerator<FileReading> {
    const bytes = itemBytes(batch, 0);
    const value = bytes.length <= wholeFileBytes ? parseLenientJson(Buffer.from(bytes).toString('utf8')) : undefined;
    const [only] = isJsonObject(value) ? recogniseItem(value, '') : [];
    const found = only !== undefined && 'recognised' in only ? only.recognised : null;
    if (found?.source.startsWith('sagemaker-')) {
      yield { batch: { ...batch, context: { ...batch.context, siblings: await this.#siblings.of(met.absolute) } } };
    } else yield { batch };
  }
}

async function* slicesOf(met: MetFile, file: StoredFile, slicer: SliceStream, kind: 'json' | 'gzip' | 'zstd'): AsyncGenerator<FileReading> {
  const { path } = met;
  const context: JsonObject = { path, sha256: file.sha256 };
  let isUnknown = kind !== 'json';
  try {
    for await (const chunk of file.chunks(kind)) {
      const isBlank = isUnknown && contentStart(chunk) === chunk.length;
      const inner = isUnknown && !isBlank ? sniffBytes(chunk) : { kind: 'json' };
      isUnknown = isBlank;
      if (!('kind' in inner) || inner.kind !== 'json') {
        yield { unrecognised: { path, reason: `${kind} of ${'reason' in inner ? inner.reason : `${inner.kind} data: unpack it first`}` } };
        return;
      }
      const { slices, problems } = slicer.push(chunk);
      if (slices !== null && slices.starts.length > 0) yield { batch: { ...slices, path, sha256: file.sha256, context } };
      for (const problem of problems) yield { problem: { path, gap: gapOfSlice(path, problem) } };
    }
  } catch (error) {
    yield { problem: { path, gap: gapOfBrokenFile(path, error, slicer.position) } };
    return;
  }
  const { slices, problems } = slicer.end();
  if (slices !== null && slices.starts.length > 0) yield { batch: { ...slices, path, sha256: file.sha256, context } };
  for (const problem of problems) yield { problem: { path, gap: gapOfSlice(path, problem) } };
}
