// SPDX-License-Identifier: Apache-2.0

import { Finding$ } from '@aws-sdk/client-macie2';
import { describe, expect, it } from '@jest/globals';
import { declaredId } from '../../../../src/evidence/identity.ts';
import type { Observation } from '../../../../src/evidence/observation.ts';
import { eventDetail, findingItem, macie, observe, observeOne, savedFinding, sensitiveFinding } from '../../../support/macie.ts';
import { deviationsFrom } from '../../../support/sdk-schema.ts';

const event = { kind: 'event', eventId: 'e-1' } as const;
const file = { kind: 'file', sha256: '0'.repeat(64), path: 'findings.json' } as const;

function idOf({ source, sourceIdentity, versionKey }: Observation): string {
  if (!Array.isArray(versionKey)) throw new Error('a finding has a declared version key');
  return declaredId(source, sourceIdentity, versionKey);
}

describe('a finding of Macie', () => {
  it('is written here as the SDK knows it', () => {
    expect(deviationsFrom(Finding$, sensitiveFinding)).toEqual([]);
    expect(deviationsFrom(Finding$, { ...sensitiveFinding, newMember: 1, count: 'one' })).toHaveLength(2);
  });

  it('has one id by API, by event and by file', () => {
    const [api, byEvent, byFile] = [
      observeOne(findingItem(sensitiveFinding)),
      observeOne(findingItem(eventDetail, event)),
      observeOne(findingItem(savedFinding, file)),
    ];
    expect(new Set([api, byEvent, byFile].map(idOf)).size).toBe(1);
    expect(new Set([api, byEvent, byFile].map((one) => one.findingKey))).toEqual(
      new Set(['macie|111122223333|eu-west-1|5f0e8c9d7b6a4f3e2d1c0b9a88776655']),
    );
    expect([byEvent.facts, byFile.facts]).toEqual([api.facts, api.facts]);
    expect([byEvent.occurredAt, byFile.occurredAt]).toEqual([api.occurredAt, api.occurredAt]);
  });

  it('has another id when it is updated, counted again or archived', () => {
    const id = idOf(observeOne(findingItem(sensitiveFinding)));
    for (const change of [{ updatedAt: '2026-11-04T13:47:03.127Z' }, { count: 2 }, { archived: true }]) {
      const other = observeOne(findingItem({ ...sensitiveFinding, ...change }));
      expect(idOf(other)).not.toBe(id);
      expect(other.findingKey).toBe(observeOne(findingItem(sensitiveFinding)).findingKey);
    }
    expect(idOf(observeOne(findingItem({ ...sensitiveFinding, title: 'Another title' })))).toBe(id);
  });

  it('names its bucket with tags and its object', () => {
    expect(observeOne(findingItem(sensitiveFinding)).resources).toEqual([
      { arn: 'arn:aws:s3:::amzn-s3-demo-train', type: 'AWS::S3::Bucket', tags: { 'ai-system': 'claims-triage' } },
      { arn: 'arn:aws:s3:::amzn-s3-demo-train/incoming/0001.csv', type: 'AWS::S3::Object', tags: {} },
    ]);
    const policy = { ...sensitiveFinding, resourcesAffected: { s3Bucket: { name: 'b' }, s3Object: null } };
    expect(observeOne(findingItem(policy)).resources).toEqual([{ arn: 'arn:aws:s3:::b', type: 'AWS::S3::Bucket', tags: {} }]);
  });

  it('takes account and Region from itself, since one account may see the findings of others', () => {
    const member = observeOne(findingItem({ ...sensitiveFinding, accountId: '444455556666', region: 'us-east-1' }));
    expect([member.account, member.region]).toEqual(['444455556666', 'us-east-1']);
    const bare = { ...sensitiveFinding, accountId: null, region: null };
    expect(observeOne(findingItem(bare)).account).toBe('111122223333');
  });

  it.each([
    [{ description: 'High', score: 3 }, 'HIGH'],
    [{ description: 'Medium', score: 2 }, 'MEDIUM'],
    [{ description: 'low' }, 'LOW'],
    [{ score: 2 }, 'MEDIUM'],
    [{ description: 'Dire', score: 9 }, null],
    [null, null],
  ])('reads severity %j as %s', (severity, expected) => {
    expect(observeOne(findingItem({ ...sensitiveFinding, severity })).severity).toBe(expected);
  });

  it('keeps and reads a finding that deviates from the model', () => {
    const odd = {
      id: 'odd',
      type: 'Policy:IAMUser/SomethingNew',
      severity: { description: 'Dire' },
      newMember: { a: 1 },
      createdAt: 'soon',
    };
    const observation = observeOne(findingItem(odd));
    expect(observation).toMatchObject({
      kind: 'finding',
      title: 'Policy:IAMUser/SomethingNew',
      occurredAt: null,
      facts: {},
      resources: [],
    });
    expect(observation.versionKey).toEqual(['', '1', 'false']);
    expect(observation.detail).toEqual(odd);
    expect(observeOne(findingItem({ type: 'without id' }))).toMatchObject({ versionKey: 'content', findingKey: null });
  });

  it('is a malformed gap when it is no object, and unsupported in a shape that Macie does not have', () => {
    const item = findingItem(sensitiveFinding, file);
    expect(macie().interpret(item, [1])).toMatchObject([{ gap: { reason: 'malformed', extent: 'item', what: 'findings.json' } }]);
    expect(macie().interpret({ ...item, shape: 'asff' }, {})).toMatchObject([
      { gap: { reason: 'unsupported', detail: { shape: 'asff' } } },
    ]);
  });
});

