// SPDX-License-Identifier: Apache-2.0
import { gapMessage } from '../../evidence/gap.ts';
import type { JsonObject } from '../../evidence/json.ts';
import type { ItemContext, RawItem, Reading } from '../../evidence/observation.ts';
import { decompressed, FileReadError } from '../file-decompress.ts';
import { type FileBatch, gapOfSlice } from '../intake/file-batch.ts';
import { readBatch } from '../intake/read-batch.ts';
import { SliceStream } from '../intake/slice-stream.ts';
import type { S3, S3Object } from '../report/open-s3.ts';
import { GapTally } from '../report/read-report.ts';
import { gapOfFailure } from '../source-error.ts';
import type { CloudTrailCalls } from './cloudtrail-calls.ts';

/** Who reads log files, and who is told of each event. */
export interface LogReader {
  readonly s3: S3;
  readonly calls: CloudTrailCalls;
  readonly gaps: GapTally;
  readonly seen: (event: JsonObject) => void;
}

/** Log files are some megabytes; what is larger than this as stored is not one. */
const largestLogFile = 256 * 1024 * 1024;
/** Bytes handed to the slicer at once. */
const stepBytes = 1024 * 1024;

/** Every event of one log file, by the intake that reads folders. Returns false where something of the file could not be read. */
export async function* readLogFile(reader: LogReader, uri: string): AsyncGenerator<Reading, boolean> {
  const object = await reader.s3.get(uri, largestLogFile);
  if ('failure' in object) {
    const gap = gapOfFailure('s3:GetObject', object.failure);
    reader.gaps.add({ ...gap, message: `${uri} was not read: ${gap.message}`, detail: { ...gap.detail, uri } });
    return false;
  }
  if ('tooLarge' in object) {
    const happened = `${uri} has ${object.tooLarge} bytes, more than any log file; it was not read.`;
    const message = gapMessage(happened, 'say what it is, and let nothing but CloudTrail write there');
    reader.gaps.add({ reason: 'unsupported', extent: 'scope', what: 's3:GetObject', message, code: 'LOG_FILE_TOO_LARGE', detail: { uri } });
    return false;
  }
  return yield* readEventsOf(reader, object);
}

/** Tells `seen` of every event of one log file and yields nothing of it. False where something of the file could not be read. */
export async function seeLogFile(reader: Omit<LogReader, 'gaps'>, uri: string): Promise<boolean> {
  const reading = readLogFile({ ...reader, gaps: new GapTally() }, uri);
  let step = await reading.next();
  while (!step.done) step = await reading.next();
  return step.value;
}

async function* readEventsOf(reader: LogReader, object: S3Object): AsyncGenerator<Reading, boolean> {
  const { uri, sha256 } = object;
  const slicer = new SliceStream();
  const whole = { path: uri, sha256, context: { path: uri, sha256 } };
  let isWhole = true;
  try {
    for await (const chunk of contentOf(object)) {
      const { slices, problems } = slicer.push(chunk);
      if (slices !== null) isWhole = (yield* itemsOf(reader, { ...slices, ...whole }, object)) && isWhole;
      for (const problem of problems) yield { gap: gapOfSlice(uri, problem) };
    }
  } catch (error) {
    if (!(error instanceof FileReadError)) throw error;
    const detail = { uri, sha256, offset: error.offset };
    yield { gap: { reason: 'malformed', extent: 'scope', what: uri, message: `${uri}: ${error.message}`, code: error.code, detail } };
    return false;
  }
  const { slices, problems } = slicer.end();
  if (slices !== null) isWhole = (yield* itemsOf(reader, { ...slices, ...whole }, object)) && isWhole;
  for (const problem of problems) yield { gap: gapOfSlice(uri, problem) };
  return isWhole && problems.length === 0;
}

// CloudTrail writes gzip; a file that somebody unpacked in place is read all the same.
async function* contentOf({ bytes }: S3Object): AsyncGenerator<Uint8Array> {
  const stored = async function* (from: number, step: number): AsyncGenerator<Uint8Array> {
    for (let at = from; at < bytes.length; at += step) yield bytes.subarray(at, at + step);
  };
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const parts = isGzip ? decompressed('gzip', stored, bytes.length) : stored(0, stepBytes);
  // The slicer keeps what it is given and may hand its memory on: it gets a copy, which `slice` of a Buffer is not.
  for await (const part of parts) {
    for (let at = 0; at < part.length; at += stepBytes) yield new Uint8Array(part.subarray(at, at + stepBytes));
  }
}

function* itemsOf(reader: LogReader, batch: FileBatch, object: S3Object): Generator<Reading, boolean> {
  const { scope } = reader.calls;
  let isWhole = true;
  for (const read of readBatch(batch, scope.sweptAt)) {
    if ('gap' in read) {
      isWhole = false;
      yield read;
    } else if ('item' in read && read.item.source === 'cloudtrail') {
      reader.seen(read.value);
      yield { item: ofScope(reader, read.item, object) };
    }
  }
  return isWhole;
}

function ofScope({ calls }: LogReader, item: RawItem, object: S3Object): RawItem {
  const { partition, account, region, sweptAt } = calls.scope;
  const context: ItemContext = { ...item.context, partition, account, region, sweptAt };
  return { ...calls.item(item.shape, item.text, object.requestId, {}), context };
}
