// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { type EvidenceIndex, IndexError } from '../../../../src/evidence-index/evidence-index.ts';
import { SqliteIndex } from '../../../../src/evidence-index/sqlite-index.ts';
import type { FailureMoment } from '../../../support/failing.ts';
import { createdNotice, FunctionHome, record } from '../../../support/function-home.ts';
import { listAll } from '../../../support/index-views.ts';
import { MemoryVault } from '../../../support/memory-vault.ts';
import { scripted } from '../../../support/scripted-source.ts';

/** A home that collected twice, with two findings of which one came back changed; nothing is projected. */
async function collected(options: { readonly index?: EvidenceIndex; readonly vault?: MemoryVault } = {}): Promise<FunctionHome> {
  let version = '1';
  const functions = new FunctionHome({ ...options, source: scripted(() => [{ find: 'a', version }, { find: 'b' }]) });
  for (const at of ['2026-11-21T02:00:00.000Z', '2026-11-21T03:00:00.000Z']) {
    await functions.plan('macie', at);
    await functions.collect('macie');
    version = '2';
  }
  return functions;
}

const notices = async (functions: FunctionHome) =>
  (await Array.fromAsync(functions.vault.list(''))).map(({ key }) => createdNotice(`vault/${key}`));

async function state(functions: FunctionHome) {
  const { index } = functions;
  const entries = await listAll(index, {}, 100);
  return { entries: entries.map(({ id, kind, segment }) => [id, kind, segment].join()).sort(), totals: await index.totals() };
}

describe('the project function', () => {
  it('takes each segment in, and says so without a word of its records', async () => {
    const functions = await collected();
    expect(await functions.project()).toEqual({ batchItemFailures: [] });
    expect(await functions.index.totals()).toContainEqual({ source: 'macie', kind: 'finding', records: 3 });
    expect(functions.telemetry.sum('segmentsProjected')).toBe(4);
    expect(await functions.index.unfinishedPlans()).toEqual([]);
  });

  it('ends in the same index whatever the order of the notices and however often they come', async () => {
    const vault = new MemoryVault();
    const functions = await collected({ vault });
    await functions.notice(await notices(functions));
    const expected = await state(functions);
    expect(expected.entries.length).toBeGreaterThan(5);
    const other = new FunctionHome({ vault });
    const backwards = (await notices(functions)).toReversed();
    expect(await other.notice([...backwards, ...backwards])).toEqual({ batchItemFailures: [] });
    expect(await state(other)).toEqual(expected);
    await functions.notice(backwards);
    expect(await state(functions)).toEqual(expected);
  });

  it.each(['before', 'after'] as const)(
    'fails the notice alone when the index fails %s it took the segment, and has all when it comes again',
    async (moment) => {
      const failing = failingIndex(2, moment);
      const functions = await collected({ index: failing });
      const all = await notices(functions);
      const { batchItemFailures } = await functions.notice(all);
      expect(batchItemFailures).toHaveLength(1);
      const again = all.filter(({ messageId }) => messageId === batchItemFailures[0]?.itemIdentifier);
      expect(await functions.notice(again)).toEqual({ batchItemFailures: [] });
      expect(await functions.index.totals()).toContainEqual({ source: 'macie', kind: 'finding', records: 3 });
    },
  );

  it('passes over what is the ledger’s, and reports what is no segment', async () => {
    const functions = new FunctionHome();
    expect(await functions.notice([createdNotice('ledger/tile/0/000')])).toEqual({ batchItemFailures: [] });
    expect(functions.telemetry.problems).toEqual([]);
    expect(await functions.notice([createdNotice('vault/holiday.jpg'), createdNotice('elsewhere/a')])).toEqual({ batchItemFailures: [] });
    expect(functions.telemetry.problems.map(({ what }) => what)).toEqual(['foreign object', 'foreign object']);
    expect(functions.telemetry.sum('foreignObjects')).toBe(2);
  });

  it('fails a message that is no notice, a segment that is gone, and one that is damaged, and takes the rest', async () => {
    const vault = new MemoryVault();
    const functions = await collected({ vault });
    const all = await notices(functions);
    const [first] = await Array.fromAsync(vault.list(''));
    if (first === undefined) throw new Error('nothing collected');
    vault.objects.set(first.key, Buffer.from('other bytes'));
    const gone = createdNotice(`vault/written=2026-11-21/source=macie/${'0'.repeat(64)}.ndjson.zst`);
    const poison = record({ id: 'poison', body: '{"source":"aws.s3"}', receives: 1 }, 'notices');
    const answer = await functions.notice([poison, gone, ...all]);
    expect(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).toEqual([
      'poison',
      gone.messageId,
      `notice vault/${first.key}`,
    ]);
    expect(functions.telemetry.sum('segmentsProjected')).toBe(3);
    expect([functions.telemetry.sum('messagesMalformed'), functions.telemetry.sum('vaultProblems')]).toEqual([1, 1]);
  });

  it('reads a key that a server encoded', async () => {
    const functions = await collected();
    const [first] = await Array.fromAsync(functions.vault.list(''));
    await functions.notice([createdNotice(encodeURIComponent(`vault/${first?.key}`))]);
    expect(functions.telemetry.sum('segmentsProjected')).toBe(1);
  });
});

function failingIndex(at: number, moment: FailureMoment): EvidenceIndex {
  const index = SqliteIndex.open({ path: ':memory:', isAiResource: () => false });
  const apply = index.apply.bind(index);
  let writes = 0;
  index.apply = async (segment) => {
    const fails = ++writes === at;
    if (fails && moment === 'before') throw new IndexError('INDEX_UNAVAILABLE', 'planned');
    await apply(segment);
    if (fails) throw new IndexError('INDEX_UNAVAILABLE', 'planned');
  };
  return index;
}
