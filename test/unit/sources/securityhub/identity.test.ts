// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { declaredId } from '../../../../src/evidence/identity.ts';
import { sliceElements } from '../../../../src/evidence/json-slices.ts';
import type { Channel, Observation } from '../../../../src/evidence/observation.ts';
import { asff, ocsf } from '../../../fixtures/securityhub/findings.ts';
import { observeText } from '../../../support/securityhub.ts';

const channels: readonly (readonly [Channel, { account: string; region: string }])[] = [
  [
    { kind: 'api', requestId: 'r-1' },
    { account: '111122223333', region: 'eu-west-1' },
  ],
  // A delegated administrator reads from another account, an aggregation Region from another Region.
  [
    { kind: 'sample', requestId: 'r-2' },
    { account: '444455556666', region: 'us-east-1' },
  ],
  [
    { kind: 'event', eventId: 'e-1' },
    { account: '444455556666', region: 'eu-west-1' },
  ],
  [
    { kind: 'file', sha256: '0'.repeat(64), path: 'findings.json' },
    { account: '', region: '' },
  ],
];

function idOf({ source, sourceIdentity, versionKey }: Observation): string {
  if (versionKey === 'content' || 'contentAnd' in versionKey) throw new Error('no declared version key');
  return declaredId(source, sourceIdentity, versionKey);
}

describe.each([
  ['asff', asff],
  ['ocsf', ocsf],
])('one finding in %s', (shape, finding) => {
  it('has one id, key and set of facts by API, event and file', () => {
    const answer = `{"Findings": [ ${JSON.stringify(finding, null, 1)} ]}`;
    const event = JSON.stringify({ 'detail-type': 'Security Hub Findings - Imported', detail: { findings: [finding] } });
    const texts = [...sliceElements(answer, 'Findings'), ...sliceElements(event, 'detail', 'findings'), JSON.stringify(finding)];
    expect(texts).toHaveLength(3);
    const seen = texts.flatMap((text) => channels.map(([channel, context]) => observeText(shape, text, channel, context)));
    expect(new Set(seen.map(idOf)).size).toBe(1);
    expect(new Set(seen.map((one) => one.findingKey)).size).toBe(1);
    expect(new Set(seen.map((one) => JSON.stringify([one.facts, one.account, one.region, one.occurredAt]))).size).toBe(1);
  });

  it('has another id when it was updated', () => {
    const later = JSON.stringify(finding).replaceAll('2026-11-01T10:00:00.000Z', '2026-11-02T10:00:00.000Z');
    expect(idOf(observeText(shape, later))).not.toBe(idOf(observeText(shape, JSON.stringify(finding))));
  });
});

describe('an ASFF finding', () => {
  it.each([
    ['"ProcessedAt":"2026-11-01T10:00:04.000Z"', '"ProcessedAt":"2026-11-01T11:00:00.000Z"'],
    ['"Workflow":{"Status":"NEW"}', '"Workflow":{"Status":"SUPPRESSED"}'],
    ['"RecordState":"ACTIVE"', '"RecordState":"ARCHIVED"'],
  ])('has another id when %s becomes %s, and sorts after the version before or with it', (before, after) => {
    const text = JSON.stringify(asff);
    expect(text).toContain(before);
    const [old, changed] = [observeText('asff', text), observeText('asff', text.replace(before, after))];
    expect(idOf(changed)).not.toBe(idOf(old));
    expect(changed.findingKey).toBe(old.findingKey);
    expect(String(changed.occurredAt) >= String(old.occurredAt)).toBe(true);
  });
});
