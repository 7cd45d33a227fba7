// SPDX-License-Identifier: Apache-2.0
import type { Gap } from '../evidence/gap.ts';
import type { SourceId } from '../evidence/observation.ts';
import type { SealContext } from '../evidence/seal-record.ts';
import type { FileReading } from '../sources/intake/file-batch.ts';
import type { Collection, CollectionReport } from './collection.ts';
import type { BatchOutcome, BatchProcessor } from './process-batch.ts';
import type { RunReport, SourceRun } from './source-run.ts';

/** Files to collect from: what was read of them, and how their items become records. */
export interface FileCollection {
  readonly readings: AsyncIterable<FileReading>;
  readonly sources: readonly SourceId[];
  /** Name of the folder or file, as the plan and the receipts say it. */
  readonly from: string;
  readonly openProcessor: (contexts: ReadonlyMap<SourceId, SealContext>) => BatchProcessor;
}

/** Batches under way: a few more than a worker has before it, so that this thread can take one itself. */
const maxWaiting = 8;

/**
 * Collects a folder or file: one run per source, as nobody knows before reading what it holds.
 * Every item ends as a record, a duplicate, a gap, or in the list of what was not recognised.
 */
export async function collectFiles(collection: Collection, files: FileCollection): Promise<CollectionReport> {
  const runs = new Map<SourceId, SourceRun>();
  const contexts = new Map<SourceId, SealContext>();
  for (const source of files.sources) {
    const id = collection.setting.newRunId(source);
    contexts.set(source, collection.sealContext(id, null));
    const run = collection.run({ run: id, source, partition: 'aws', account: '', region: '', window: null }, null);
    await run.plan(files.from);
    runs.set(source, run);
  }
  await collection.flush();
  const intake = new FileIntake(collection, runs);
  const processor = files.openProcessor(contexts);
  try {
    await readAll(collection, files.readings, processor, intake);
  } finally {
    await processor.close();
  }
  return await finish(collection, runs, intake, files.from);
}

async function readAll(
  collection: Collection,
  readings: AsyncIterable<FileReading>,
  processor: BatchProcessor,
  intake: FileIntake,
): Promise<void> {
  const waiting: { path: string; outcome: Promise<BatchOutcome> }[] = [];
  const takeOldest = async () => {
    const oldest = waiting.shift();
    if (oldest !== undefined) await intake.take(oldest.path, await processor.wait(oldest.outcome));
  };
  for await (const reading of readings) {
    if ('batch' in reading) {
      const { path } = reading.batch;
      collection.setting.progress({ step: 'file', path });
      waiting.push({ path, outcome: processor.submit(reading.batch, collection.setting.accountsWithAi) });
      if (waiting.length >= maxWaiting) await takeOldest();
    } else {
      // A problem is told after the items that stood before it in the file.
      while (waiting.length > 0) await takeOldest();
      if ('unrecognised' in reading) intake.unrecognised(reading.unrecognised.path, reading.unrecognised.reason);
      else await intake.problem(reading.problem.path, reading.problem.gap, null);
    }
  }
  while (waiting.length > 0) await takeOldest();
}

async function finish(
  collection: Collection,
  runs: ReadonlyMap<SourceId, SourceRun>,
  intake: FileIntake,
  from: string,
): Promise<CollectionReport> {
  await intake.end();
  const unrecognised = intake.listUnrecognised();
  const reports: RunReport[] = [];
  for (const run of runs.values()) {
    await run.takeHeld();
    // The list of what is not ours belongs to no source: the first receipt keeps it whole, the others say how long it is.
    const list = reports.length === 0 ? { unrecognised: unrecognised.map((one) => ({ ...one })) } : {};
    reports.push(await run.finish({ from, files: intake.files, unrecognisedCount: unrecognised.length, ...list }));
  }
  await collection.flush();
  return { runs: reports, unrecognised, unreadByAll: intake.unreadByAll };
}

