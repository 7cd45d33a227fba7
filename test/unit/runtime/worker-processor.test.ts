// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { BatchOutcome, BatchProcessor, BatchSetting } from '../../../src/collect/process-batch.ts';
import { noDeclarations } from '../../../src/evidence/scope-file.ts';
import { inlineProcessor } from '../../../src/runtime/inline-processor.ts';
import { laptopTools } from '../../../src/runtime/laptop-tools.ts';
import { workerProcessor } from '../../../src/runtime/worker-processor.ts';
import type { FileBatch } from '../../../src/sources/intake/file-batch.ts';
import { sealContext as context } from '../../support/seal-context.ts';

const setting: BatchSetting = { sweptAt: context.collectedAt, contexts: new Map([['cloudtrail', context]]) };
const { pipeline } = laptopTools(noDeclarations);

function event(n: number): string {
  const [eventSource, eventName] =
    n % 5 === 0 ? ['cloudtrail', 'StopLogging'] : n % 2 === 0 ? ['bedrock', 'InvokeModel'] : ['s3', 'GetObject'];
  return JSON.stringify({
    eventVersion: '1.11',
    eventID: `id-${n}`,
    eventTime: '2026-11-20T10:00:00Z',
    eventSource: `${eventSource}.amazonaws.com`,
    eventName,
    awsRegion: 'eu-west-1',
    recipientAccountId: '111122223333',
    requestParameters: { password: 'hunter2', n },
  });
}

function batch(number: number): FileBatch {
  const items = Array.from({ length: 40 }, (_, i) => event(number * 40 + i));
  return batchOf([...items, '{"eventVersion":', '{"unknown":true}'], `${number}.json`);
}

function batchOf(items: readonly string[], path: string): FileBatch {
  const ends: number[] = [];
  for (const item of items) ends.push((ends.at(-1) ?? 0) + Buffer.byteLength(item));
  const starts = ends.map((_, i) => ends[i - 1] ?? 0);
  const bytes = new Uint8Array(Buffer.from(items.join('')));
  return {
    base: 0,
    bytes,
    starts: new Uint32Array(starts),
    ends: new Uint32Array(ends),
    path,
    sha256: 'f'.repeat(64),
    context: {},
  };
}

async function outcomes(processor: BatchProcessor): Promise<BatchOutcome[]> {
  try {
    const waiting = Array.from({ length: 12 }, (_, i) => processor.submit(batch(i), new Set(i < 6 ? [] : ['111122223333'])));
    return await Promise.all(waiting);
  } finally {
    await processor.close();
  }
}

describe('a worker thread beside the collecting one', () => {
  it('makes of every batch exactly what this thread alone makes of it, in order', async () => {
    const alone = await outcomes(inlineProcessor(pipeline, setting));
    const shared = await outcomes(workerProcessor({ setting, declarations: noDeclarations }, pipeline));
    expect(alone[0]?.sealed[0]?.ids.length).toBeGreaterThan(20);
    expect(alone[0]?.deferred.length).toBeGreaterThan(0);
    expect(alone[11]?.deferred).toEqual([]);
    expect([...(alone[0]?.gaps ?? []), ...(alone[0]?.unrecognised ?? [])].length).toBeGreaterThan(1);
    const plain = (list: BatchOutcome[]) =>
      list.map((one) => ({ ...one, sealed: one.sealed.map((records) => ({ ...records, raw: Buffer.from(records.raw).toString() })) }));
    expect(plain(shared)).toEqual(plain(alone));
    expect(JSON.stringify(plain(shared).map(({ sealed }) => sealed))).not.toContain('hunter2');
  });

  it('is not given what it could not hold, nor what is nested deeper than can be handed over: this thread does that', async () => {
    const shared = workerProcessor({ setting, declarations: noDeclarations }, pipeline);
    try {
      // Not waited for by `wait`, so it is the worker that answers, and from here on it is given all it can do.
      await shared.submit(batch(0), new Set());
      const deep = { ...batch(1), context: JSON.parse(`{"siblings":${'['.repeat(20_000)}${']'.repeat(20_000)}}`) };
      // In the worker's 64 MiB there is no room for a text of 30 MB and the value of it.
      const large = batchOf(
        [
          event(1)
            .replace('hunter2', 'x'.repeat(30 * 1024 * 1024))
            .replaceAll('":', '": '),
        ],
        'large.json',
      );
      const [ofDeep, ofLarge, after] = await Promise.all([deep, large, batch(2)].map((one) => shared.submit(one, new Set())));
      expect(ofDeep?.sealed[0]?.ids.length).toBeGreaterThan(20);
      expect(ofLarge?.sealed[0]?.ids).toHaveLength(1);
      expect(after?.sealed[0]?.ids.length).toBeGreaterThan(20);
    } finally {
      await shared.close();
    }
  });

  it('that ends before its time fails what it was given, and what comes after', async () => {
    // No declarations at all: the worker cannot make its tools.
    const broken = workerProcessor({ setting, declarations: JSON.parse('null') }, pipeline);
    const given = Array.from({ length: 6 }, (_, i) => broken.submit(batch(i), new Set()));
    await expect(Promise.all(given)).rejects.toMatchObject({ name: 'TypeError' });
    await expect(broken.wait(broken.submit(batch(6), new Set()))).rejects.toMatchObject({ name: 'TypeError' });
    await broken.close();
  });
});
