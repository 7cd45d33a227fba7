// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { idOf, indexRecord, indexSegment } from '../support/index-record.ts';
import { countLines } from '../support/index-views.ts';
import type { OpenIndex } from './evidence-index.contract.ts';

const passed = [{ control: 'A.6.2.4', rule: 'r', strength: 'partial', polarity: 'supports' }] as const;
const failed = [{ control: 'A.6.2.4', rule: 'r', strength: 'partial', polarity: 'exception' }] as const;
const state = { kind: 'finding', source: 'securityhub', findingKey: 'check|bucket' } as const;
const onDay = (day: number) => `2026-10-${String(day).padStart(2, '0')}T00:00:00Z`;
const newest = (day: number) => Date.parse(onDay(day));

/** Counts, newest states and series. */
export function evidenceIndexCountsContract(adapter: string, open: OpenIndex): void {
  describe(`${adapter} counts`, () => {
    it('counts a finding once, in its newest state, and each observation beside it', async () => {
      const index = await open();
      await index.apply(indexSegment('s1', [indexRecord({ ...state, name: 'a', occurredAt: onDay(1), controls: failed })]));
      expect(await countLines(index)).toEqual([`A.6.2.4 partial exception 1 1 ${newest(1)}`]);
      await index.apply(indexSegment('s2', [indexRecord({ ...state, name: 'b', occurredAt: onDay(3), controls: passed })]));
      await index.apply(indexSegment('s3', [indexRecord({ ...state, name: 'c', occurredAt: onDay(2), controls: failed })]));
      expect(await countLines(index)).toEqual([`A.6.2.4 partial exception 2 0 ${newest(2)}`, `A.6.2.4 partial supports 1 1 ${newest(3)}`]);
      await index.close();
    });

    it('lets a newest state that claims nothing end the finding', async () => {
      const index = await open();
      await index.apply(indexSegment('s1', [indexRecord({ ...state, name: 'a', occurredAt: onDay(1), controls: failed })]));
      await index.apply(indexSegment('s2', [indexRecord({ ...state, name: 'b', occurredAt: onDay(2), title: 'archived' })]));
      expect(await countLines(index)).toEqual([`A.6.2.4 partial exception 1 0 ${newest(1)}`]);
      await index.close();
    });

    it('tells the newest of one instant by collectedAt, then by id', async () => {
      const index = await open();
      const [low = '', high = ''] = ['a', 'b'].sort((one, other) => (idOf(one) < idOf(other) ? -1 : 1));
      await index.apply(indexSegment('s1', [indexRecord({ ...state, name: high, occurredAt: onDay(1), controls: failed })]));
      await index.apply(indexSegment('s2', [indexRecord({ ...state, name: low, occurredAt: onDay(1), controls: passed })]));
      expect(await countLines(index)).toContain(`A.6.2.4 partial exception 1 1 ${newest(1)}`);
      const later = { ...state, name: 'c', occurredAt: onDay(1), collectedAt: '2026-11-12T00:00:00Z', controls: passed };
      await index.apply(indexSegment('s3', [indexRecord(later)]));
      expect(await countLines(index)).toContain(`A.6.2.4 partial supports 2 1 ${newest(1)}`);
      await index.close();
    });

    it('never lets one activity take the place of another', async () => {
      const index = await open();
      const activity = (name: string, day: number) =>
        indexRecord({ name, kind: 'activity', findingKey: 'k', occurredAt: onDay(day), controls: passed });
      await index.apply(indexSegment('s1', [activity('a', 1), activity('b', 2)]));
      expect(await countLines(index)).toEqual([`A.6.2.4 partial supports 2 2 ${newest(2)}`]);
      await index.close();
    });

    it('counts a record once per control, with its strongest claim', async () => {
      const index = await open();
      const weak = { control: 'A.6.2.4', rule: 'x', strength: 'context', polarity: 'exception' } as const;
      await index.apply(indexSegment('s1', [indexRecord({ name: 'a', occurredAt: onDay(1), controls: [weak, ...passed, ...failed] })]));
      expect(await countLines(index)).toEqual([`A.6.2.4 partial exception 1 1 ${newest(1)}`]);
      expect((await index.list({ control: 'A.6.2.4', polarity: 'supports', limit: 5 })).records).toEqual([]);
      expect((await index.list({ control: 'A.6.2.4', polarity: 'exception', limit: 5 })).records).toHaveLength(1);
      await index.close();
    });

    it('replaces a copy by the one collected first, with all that it counted', async () => {
      const index = await open();
      const late = {
        name: 'a',
        collectedAt: '2026-11-12T00:00:00Z',
        occurredAt: null,
        controls: passed,
        run: 'late',
        kind: 'state',
      } as const;
      await index.apply(indexSegment('s1', [indexRecord({ ...late, aiSystems: ['x'], account: '444455556666' })]));
      expect([...(await index.accountsWithAi())]).toEqual(['444455556666']);
      await index.apply(indexSegment('s2', [indexRecord({ ...late, collectedAt: onDay(5), controls: failed, run: 'early' })]));
      expect(await countLines(index)).toEqual([`A.6.2.4 partial exception 1 1 ${newest(5)}`]);
      expect(await index.countsByDay({})).toMatchObject([{ day: '2026-10-05', polarity: 'exception', observations: 1, findings: 1 }]);
      expect([...(await index.accountsWithAi())]).toEqual([]);
      expect((await index.list({ run: 'late', limit: 5 })).records).toEqual([]);
      expect((await index.list({ run: 'early', limit: 5 })).records).toHaveLength(1);
      expect(await index.totals()).toEqual([{ source: 'cloudtrail', kind: 'state', records: 1 }]);
      await index.close();
    });

    it('counts by day, of one control or all', async () => {
      const index = await open();
      const other = [{ control: '9.1', rule: 'r', strength: 'direct', polarity: 'review' }] as const;
      const record = (name: string, day: number, controls: typeof passed | typeof other) =>
        indexRecord({ name, occurredAt: onDay(day), controls });
      await index.apply(
        indexSegment('s1', [record('a', 1, passed), record('b', 2, passed), record('c', 2, passed), record('d', 3, other)]),
      );
      const days = (await index.countsByDay({ control: 'A.6.2.4' })).map(({ day, observations }) => [day, observations]);
      expect(days).toEqual([
        ['2026-10-01', 1],
        ['2026-10-02', 2],
      ]);
      expect((await index.countsByDay({ since: '2026-10-02', until: '2026-10-02' })).map(({ day }) => day)).toEqual(['2026-10-02']);
      expect(await index.countsByDay({})).toHaveLength(3);
      expect(await index.countsByDay({ control: '10.2' })).toEqual([]);
      await index.close();
    });

    it('knows the accounts in which AI was seen, claimed or not', async () => {
      const index = await open();
      const endpoint = [{ arn: 'arn:e', type: 'AWS::SageMaker::Endpoint' }];
      await index.apply(
        indexSegment('s1', [
          indexRecord({ name: 'a', account: '1', aiSystems: ['credit'] }),
          indexRecord({ name: 'b', account: '2', resources: endpoint }),
          indexRecord({ name: 'c', account: '3', resources: [{ arn: 'arn:b', type: 'AWS::S3::Bucket' }] }),
        ]),
      );
      expect([...(await index.accountsWithAi())]).toEqual(['1', '2']);
      await index.close();
    });

    it('gives the series of a finding key, newest first, with its facts', async () => {
      const index = await open();
      const run = (name: string, day: number, kind: 'execution' | 'activity' = 'execution') =>
        indexRecord({ name, kind, findingKey: 'schedule', occurredAt: onDay(day), facts: { day }, source: 'sagemaker-model-monitor' });
      await index.apply(indexSegment('s1', [run('a', 1), run('d', 4), indexRecord({ name: 'x', findingKey: 'other' })]));
      await index.apply(indexSegment('s2', [run('c', 3), run('b', 2, 'activity')]));
      expect(await index.series('schedule', { before: onDay(3), limit: 2 })).toEqual([
        { recordId: idOf('c'), source: 'sagemaker-model-monitor', occurredAt: onDay(3), facts: { day: 3 } },
        { recordId: idOf('b'), source: 'sagemaker-model-monitor', occurredAt: onDay(2), facts: { day: 2 } },
      ]);
      expect(await index.series('absent', { before: onDay(9), limit: 2 })).toEqual([]);
      await index.close();
    });
  });
}
