// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { canonicalJson } from '../../../src/evidence/canonical-json.ts';
import { homeSecret, saltsUnder } from '../../../src/evidence/identity.ts';
import { commitment, leafHash, recordLeafHash } from '../../../src/evidence/leaf.ts';
import { storeDetail } from '../../../src/evidence/raw-form.ts';
import { lineOf } from '../../../src/evidence/record-line.ts';
import { parseRecord } from '../../../src/evidence/record-schema.ts';
import { type RecordParts, type SealContext, sealRecord } from '../../../src/evidence/seal-record.ts';

const context: SealContext = {
  secret: homeSecret(new Uint8Array(32).fill(7)),
  pack: { id: 'aims-core', digest: 'a'.repeat(64) },
  run: 'run-1',
  collector: 'aims-evidence/0.1.0',
  readAs: 'arn:aws:iam::111122223333:role/reader',
  collectedAt: '2026-11-21T10:00:00.000Z',
};

function parts(detail: Record<string, string>, versionKey: RecordParts['core']['versionKey']): RecordParts {
  return {
    core: {
      kind: 'finding',
      source: 'securityhub',
      sourceIdentity: 'arn:product|finding-1',
      versionKey,
      channel: { kind: 'api', requestId: 'r-1' },
      partition: 'aws',
      account: '111122223333',
      region: 'eu-west-1',
      occurredAt: '2026-11-20T10:00:00Z',
      observedAt: null,
      severity: 'HIGH',
      controls: [{ control: 'A.6.2.5', rule: 'securityhub.x', strength: 'partial', polarity: 'exception' }],
    },
    subjects: {
      aiSystems: ['credit'],
      resources: [{ arn: 'arn:aws:s3:::b', type: 'AWS::S3::Bucket' }],
      findingKey: 'k',
      title: 'T "quoted"',
    },
    detail: storeDetail({ ...detail }, JSON.stringify(detail)),
    facts: { outcome: 'FAILED' },
  };
}

function sealedLine(recordParts: RecordParts, by = context): { id: string; line: string; leafHash: string } {
  const sealed = sealRecord(recordParts, by);
  const { line, leafHash } = lineOf(sealed);
  return { id: sealed.id, line: line.toString().trimEnd(), leafHash };
}

describe('a sealed record', () => {
  const sealed = sealedLine(parts({ b: '1', a: '2' }, ['v1']));

  it('is canonical JSON that fits the record schema', () => {
    const record = parseRecord(sealed.line);
    expect(canonicalJson(record)).toBe(sealed.line);
    expect(record.core.id).toBe(sealed.id);
  });

  it('has a leaf that can be computed from its line', () => {
    expect(Buffer.from(recordLeafHash(sealed.line)).toString('hex')).toBe(sealed.leafHash);
  });

  it('has another leaf when one byte of any compartment changes', () => {
    for (const from of ['"HIGH"', '"credit"', '"outcome":"FAILED"']) {
      const changed = sealed.line.replace(from, from.replace(/[A-Za-z]/, 'x'));
      expect(changed).not.toBe(sealed.line);
      expect(Buffer.from(recordLeafHash(changed)).toString('hex')).not.toBe(sealed.leafHash);
    }
  });

  it('has no room for bytes that no compartment commits to', () => {
    for (const line of [
      `${sealed.line} `,
      sealed.line.replace('{"core"', '{ "core"'),
      sealed.line.replace('"schema":', '"more":1,"schema":'),
      '{}',
      'x',
    ]) {
      expect(() => recordLeafHash(line)).toThrow(expect.objectContaining({ code: 'RECORD_LINE_MALFORMED' }));
    }
  });
});

