// SPDX-License-Identifier: Apache-2.0
import { createSecretKey } from 'node:crypto';
import type { ItemPipeline } from '../src/collect/item-pipeline.ts';
import { type BatchOutcome, type BatchProcessor, type BatchSetting, processBatch } from '../src/collect/process-batch.ts';
import { noDeclarations } from '../src/evidence/scope-file.ts';
import { laptopTools } from '../src/runtime/laptop-tools.ts';
import { workerProcessor } from '../src/runtime/worker-processor.ts';
import type { FileBatch } from '../src/sources/intake/file-batch.ts';
import { type SegmentBatch, sealBatch } from '../src/vault/segment.ts';
import { SegmentBuilder } from '../src/vault/segment-builder.ts';

const place = { writtenOn: '2026-11-21', source: 'cloudtrail' };
const batchItems = 512;

/** What a bench run of the hot path is given. */
export function benchSetting(): BatchSetting {
  const secret = createSecretKey(Buffer.alloc(32, 7));
  const pack = { id: 'aims-core', digest: '0'.repeat(64) };
  const context = { secret, pack, run: 'bench', collector: 'bench', readAs: null, collectedAt: '2026-11-21T00:00:00.000Z' };
  return { sweptAt: context.collectedAt, contexts: new Map([['cloudtrail', context]]) };
}

/** Batches as the file intake would make them. */
export function batchesOf(texts: readonly string[]): FileBatch[] {
  const batches: FileBatch[] = [];
  for (let from = 0; from < texts.length; from += batchItems) {
    const parts = texts.slice(from, from + batchItems).map((text) => Buffer.from(text));
    const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    const starts = new Uint32Array(parts.length);
    const ends = new Uint32Array(parts.length);
    let at = 0;
    for (const [i, part] of parts.entries()) {
      starts[i] = at;
      bytes.set(part, at);
      at += part.length;
      ends[i] = at;
    }
    batches.push({ base: 0, bytes, starts, ends, path: 'bench.json', sha256: '0'.repeat(64), context: {} });
  }
  return batches;
}

/** Milliseconds to map, redact, canonicalise, hash and compress, with all rules, one after the other: nothing runs while a segment is compressed. */
export async function mapInline(texts: readonly string[]): Promise<number> {
  const { pipeline } = laptopTools(noDeclarations);
  return await timeInline(pipeline, texts);
}

async function timeInline(pipeline: ItemPipeline, texts: readonly string[]): Promise<number> {
  const batches = batchesOf(texts);
  const setting = benchSetting();
  const builder = new SegmentBuilder();
  const started = performance.now();
  for (const batch of batches) {
    const outcome = processBatch(pipeline, setting, batch, accounts);
    await take(outcome, builder, async (full) => void (await sealBatch(full, place)));
  }
  const rest = builder.take();
  if (rest.leafHashes.length > 0) await sealBatch(rest, place);
  return performance.now() - started;
}

/** The same with one worker beside this thread. The worker is warm when the clock starts: start-up is a figure of its own. */
export async function mapOnTwoCores(texts: readonly string[]): Promise<number> {
  const processor = workerProcessor({ setting: benchSetting(), declarations: noDeclarations }, laptopTools(noDeclarations).pipeline);
  try {
    await Promise.all(batchesOf(texts.slice(0, 4 * batchItems)).map((batch) => processor.submit(batch, accounts)));
    return await timeProcessor(processor, batchesOf(texts));
  } finally {
    await processor.close();
  }
}

// The builder fills its memory anew while the pool still compresses.
function copied({ raw, leafHashes }: SegmentBatch): SegmentBatch {
  return { raw: Buffer.from(raw), leafHashes };
}

async function take(
  outcome: BatchOutcome,
  builder: SegmentBuilder,
  onFull: (batch: SegmentBatch) => Promise<void> | undefined,
): Promise<void> {
  for (const { raw, ends, leafHashes } of outcome.sealed) {
    for (const [i, end] of ends.entries()) {
      const line = raw.subarray(ends[i - 1] ?? 0, end);
      if (!builder.fits(line.length)) await onFull(builder.take());
      builder.add(line, leafHashes[i] ?? '');
    }
  }
}

const accounts = new Set(['111122223333']);

async function timeProcessor(processor: BatchProcessor, batches: readonly FileBatch[]): Promise<number> {
  const builder = new SegmentBuilder();
  const segments: Promise<unknown>[] = [];
  const sealBeside = (full: SegmentBatch): undefined => void segments.push(sealBatch(copied(full), place));
  const started = performance.now();
  const waiting = [];
  for (const batch of batches) {
    waiting.push(processor.submit(batch, accounts));
    if (waiting.length < 16) continue;
    const outcome = await waiting.shift();
    if (outcome !== undefined) await take(outcome, builder, sealBeside);
  }
  for (const one of waiting) await take(await one, builder, sealBeside);
  const rest = builder.take();
  if (rest.leafHashes.length > 0) segments.push(sealBatch(rest, place));
  await Promise.all(segments);
  return performance.now() - started;
}
