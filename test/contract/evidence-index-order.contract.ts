// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { polarities, strengths } from '../../src/evidence/claim.ts';
import type { RecordForIndex } from '../../src/evidence/record.ts';
import type { EvidenceIndex, ProjectedSegment } from '../../src/evidence-index/evidence-index.ts';
import { indexRecord, indexSegment } from '../support/index-record.ts';
import { countLines, dayLines, listAll } from '../support/index-views.ts';
import { counted, ModelIndex } from '../support/model-index.ts';
import type { OpenIndex } from './evidence-index.contract.ts';

const controls = ['A.6.2.4', 'A.7.4', '9.1'] as const;
const time = fc.integer({ min: 0, max: 5 }).map((n) => new Date(Date.UTC(2026, 9, 12, n * 9)).toISOString());

const claim = fc.record({
  control: fc.constantFrom(...controls),
  rule: fc.constantFrom('r1', 'r2'),
  strength: fc.constantFrom(...strengths),
  polarity: fc.constantFrom(...polarities),
});

// Few names, keys and times, so that copies, ties and superseded states are frequent. Copies of one id differ in everything else.
const record = fc
  .record({
    name: fc.integer({ min: 0, max: 9 }).map(String),
    kind: fc.constantFrom('finding', 'activity', 'state'),
    source: fc.constantFrom('cloudtrail', 'macie'),
    run: fc.constantFrom('run-1', 'run-2'),
    occurredAt: fc.option(time),
    collectedAt: time,
    controls: fc.array(claim, { maxLength: 4 }),
    findingKey: fc.option(fc.constantFrom('k1', 'k2')),
    aiSystems: fc.subarray(['credit', 'support']),
  })
  .map(indexRecord);

const history = fc.array(fc.array(record, { maxLength: 6 }), { minLength: 1, maxLength: 6 }).chain((batches) => {
  const segments = batches.map((records, n) => indexSegment(`s${n}`, records));
  return fc.tuple(fc.constant(segments), fc.shuffledSubarray([...segments, ...segments], { minLength: segments.length }));
});

async function compare(index: EvidenceIndex, model: ModelIndex): Promise<void> {
  expect(await countLines(index)).toEqual(model.counts());
  expect(await dayLines(index)).toEqual(model.days());
  const ids = async (query: Parameters<typeof listAll>[1]) => (await listAll(index, query)).map((entry) => entry.id);
  const has = (control: string) => (held: RecordForIndex) => counted(held).some((one) => one.control === control);
  expect(await ids({})).toEqual(model.ids(() => true));
  expect(await ids({ source: 'macie' })).toEqual(model.ids(({ core }) => core.source === 'macie'));
  expect(await ids({ run: 'run-2', kind: 'state' })).toEqual(model.ids(({ core }) => core.run === 'run-2' && core.kind === 'state'));
  expect(await ids({ control: '9.1' })).toEqual(model.ids(has('9.1')));
  expect(await ids({ polarity: 'exception' })).toEqual(model.ids((held) => counted(held).some((one) => one.polarity === 'exception')));
  expect(await ids({ control: '9.1', aiSystem: 'credit' })).toEqual(
    model.ids((held) => has('9.1')(held) && held.subjects.aiSystems.includes('credit')),
  );
  const places = model.places();
  const located = await index.locate([...places.keys()]);
  expect(new Map([...located].map(([id, { segment, line }]) => [id, `${segment}#${line}`]))).toEqual(places);
}

/** How many random histories are tried, and how long that may take at most. */
export interface OrderEffort {
  readonly histories: number;
  readonly milliseconds: number;
}

const fullEffort: OrderEffort = { histories: 150, milliseconds: 120_000 };

/** Whatever comes in whatever order, however often: the same entries and counts. */
export function evidenceIndexOrderContract(adapter: string, open: OpenIndex, effort = fullEffort): void {
  describe(`${adapter} does not depend on the order of arrival`, () => {
    it(
      'holds what the model holds after any order with replays, and after a rebuild in order of key',
      async () => {
        await fc.assert(
          fc.asyncProperty(history, async ([segments, arrivals]) => {
            const applied = new Set<ProjectedSegment>(arrivals);
            const [index, rebuilt, model] = [await open(), await open(), new ModelIndex()];
            for (const segment of arrivals) {
              await index.apply(segment);
              model.apply(segment);
            }
            await compare(index, model);
            for (const segment of segments) if (applied.has(segment)) await rebuilt.apply(segment);
            await compare(rebuilt, model);
            await index.close();
            await rebuilt.close();
          }),
          { numRuns: effort.histories },
        );
      },
      effort.milliseconds,
    );
  });
}