describe('the age of a finding', () => {
  const old = { ...sensitiveFinding, createdAt: '2026-09-20T09:00:00.000Z', updatedAt: '2026-09-25T10:00:00.000Z' };

  it('is at first sight what the answer itself says, alike on every channel', () => {
    for (const channel of [{ kind: 'api', requestId: 'r' } as const, event, file]) {
      expect(observeOne(findingItem(old, channel)).facts).toEqual({ openDays: 5 });
    }
  });

  it('becomes a version of its own when a live sweep finds it open for more than 30 days', () => {
    const [first, aged] = observe(findingItem(old));
    expect(first?.versionKey).toEqual(['2026-09-25T10:00:00.000Z', '1', 'false']);
    expect(aged).toMatchObject({
      facts: { openDays: 51 },
      occurredAt: '2026-10-21T09:00:00.000Z',
      versionKey: ['2026-09-25T10:00:00.000Z', '1', 'false', 'openDays>30'],
      findingKey: first?.findingKey,
    });
  });

  it('gives the same versions on every later sweep', () => {
    const later = observe(findingItem(old, { kind: 'api', requestId: 'r-2' }, '2026-12-01T00:00:00Z'));
    expect(later.map(idOf)).toEqual(observe(findingItem(old)).map(idOf));
  });

  it.each([
    ['exactly 30 days old', { createdAt: '2026-10-12T00:00:00.000Z', updatedAt: '2026-10-12T00:00:00.000Z' }],
    ['archived', { ...old, archived: true }],
    ['made as a sample', { ...old, sample: true }],
    ['over the limit in the answer itself', { ...old, updatedAt: '2026-10-30T00:00:00.000Z' }],
  ])('makes no second version of a finding that is %s', (_, change) => {
    expect(observe(findingItem({ ...sensitiveFinding, ...change }))).toHaveLength(1);
  });

  it('makes no second version from a file or an event, which say nothing of today', () => {
    expect(observe(findingItem(old, file))).toHaveLength(1);
    expect(observe(findingItem(old, event))).toHaveLength(1);
    expect(observe(findingItem(old))).toHaveLength(2);
  });
});
