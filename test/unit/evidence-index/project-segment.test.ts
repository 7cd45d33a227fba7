// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { Claim } from '../../../src/evidence/claim.ts';
import { countedClaims, projectSegment } from '../../../src/evidence-index/project-segment.ts';
import { gapRecord, idOf, indexRecord, indexSegment, type RecordSketch } from '../../support/index-record.ts';

const project = (...sketches: RecordSketch[]) =>
  projectSegment(indexSegment('s', sketches.map(indexRecord)), ({ type }) => type === 'AWS::SageMaker::Endpoint');
const claim = (strength: Claim['strength'], polarity: Claim['polarity'], control = '9.1'): Claim => ({
  control,
  rule: 'r',
  strength,
  polarity,
});

describe('projecting a segment', () => {
  it('places each record by its line', () => {
    const [one, two] = project({ name: 'a' }, { name: 'b' });
    expect([one?.entry.line, two?.entry.line, two?.entry.id]).toEqual([0, 1, idOf('b')]);
  });

  it('dates a record by when it happened, else by when it was collected', () => {
    const collectedAt = '2026-11-11T00:00:00Z';
    const dates = project(
      { name: 'a', occurredAt: '2026-10-12T08:00:00.250Z', collectedAt },
      { name: 'b', occurredAt: null, collectedAt },
      { name: 'c', occurredAt: 'yesterday', collectedAt },
    ).map((projection) => projection.at);
    expect(dates).toEqual([Date.UTC(2026, 9, 12, 8, 0, 0, 250), Date.UTC(2026, 10, 11), Date.UTC(2026, 10, 11)]);
  });

  it('gives one projection for an id that stands twice, the one collected first', () => {
    const twice = project(
      { name: 'a', collectedAt: '2026-11-12T00:00:00Z', title: 'late' },
      { name: 'a', collectedAt: '2026-11-11T00:00:00Z', title: 'early' },
      { name: 'a', collectedAt: '2026-11-11T00:00:00Z', title: 'early again' },
    );
    expect(twice.map((projection) => projection.entry.title)).toEqual(['early']);
  });

  it('lets newer states take the place of older ones, but of no activity and of nothing without a finding key', () => {
    const lasting = project(
      { name: 'a', kind: 'finding', findingKey: 'k' },
      { name: 'b', kind: 'activity', findingKey: 'k' },
      { name: 'c', kind: 'finding' },
    ).map((projection) => projection.isLasting);
    expect(lasting).toEqual([true, false, false]);
  });

  it('keeps facts only of what has a finding key', () => {
    const facts = project({ name: 'a', findingKey: 'k', facts: { late: true } }, { name: 'b', facts: { late: true } });
    expect(facts.map((projection) => projection.facts)).toEqual(['{"late":true}', null]);
  });

  it('tells what touches AI by AI system or by type of resource', () => {
    const touches = project(
      { name: 'a', aiSystems: ['credit'] },
      { name: 'b', resources: [{ arn: 'arn:e', type: 'AWS::SageMaker::Endpoint' }] },
      { name: 'c', resources: [{ arn: 'arn:b', type: 'AWS::S3::Bucket' }] },
    ).map((projection) => projection.touchesAi);
    expect(touches).toEqual([true, true, false]);
  });

  it('takes notes of gaps, plans and receipts only', () => {
    const records = [
      gapRecord({ name: 'g' }, { what: 'macie2:ListFindings', reason: 'throttled', extent: 'item', message: 'slow down' }),
      indexRecord({ name: 'p', kind: 'plan', detail: { from: 'logs', window: null } }),
      indexRecord({ name: 'r', kind: 'receipt', detail: { window: { since: '2026-10-01', until: '2026-10-02' }, gaps: ['x'] } }),
      indexRecord({ name: 'o', kind: 'finding', detail: { reason: 'denied' } }),
      indexRecord({ name: 'odd', kind: 'gap', detail: 'text' }),
    ];
    expect(projectSegment(indexSegment('s', records), () => false).map((projection) => projection.note)).toEqual([
      { about: 'gap', reason: 'throttled', extent: 'item', what: 'macie2:ListFindings', message: 'slow down' },
      { about: 'plan', from: 'logs', since: null, until: null, gaps: [] },
      { about: 'receipt', from: null, since: '2026-10-01', until: '2026-10-02', gaps: ['x'] },
      null,
      { about: 'gap', reason: 'malformed', extent: 'scope', what: '', message: '' },
    ]);
  });
});

describe('choosing the claim that counts', () => {
  it('takes the stronger one, whichever way it points', () => {
    expect(countedClaims([claim('context', 'exception'), claim('direct', 'occurrence'), claim('partial', 'exception')])).toEqual([
      claim('direct', 'occurrence'),
    ]);
  });

  it('takes among equals what needs a person first', () => {
    const order: Claim['polarity'][] = ['context', 'occurrence', 'supports', 'gap', 'review', 'exception'];
    for (const [n, polarity] of order.entries()) {
      const claims = order.slice(0, n + 1).map((one) => claim('partial', one));
      expect(countedClaims(claims)).toEqual([claim('partial', polarity)]);
      expect(countedClaims(claims.toReversed())).toEqual([claim('partial', polarity)]);
    }
  });

  it('keeps one claim for each control', () => {
    const claims = [claim('partial', 'supports', '9.1'), claim('partial', 'supports', '9.2.1')];
    expect(countedClaims(claims)).toEqual(claims);
    expect(countedClaims([])).toEqual([]);
  });
});