describe('identity', () => {
  it('of declared versions does not depend on content, channel or home', () => {
    const other = { ...context, secret: homeSecret(new Uint8Array(32).fill(9)), run: 'run-2' };
    const byFile = parts({ a: 'other' }, ['v1']);
    const fileCore = { ...byFile.core, channel: { kind: 'file', sha256: 'f'.repeat(64), path: 'x.json' } as const };
    expect(sealRecord({ ...byFile, core: fileCore }, other).id).toBe(sealRecord(parts({ a: '1' }, ['v1']), context).id);
    expect(sealRecord(parts({ a: '1' }, ['v2']), context).id).not.toBe(sealRecord(parts({ a: '1' }, ['v1']), context).id);
    expect(sealRecord(parts({ a: '1' }, ['v', '1']), context).id).not.toBe(sealRecord(parts({ a: '1' }, ['v1']), context).id);
  });

  it('by content differs between homes and with the content', () => {
    const other = { ...context, secret: homeSecret(new Uint8Array(32).fill(9)) };
    const one = sealRecord(parts({ a: '1' }, 'content'), context).id;
    expect(sealRecord(parts({ a: '1' }, 'content'), context).id).toBe(one);
    expect(sealRecord(parts({ a: '2' }, 'content'), context).id).not.toBe(one);
    expect(sealRecord(parts({ a: '1' }, 'content'), other).id).not.toBe(one);
    expect(sealRecord(parts({ a: '1' }, { contentAnd: ['overdue'] }), context).id).not.toBe(one);
  });
});

describe('salts', () => {
  const saltsOf = (by: SealContext, version: string) => {
    const { core, subjects, raw } = parseRecord(sealedLine(parts({ a: '1' }, [version]), by).line);
    return [core.salt, subjects.salt, raw.salt];
  };

  it('differ between compartments, records and homes, and are the same when a record is sealed again', () => {
    const other = { ...context, secret: homeSecret(new Uint8Array(32).fill(9)) };
    const all = [...saltsOf(context, 'v1'), ...saltsOf(context, 'v2'), ...saltsOf(other, 'v1')];
    expect(new Set(all).size).toBe(9);
    expect(saltsOf(context, 'v1')).toEqual(all.slice(0, 3));
  });

  it('are made of an id only', () => {
    const make = saltsUnder(context.secret);
    expect(make('0'.repeat(64)).raw).toMatch(/^[0-9a-f]{32}$/);
    for (const id of ['', '0'.repeat(63), '0'.repeat(65)]) expect(() => make(id)).toThrow(RangeError);
  });
});

describe('a withheld compartment', () => {
  // The bundle of an auditor: two compartments, and of the third the commitment only.
  const record = parseRecord(sealedLine(parts({ answer: 'yes' }, 'content')).line);
  const guesses = ['yes', 'no'];
  const rawOf = (answer: string, salt = record.raw.salt) => canonicalJson({ ...record.raw, detail: { answer }, salt });
  const withheld = commitment(canonicalJson(record.raw));

  it('still verifies by its commitment', () => {
    const leaf = leafHash(commitment(canonicalJson(record.core)), commitment(canonicalJson(record.subjects)), withheld);
    expect(leaf).toBe(Buffer.from(recordLeafHash(canonicalJson(record))).toString('hex'));
  });

  it('cannot be guessed from what remains, though its values are few', () => {
    expect(guesses.map((guess) => commitment(rawOf(guess)))).toContain(withheld);
    const { salt: _, ...unsalted } = record.raw;
    const remaining = [record.core.salt, record.subjects.salt, record.core.id, '', '0'.repeat(32)];
    const tried = guesses.flatMap((guess) => [
      ...remaining.map((salt) => commitment(rawOf(guess, salt))),
      commitment(canonicalJson({ ...unsalted, detail: { answer: guess } })),
    ]);
    const ids = guesses.flatMap((guess) => [hash('sha256', rawOf(guess)), hash('sha256', canonicalJson({ answer: guess })), guess]);
    expect(tried).not.toContain(withheld);
    expect([...ids, ...tried]).not.toContain(record.core.id);
  });
});
