// SPDX-License-Identifier: Apache-2.0
import { createSecretKey } from 'node:crypto';
import type { BatchOutcome, BatchProcessor, BatchSetting } from '../src/collect/process-batch.ts';
import { noDeclarations } from '../src/evidence/scope-file.ts';
import { inlineProcessor } from '../src/runtime/inline-processor.ts';
import { laptopTools } from '../src/runtime/laptop-tools.ts';
import { workerProcessor } from '../src/runtime/worker-processor.ts';
import type { FileBatch } from '../src/sources/intake/file-batch.ts';
import { sealBatch } from '../src/vault/segment.ts';
import { SegmentBuilder } from '../src/vault/segment-builder.ts';
import type { RecordBytes } from './record-bytes.ts';

const place = { writtenOn: '2026-11-21', source: 'cloudtrail' };
const batchItems = 512;
const accounts = new Set(['111122223333']);

/** What a bench run of the hot path is given. */
export function benchSetting(): BatchSetting {
  const secret = createSecretKey(Buffer.alloc(32, 7));
  const pack = { id: 'aims-core', digest: '0'.repeat(64) };
  const context = { secret, pack, run: 'bench', collector: 'bench', readAs: null, collectedAt: '2026-11-21T00:00:00.000Z' };
  return { sweptAt: context.collectedAt, contexts: new Map([['cloudtrail', context]]) };
}

/** A batch as the file intake would make it, from the record at `from` on. */
function batchAt(records: RecordBytes, from: number): FileBatch {
  const to = Math.min(records.length, from + batchItems);
  const starts = new Uint32Array(to - from);
  const ends = new Uint32Array(to - from);
  const first = records.end(from - 1);
  for (let i = from; i < to; i++) {
    starts[i - from] = records.end(i - 1) - first;
    ends[i - from] = records.end(i) - first;
  }
  return { base: 0, bytes: records.copy(from, to), starts, ends, path: 'bench.json', sha256: '0'.repeat(64), context: {} };
}

/** Milliseconds to map, redact, canonicalise, hash and compress, with all rules, one after the other: nothing runs while a segment is compressed. */
export async function mapInline(records: RecordBytes): Promise<number> {
  return await timed(inlineProcessor(laptopTools(noDeclarations).pipeline, benchSetting()), records, false);
}

/** This thread and one worker beside it, kept for all rounds: code is warm when a clock starts, as that of this thread is; start-up is a figure of its own. */
export class TwoCores {
  readonly #processor = workerProcessor({ setting: benchSetting(), declarations: noDeclarations }, laptopTools(noDeclarations).pipeline);

  /** Milliseconds for the same as `mapInline`. */
  async map(records: RecordBytes): Promise<number> {
    return await timed(this.#processor, records, true);
  }

  async close(): Promise<void> {
    await this.#processor.close();
  }
}

/** Batches under way, as when files are collected. */
const maxWaiting = 8;

async function timed(processor: BatchProcessor, records: RecordBytes, isBeside: boolean): Promise<number> {
  const writer = new SegmentWriter(isBeside);
  const started = performance.now();
  const waiting: Promise<BatchOutcome>[] = [];
  for (let from = 0; from < records.length; from += batchItems) {
    waiting.push(processor.submit(batchAt(records, from), accounts));
    const oldest = !isBeside || waiting.length === maxWaiting ? waiting.shift() : undefined;
    if (oldest !== undefined) await writer.take(await processor.wait(oldest));
  }
  for (const outcome of waiting) await writer.take(await processor.wait(outcome));
  await writer.flush();
  return performance.now() - started;
}

/** Makes segments of outcomes as the writer of records does, and forgets them. */
class SegmentWriter {
  readonly #isBeside: boolean;
  readonly #builder = new SegmentBuilder();
  #sealing: Promise<unknown> = Promise.resolve();

  constructor(isBeside: boolean) {
    this.#isBeside = isBeside;
  }

  async take({ sealed }: BatchOutcome): Promise<void> {
    for (const { raw, ends, leafHashes } of sealed) {
      for (const [i, end] of ends.entries()) {
        const line = raw.subarray(ends[i - 1] ?? 0, end);
        if (!this.#builder.fits(line.length)) await this.#seal();
        this.#builder.add(line, leafHashes[i] ?? '');
      }
      raw.buffer.transfer(0);
    }
  }

  async flush(): Promise<void> {
    if (this.#builder.records > 0) await this.#seal();
    await this.#sealing;
  }

  async #seal(): Promise<void> {
    await this.#sealing;
    this.#sealing = sealBatch(this.#builder.take(), place);
    if (!this.#isBeside) await this.#sealing;
  }
}