/** Gives what became of each batch to the run of its source. */
class FileIntake {
  readonly #collection: Collection;
  readonly #runs: ReadonlyMap<SourceId, SourceRun>;
  readonly #reasons = new Map<string, { path: string; reason: string; items: number }>();
  #lastPath = '';
  #lastSource: SourceId | null = null;
  /** Items of the last file that could not be read before anything told its source; the first stands for all. */
  #unread: { readonly gap: Gap; readonly items: number } | null = null;
  files = 0;
  /** Gaps that every run has. */
  unreadByAll = 0;

  constructor(collection: Collection, runs: ReadonlyMap<SourceId, SourceRun>) {
    this.#collection = collection;
    this.#runs = runs;
  }

  async take(path: string, outcome: BatchOutcome): Promise<void> {
    await this.#startFile(path);
    for (const { path: at, reason } of outcome.unrecognised) this.unrecognised(at, reason);
    const { sealed, deferred, gaps } = outcome;
    for (const records of sealed) {
      this.#lastSource = records.source;
      await this.#runs.get(records.source)?.takeSealed(records);
      // Its lines are copied. Given back now and not when the garbage collector comes, which does not see how large it is.
      records.raw.buffer.transfer(0);
      this.#collection.setting.progress({ step: 'read', source: records.source, items: records.ids.length });
    }
    for (const item of deferred) {
      this.#lastSource = item.source;
      await this.#runs.get(item.source)?.takeItem(item);
    }
    for (const { source, gap } of gaps) await this.problem(path, gap, source);
  }

  unrecognised(path: string, reason: string): void {
    const key = `${path}\n${reason}`;
    const known = this.#reasons.get(key);
    if (known === undefined) this.#reasons.set(key, { path, reason, items: 1 });
    else known.items++;
  }

  /**
   * A gap belongs to the source that the file's other items are of. Where nothing tells one, a file that could not be read is a gap of every
   * source, as it may have held evidence for any of them.
   */
  async problem(path: string, gap: Gap, source: SourceId | null): Promise<void> {
    await this.#startFile(path);
    const known = source ?? this.#lastSource;
    if (known !== null) await this.#runs.get(known)?.takeGap(gap);
    else if (isRefusal(gap)) this.unrecognised(path, wordsOf(gap));
    else if (gap.extent === 'scope') await this.#takeOfAll(gap);
    else this.#unread = { gap: this.#unread?.gap ?? gap, items: (this.#unread?.items ?? 0) + 1 };
  }

  /** Ends the last file. */
  async end(): Promise<void> {
    await this.#startFile('');
  }

  listUnrecognised(): { path: string; reason: string }[] {
    return [...this.#reasons.values()].map(({ path, reason, items }) => ({
      path,
      reason: items > 1 ? `${reason} (${items} items)` : reason,
    }));
  }

  async #startFile(path: string): Promise<void> {
    if (path === this.#lastPath) return;
    if (this.#unread !== null) await this.#takeUnread(this.#unread);
    this.#unread = null;
    this.#lastPath = path;
    this.#lastSource = null;
    if (path !== '') this.files++;
  }

  async #takeUnread({ gap, items }: { readonly gap: Gap; readonly items: number }): Promise<void> {
    const message = items > 1 ? `${gap.message} ${items - 1} more items of this file could not be read.` : gap.message;
    const whole: Gap = { ...gap, extent: 'scope', message };
    if (this.#lastSource !== null) await this.#runs.get(this.#lastSource)?.takeGap(whole);
    else {
      await this.#takeOfAll(whole);
      this.unrecognised(this.#lastPath, wordsOf(whole));
    }
  }

  async #takeOfAll(gap: Gap): Promise<void> {
    this.unreadByAll++;
    for (const run of this.#runs.values()) await run.takeGap(gap);
  }
}

/** A device, a pipe or a link that leads elsewhere is passed over on purpose: it is listed, and hides nothing that was asked for. */
function isRefusal({ reason, extent }: Gap): boolean {
  return reason === 'unsupported' && extent === 'scope';
}

function wordsOf({ reason, message, detail }: Gap): string {
  const sha256 = typeof detail['sha256'] === 'string' ? ` (SHA-256 ${detail['sha256']})` : '';
  return `${reason}: ${message}${sha256}`;
}
