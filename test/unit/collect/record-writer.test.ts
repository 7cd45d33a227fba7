// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { SealedObservation } from '../../../src/collect/item-pipeline.ts';
import { KnownSegments } from '../../../src/collect/known-segments.ts';
import { packRecords } from '../../../src/collect/packed-records.ts';
import { RecordWriter } from '../../../src/collect/record-writer.ts';
import { canonicalJson } from '../../../src/evidence/canonical-json.ts';
import { decodeForIndex } from '../../../src/evidence/decode-record.ts';
import { lineOf } from '../../../src/evidence/record-line.ts';
import { sealRecord } from '../../../src/evidence/seal-record.ts';
import { SqliteIndex } from '../../../src/evidence-index/sqlite-index.ts';
import type { Segment } from '../../../src/vault/segment.ts';
import type { Vault } from '../../../src/vault/vault.ts';
import { failingVault, WritePlan } from '../../support/failing.ts';
import { MemoryVault } from '../../support/memory-vault.ts';
import { sealContext as context } from '../../support/seal-context.ts';

function observation(n: number): SealedObservation {
  const sealed = sealRecord(
    {
      core: {
        kind: 'finding',
        source: 'macie',
        sourceIdentity: `finding-${n}`,
        versionKey: [],
        channel: { kind: 'api', requestId: 'r-1' },
        partition: 'aws',
        account: '111122223333',
        region: 'eu-west-1',
        occurredAt: '2026-11-20T00:00:00.000Z',
        observedAt: null,
        severity: null,
        controls: [],
      },
      subjects: { aiSystems: [], resources: [], findingKey: `key-${n}`, title: '' },
      detail: { form: 'json', canonical: Buffer.from(canonicalJson({ n })), redactions: [] },
      facts: { n },
    },
    context,
  );
  const series = { key: `key-${n}`, occurredAt: '2026-11-20T00:00:00.000Z', facts: { n } };
  const view = decodeForIndex(lineOf(sealed).line.toString().trimEnd());
  return { ...sealed, source: 'macie', account: '111122223333', aboutAi: false, view, series };
}

function open(vault: Vault = new MemoryVault()) {
  const index = SqliteIndex.open({ path: ':memory:', isAiResource: () => false });
  const segments: Segment[] = [];
  const stores = {
    vault,
    index,
    now: () => new Date('2026-11-21T00:00:00Z'),
    onSegment: (segment: Segment) => void segments.push(segment),
  };
  return { writer: new RecordWriter('macie', stores), index, segments };
}

/** Keys that are read of a vault from now on. */
function recordReads(vault: MemoryVault): string[] {
  const read: string[] = [];
  const get = vault.get.bind(vault);
  vault.get = async (key) => {
    read.push(key);
    return await get(key);
  };
  return read;
}

const counts = () => ({ itemsRead: 0, recordsStored: 0, duplicates: 0, itemGaps: 0, scopeGaps: 0 });

describe('a record writer', () => {
  // 5,000 records fill a segment, so these lists run over its edge.
  const many = Array.from({ length: 5_200 }, (_, n) => observation(n));

  it('stores a record once that stands on both sides of a segment’s edge, in one list or in two', async () => {
    const { writer, index, segments } = open();
    const one = counts();
    await writer.add(packRecords('macie', [...many, ...many.slice(0, 100)]), one);
    expect(one).toMatchObject({ itemsRead: 5_300, recordsStored: 5_200, duplicates: 100 });
    const two = counts();
    await writer.add(packRecords('macie', many.slice(4_000)), two);
    await writer.flush();
    expect(two).toMatchObject({ itemsRead: 1_200, recordsStored: 0, duplicates: 1_200 });
    expect(segments.map((segment) => segment.records)).toEqual([5_000, 200]);
    expect((await index.totals()).map(({ records }) => records)).toEqual([5_200]);
  });

  it.each(['before', 'after'] as const)('fails for ever once a segment could not be stored, %s it took effect', async (moment) => {
    const { writer, segments } = open(failingVault(new MemoryVault(), new WritePlan(1, moment)));
    await writer.add(packRecords('macie', many), counts());
    await expect(writer.flush()).rejects.toThrow('planned failure');
    // The vault takes all it is given by now, but what it lost would be missing without a word.
    await expect(writer.flush()).rejects.toThrow('planned failure');
    await expect(writer.add(packRecords('macie', [observation(6_000)]), counts())).rejects.toThrow('planned failure');
    expect(segments).toEqual([]);
    const fresh = open();
    await fresh.writer.add(packRecords('macie', many), counts());
    await fresh.writer.flush();
    expect(fresh.segments).toHaveLength(2);
  });

  it('leaves out as known only what its segment confirms, asking once for each; what is lost it stores again, once', async () => {
    const vault = new MemoryVault();
    const earlier = open(vault);
    await earlier.writer.add(packRecords('macie', many), counts());
    await earlier.writer.flush();
    const keys = earlier.segments.map(({ key }) => key);
    const lost = keys[1] ?? '';
    const again = async (damage: (vault: MemoryVault) => void) => {
      const damaged = new MemoryVault(new Map(vault.objects));
      damage(damaged);
      const read = recordReads(damaged);
      const known = new KnownSegments(damaged);
      const stores = { vault: damaged, index: earlier.index, now: () => new Date('2026-11-22T00:00:00Z'), onSegment: () => undefined };
      const writer = new RecordWriter('macie', { ...stores, confirm: (key) => known.confirm(key) });
      const [one, two] = [counts(), counts()];
      await writer.add(packRecords('macie', many), one);
      await writer.flush();
      await writer.add(packRecords('macie', many), two);
      expect(two).toMatchObject({ recordsStored: 0, duplicates: 5_200 });
      expect(read.toSorted()).toEqual(keys.toSorted());
      return { stored: one.recordsStored, faults: known.faults };
    };
    expect(await again(() => undefined)).toEqual({ stored: 0, faults: [] });
    expect(await again(({ objects }) => objects.set(lost, Buffer.from('damaged')))).toMatchObject({
      stored: 200,
      faults: [{ key: lost, isAbsent: false }],
    });
    expect(await again(({ objects }) => objects.delete(lost))).toMatchObject({ stored: 200, faults: [{ key: lost, isAbsent: true }] });
  });

  it('only asks a vault whose objects cannot change whether it holds the segment, and reads none', async () => {
    const vault = new MemoryVault();
    const earlier = open(vault);
    await earlier.writer.add(packRecords('macie', many), counts());
    await earlier.writer.flush();
    const read = recordReads(vault);
    const stores = { vault, index: earlier.index, now: () => new Date('2026-11-22T00:00:00Z'), onSegment: () => undefined };
    const known = counts();
    await new RecordWriter('macie', stores).add(packRecords('macie', many), known);
    expect(known).toMatchObject({ recordsStored: 0, duplicates: 5_200 });
    expect(read).toEqual([]);
  });

  it('answers for what is not indexed yet, and forgets it when it is', async () => {
    const { writer, index } = open();
    await writer.add(packRecords('macie', many.slice(0, 2)), counts());
    expect(writer.pendingSeries('key-1')).toMatchObject([{ recordId: many[1]?.id, facts: { n: 1 } }]);
    expect(await index.series('key-1', { before: '9999', limit: 5 })).toEqual([]);
    await writer.flush();
    expect(writer.pendingSeries('key-1')).toEqual([]);
    expect(await index.series('key-1', { before: '9999', limit: 5 })).toMatchObject([{ recordId: many[1]?.id }]);
  });
});
