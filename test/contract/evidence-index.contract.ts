// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { Claim } from '../../src/evidence/claim.ts';
import type { EvidenceIndex } from '../../src/evidence-index/evidence-index.ts';
import { idOf, indexRecord, indexSegment } from '../support/index-record.ts';
import { listAll } from '../support/index-views.ts';
import { evidenceIndexCountsContract } from './evidence-index-counts.contract.ts';
import { evidenceIndexGapsContract } from './evidence-index-gaps.contract.ts';
import { evidenceIndexOrderContract, type OrderEffort } from './evidence-index-order.contract.ts';

/** Opens an empty index whose AI resources are those of type `AWS::SageMaker::Endpoint`. */
export type OpenIndex = () => Promise<EvidenceIndex>;

const claim = (control: string, polarity: Claim['polarity'] = 'supports', strength: Claim['strength'] = 'partial'): Claim => ({
  control,
  rule: `rule-of-${control}`,
  strength,
  polarity,
});

const at = (minute: number) => `2026-10-12T08:${String(minute).padStart(2, '0')}:00Z`;
const names = (entries: readonly { readonly title: string }[]) => entries.map((entry) => entry.title);

/** Every adapter of the evidence index keeps these promises. `effort` is for one that answers over a network. */
export function evidenceIndexContract(adapter: string, open: OpenIndex, effort?: OrderEffort): void {
  describe(`${adapter} takes segments in`, () => {
    it('gives back the entry of a record, with its place', async () => {
      const index = await open();
      const controls = [claim('A.6.2.4'), claim('9.1', 'exception', 'direct')];
      const resources = [{ arn: 'arn:aws:sagemaker:eu-west-1:111122223333:endpoint/credit', type: 'AWS::SageMaker::Endpoint' }];
      const sketch = { name: 'two', controls, resources, aiSystems: ['credit'], severity: 'HIGH', findingKey: 'f', title: 'A title' };
      await index.apply(indexSegment('s1', [indexRecord({ name: 'one' }), indexRecord(sketch)]));
      expect(await index.entry(idOf('two'))).toEqual({
        id: idOf('two'),
        kind: 'activity',
        source: 'cloudtrail',
        account: '111122223333',
        region: 'eu-west-1',
        occurredAt: '2026-10-12T08:00:00Z',
        collectedAt: '2026-11-11T00:00:00.000Z',
        severity: 'HIGH',
        title: 'A title',
        aiSystems: ['credit'],
        resources,
        controls,
        run: 'run-1',
        findingKey: 'f',
        segment: indexSegment('s1', []).key,
        line: 1,
      });
      expect(await index.entry(idOf('three'))).toBeNull();
      await index.close();
    });

    it('knows which segments it took in, and takes none in twice', async () => {
      const index = await open();
      const [one, two] = [
        indexSegment('s1', [indexRecord({ name: 'one', controls: [claim('A.6.2.4')] })]),
        indexSegment('s2', [indexRecord({ name: 'two' })]),
      ];
      for (const segment of [two, one, two, one]) await index.apply(segment);
      const taken: string[] = [];
      for await (const key of index.segments()) taken.push(key);
      expect(taken).toEqual([one.key, two.key]);
      expect([await index.hasSegment(one.key), await index.hasSegment('written=2026-11-11/other')]).toEqual([true, false]);
      expect(await index.counts()).toMatchObject([{ control: 'A.6.2.4', observations: 1, findings: 1 }]);
      expect(await index.totals()).toEqual([{ source: 'cloudtrail', kind: 'activity', records: 2 }]);
      await index.close();
    });

    it('takes in a segment without records', async () => {
      const index = await open();
      await index.apply(indexSegment('empty', []));
      expect(await index.hasSegment(indexSegment('empty', []).key)).toBe(true);
      expect((await index.list({ limit: 10 })).records).toEqual([]);
      await index.close();
    });

    it('refuses other bytes under the key of a segment it took in', async () => {
      const index = await open();
      const segment = indexSegment('s1', [indexRecord({ name: 'one' })]);
      await index.apply(segment);
      await index.apply(segment);
      await expect(index.apply({ ...segment, sha256: 'f'.repeat(64) })).rejects.toMatchObject({ code: 'INDEX_DAMAGED' });
      await index.close();
    });

    it('locates ids that are held and leaves out those that are not', async () => {
      const index = await open();
      await index.apply(indexSegment('s1', [indexRecord({ name: 'one' }), indexRecord({ name: 'two' })]));
      const located = await index.locate([idOf('two'), idOf('absent'), 'not an id', idOf('one')]);
      const { key } = indexSegment('s1', []);
      expect(Object.fromEntries(located)).toEqual({
        [idOf('one')]: { segment: key, line: 0 },
        [idOf('two')]: { segment: key, line: 1 },
      });
      await index.close();
    });

    it('finds ids by their first digits', async () => {
      const index = await open();
      const all = Array.from({ length: 600 }, (_, n) => idOf(`record ${n}`)).sort();
      await index.apply(
        indexSegment(
          's1',
          Array.from({ length: 600 }, (_, n) => indexRecord({ name: `record ${n}` })),
        ),
      );
      const [first = ''] = all;
      expect(await index.idsWithPrefix(first, 5)).toEqual([first]);
      expect(await index.idsWithPrefix(first.slice(0, 20), 5)).toEqual([first]);
      expect(await index.idsWithPrefix('a', 1_000)).toEqual(all.filter((id) => id.startsWith('a')));
      expect(await index.idsWithPrefix('', 7)).toEqual(all.slice(0, 7));
      expect(await index.idsWithPrefix('xyz', 5)).toEqual([]);
      await index.close();
    });
  });

  describe(`${adapter} lists evidence`, () => {
    const sketches = [
      { name: 'old', occurredAt: at(1), controls: [claim('A.6.2.4')], aiSystems: ['credit'], run: 'run-1' },
      { name: 'new', occurredAt: at(5), controls: [claim('A.6.2.4', 'exception')], aiSystems: ['support'], run: 'run-2' },
      { name: 'middle', occurredAt: '2026-10-12T08:02:00.500Z', controls: [claim('9.1')], source: 'macie', kind: 'finding' },
      { name: 'bare', occurredAt: at(2), aiSystems: ['credit'], resources: [{ arn: 'arn:x', type: 'T' }] },
      {
        name: 'undated',
        occurredAt: null,
        collectedAt: at(3),
        kind: 'receipt',
        resources: [{ arn: 'arn:x', type: 'T' }],
        controls: [claim('7.5')],
      },
    ] as const;
    const filled = async () => {
      const index = await open();
      await index.apply(indexSegment('s1', sketches.map(indexRecord)));
      return index;
    };

    it('puts the newest first and pages by cursor without loss or repeat', async () => {
      const index = await filled();
      for (const limit of [1, 2, 3, 10]) {
        expect(names(await listAll(index, {}, limit))).toEqual(['new', 'undated', 'middle', 'bare', 'old']);
      }
      await index.close();
    });

    it('narrows by each filter', async () => {
      const index = await filled();
      const ask = async (query: Parameters<typeof listAll>[1]) => names(await listAll(index, query));
      expect(await ask({ control: 'A.6.2.4' })).toEqual(['new', 'old']);
      expect(await ask({ control: 'A.6.2.4', polarity: 'exception' })).toEqual(['new']);
      expect(await ask({ polarity: 'supports' })).toEqual(['undated', 'middle', 'old']);
      expect(await ask({ strength: 'direct' })).toEqual([]);
      expect(await ask({ source: 'macie' })).toEqual(['middle']);
      expect(await ask({ kind: 'receipt' })).toEqual(['undated']);
      expect(await ask({ run: 'run-2' })).toEqual(['new']);
      expect(await ask({ control: '10.2' })).toEqual([]);
      await index.close();
    });

    it('narrows by several filters at once', async () => {
      const index = await filled();
      const ask = async (query: Parameters<typeof listAll>[1]) => names(await listAll(index, query));
      expect(await ask({ control: 'A.6.2.4', aiSystem: 'credit' })).toEqual(['old']);
      expect(await ask({ control: 'A.6.2.4', run: 'run-2', source: 'cloudtrail' })).toEqual(['new']);
      expect(await ask({ control: 'A.6.2.4', source: 'macie' })).toEqual([]);
      expect(await ask({ resource: 'arn:x', kind: 'receipt' })).toEqual(['undated']);
      await index.close();
    });

    it('takes since as inclusive and until as exclusive', async () => {
      const index = await filled();
      expect(names(await listAll(index, { since: at(2), until: at(5) }))).toEqual(['undated', 'middle', 'bare']);
      expect(names(await listAll(index, { control: 'A.6.2.4', since: at(1), until: at(1) }))).toEqual([]);
      await index.close();
    });

    it('lists a record that claims nothing by source and run only', async () => {
      const index = await filled();
      expect(names(await listAll(index, { aiSystem: 'credit' }))).toEqual(['old']);
      expect(names(await listAll(index, { resource: 'arn:x' }))).toEqual(['undated']);
      expect(names(await listAll(index, { run: 'run-1', source: 'cloudtrail' }))).toContain('bare');
      await index.close();
    });

    it('refuses a cursor that it did not give', async () => {
      const index = await filled();
      const { cursor } = await index.list({ limit: 1 });
      expect(cursor).toMatch(/^[A-Za-z0-9_-]+$/);
      for (const bad of ['', 'x', `${cursor}A`, '!!!!', Buffer.from('1.2.3').toString('base64url')]) {
        await expect(index.list({ limit: 1, cursor: bad })).rejects.toMatchObject({ code: 'INDEX_CURSOR_INVALID' });
      }
      await index.close();
    });

    it('goes on from a cursor when newer evidence came in meanwhile', async () => {
      const index = await filled();
      const { cursor } = await index.list({ limit: 2 });
      await index.apply(indexSegment('s2', [indexRecord({ name: 'newest', occurredAt: at(50) })]));
      const rest = await index.list({ limit: 10, cursor: cursor ?? '' });
      expect([names(rest.records), rest.cursor]).toEqual([['middle', 'bare', 'old'], null]);
      await index.close();
    });
  });

  evidenceIndexCountsContract(adapter, open);
  evidenceIndexGapsContract(adapter, open);
  evidenceIndexOrderContract(adapter, open, effort);
}
