// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { canonicalJson } from '../../../src/evidence/canonical-json.ts';
import { decodeForIndex, decodeRecord } from '../../../src/evidence/decode-record.ts';
import { homeSecret } from '../../../src/evidence/identity.ts';
import type { Facts } from '../../../src/evidence/observation.ts';
import { lineOf as lineOfRecord } from '../../../src/evidence/record-line.ts';
import { type RecordParts, sealRecord } from '../../../src/evidence/seal-record.ts';

const context = {
  secret: homeSecret(new Uint8Array(32)),
  pack: { id: 'p', digest: '0'.repeat(64) },
  run: 'r',
  collector: 'c',
  readAs: null,
  collectedAt: '2026-11-21T00:00:00.000Z',
};

function lineOf(kind: RecordParts['core']['kind'], facts: Facts, title = 'title'): string {
  const detail = { a: ',"raw":{"detail":', facts: { b: ',"schema":"aims-evidence/record/1","subjects":' }, form: 'x' };
  const core: RecordParts['core'] = {
    kind,
    source: 'macie',
    sourceIdentity: ',"raw":{"detail":1',
    versionKey: 'content',
    channel: { kind: 'file', sha256: '0'.repeat(64), path: ',"schema":"aims-evidence/record/1","subjects":' },
    partition: 'aws',
    account: '111122223333',
    region: '',
    occurredAt: null,
    observedAt: null,
    severity: null,
    controls: [],
  };
  const subjects = { aiSystems: [], resources: [], findingKey: null, title };
  const stored = { form: 'json', canonical: Buffer.from(canonicalJson(detail)), redactions: [] } as const;
  return lineOfRecord(sealRecord({ core, subjects, detail: stored, facts }, context))
    .line.toString()
    .trimEnd();
}

describe('a record decoded for the index', () => {
  it.each([
    ['plain facts', { outcome: 'FAILED' }],
    ['facts that hold a member named facts', { outcome: 'x', facts: { facts: 1 }, z: { facts: [1, { facts: 2 }] } }],
    ['facts whose strings look like members', { text: ',"facts":{},"form":"json"' }],
    ['no facts', {}],
  ])('says all that the whole record says but its detail: %s', (_what, facts) => {
    const line = lineOf('finding', facts, ',"schema":"aims-evidence/record/1","subjects":{}');
    const whole = decodeRecord(line);
    const part = decodeForIndex(line);
    expect([part.core, part.subjects, part.raw.facts]).toEqual([whole.core, whole.subjects, whole.raw.facts]);
    expect(whole.raw.detail).not.toBeNull();
  });

  it('keeps the detail of our own records, which the index reads', () => {
    const line = lineOf('receipt', {});
    expect(decodeForIndex(line)).toEqual(decodeRecord(line));
  });

  it('is refused where it is no record', () => {
    for (const line of ['{}', 'x', '{"schema":"aims-evidence/record/2","core":{}}']) {
      expect(() => decodeForIndex(line)).toThrow(expect.objectContaining({ code: 'RECORD_LINE_MALFORMED' }));
    }
  });
});
