// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { polarities, strengths } from '../../src/evidence/claim.ts';
import type { EvidenceRecord } from '../../src/evidence/record.ts';
import type { ProjectedSegment } from '../../src/evidence-index/evidence-index.ts';
import { gapRecord, idOf, indexRecord, indexSegment } from './index-record.ts';

const day = (n: number) => new Date(Date.UTC(2026, 9, 12, n * 9)).toISOString();
const time = fc.integer({ min: 0, max: 7 }).map(day);
const account = fc.constantFrom('111122223333', '444455556666');
const source = fc.constantFrom('cloudtrail', 'macie');
const run = fc.constantFrom('run-1', 'run-2', 'a run with a name that is no plain part of a key');

const claim = fc.record({
  control: fc.constantFrom('A.6.2.4', 'A.7.4', '9.1'),
  rule: fc.constantFrom('r1', 'r2'),
  strength: fc.constantFrom(...strengths),
  polarity: fc.constantFrom(...polarities),
});
const resource = fc.record({
  arn: fc.constantFrom('arn:aws:s3:::models', 'arn:aws:sagemaker:eu-west-1:111122223333:endpoint/credit'),
  type: fc.constantFrom('AWS::S3::Bucket', 'AWS::SageMaker::Endpoint'),
});

// Few names, keys and times, so that copies, ties and superseded states are frequent. Copies of one id differ in everything else.
const observed = fc
  .record({
    name: fc.integer({ min: 0, max: 9 }).map(String),
    kind: fc.constantFrom('finding', 'activity', 'state'),
    source,
    run,
    account,
    occurredAt: fc.option(time),
    collectedAt: time,
    severity: fc.option(fc.constantFrom('HIGH', 'LOW')),
    controls: fc.array(claim, { maxLength: 4 }),
    findingKey: fc.option(fc.constantFrom('k1', 'k2')),
    aiSystems: fc.subarray(['credit', 'support']),
    resources: fc.array(resource, { maxLength: 2 }),
    facts: fc.record({ n: fc.integer(), note: fc.string({ unit: 'grapheme' }) }),
  })
  .map((sketch): EvidenceRecord => indexRecord(sketch));

const gapNames = ['g0', 'g1', 'g2'];
// Mostly of one scope, so that runs speak for and against each other.
const mostly = <T>(one: T, other: T) => fc.oneof({ weight: 5, arbitrary: fc.constant(one) }, { weight: 1, arbitrary: fc.constant(other) });
const own = fc.record({
  run,
  account: mostly('111122223333', '444455556666'),
  source: mostly<'macie' | 'cloudtrail'>('macie', 'cloudtrail'),
  collectedAt: time,
});

const gap = fc
  .tuple(
    own,
    fc.constantFrom(...gapNames),
    fc.constantFrom('macie2:GetMacieSession', 'a log file'),
    fc.constantFrom('denied', 'interrupted'),
  )
  .map(([sketch, name, what, reason]) => gapRecord({ ...sketch, name }, { what, reason, message: `${what} ${reason}` }));

const sweep = fc
  .tuple(
    own,
    fc.constantFrom('plan', 'receipt'),
    fc.record({
      name: fc.constantFrom('p0', 'p1', 'p2', 'p3', 'p4', 'p5'),
      from: fc.constantFrom('logs', 'logs', 'api', null),
      since: fc.option(fc.integer({ min: 0, max: 3 }).map(day)),
      until: fc.option(fc.integer({ min: 4, max: 7 }).map(day)),
      gaps: fc.oneof(fc.constant<string[]>([]), fc.subarray(gapNames)),
    }),
  )
  .map(([sketch, kind, { name, from, since, until, gaps }]) => {
    const detail = { from, window: { since, until }, gaps: gaps.map(idOf) };
    return indexRecord({ ...sketch, name, kind, occurredAt: null, detail });
  });

const record = fc.oneof({ weight: 4, arbitrary: observed }, { weight: 2, arbitrary: gap }, { weight: 3, arbitrary: sweep });

/** Segments, and the order in which they arrive: some of them, each once or twice. */
export const history: fc.Arbitrary<{ readonly arrivals: readonly ProjectedSegment[] }> = fc
  .array(fc.array(record, { maxLength: 8 }), { minLength: 1, maxLength: 6 })
  .chain((batches) => {
    const segments = batches.map((records, n) => indexSegment(`s${n}`, records));
    return fc.shuffledSubarray([...segments, ...segments], { minLength: segments.length }).map((arrivals) => ({ arrivals }));
  });
