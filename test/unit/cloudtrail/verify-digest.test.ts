// SPDX-License-Identifier: Apache-2.0
import { createHash, createPublicKey, verify } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { type DigestInput, verifyDigest } from '../../../src/sources/cloudtrail/verify-digest.ts';
import { digestChain, digestKey, type MadeDigest } from '../../support/digests.ts';

const key = digestKey();
const [first, second, third] = digestChain(key, 3) as [MadeDigest, MadeDigest, MadeDigest];
const logHash = (made: MadeDigest) => createHash('sha256').update(made.logText).digest('hex');

function input(made: MadeDigest, previous: MadeDigest | null, changes: Partial<DigestInput> = {}): DigestInput {
  return {
    digest: JSON.parse(made.text),
    sha256: made.sha256,
    signature: made.signature,
    publicKey: key.publicKey,
    previous: previous === null ? null : { digest: JSON.parse(previous.text), sha256: previous.sha256, signature: previous.signature },
    logFiles: [{ sha256: logHash(made) }],
    ...changes,
  };
}

describe('checking a CloudTrail digest file', () => {
  it('calls a chain valid when signature, link and every log file were checked', () => {
    expect(verifyDigest(input(first, null))).toMatchObject({
      chain: 'valid',
      signature: 'valid',
      hashes: 'match',
      logFilesListed: 1,
      logFilesChecked: 1,
    });
    expect(verifyDigest(input(second, first))).toMatchObject({ chain: 'valid', problems: [], gap: null });
  });

  it('signs the string that AWS documents, with the literal null for the first of a chain', () => {
    const digest = JSON.parse(first.text);
    const signed = `${digest.digestEndTime}\nacme-audit-trail/${first.key}\n${first.sha256}\nnull`;
    const publicKey = createPublicKey({ key: key.publicKey, format: 'der', type: 'pkcs1' });
    expect(verify('RSA-SHA256', Buffer.from(signed), publicKey, Buffer.from(first.signature, 'hex'))).toBe(true);
  });

  it('never calls a chain valid without a signature, a key, or a look at every log file', () => {
    expect(verifyDigest(input(second, first, { signature: null }))).toMatchObject({
      chain: 'unsigned',
      signature: 'not-checked',
      hashes: 'match',
    });
    expect(verifyDigest(input(second, first, { publicKey: null }))).toMatchObject({ chain: 'unsigned', signature: 'not-checked' });
    expect(verifyDigest(input(second, first, { publicKey: new Uint8Array([1]) }))).toMatchObject({
      chain: 'unsigned',
      signature: 'not-checked',
    });
    expect(verifyDigest(input(second, first, { logFiles: ['not-held'] }))).toMatchObject({
      chain: null,
      signature: 'valid',
      hashes: 'not-checked',
      logFilesChecked: 0,
    });
  });

  it('names hour and file of an altered or missing log file', () => {
    const altered = verifyDigest(input(second, first, { logFiles: [{ sha256: 'f'.repeat(64) }] }));
    expect(altered).toMatchObject({ chain: 'broken', signature: 'valid', hashes: 'mismatch' });
    expect(altered.problems).toEqual([{ hour: '2026-11-19T02:00:00Z', file: second.logKey, what: expect.stringContaining('altered') }]);
    expect(verifyDigest(input(second, first, { logFiles: ['missing'] })).problems).toMatchObject([
      { file: second.logKey, what: expect.stringContaining('missing') },
    ]);
  });

  it('names hour and file of a log file that does not unpack, and of one that cannot be read: only the first breaks the chain', () => {
    const named = { hour: '2026-11-19T02:00:00Z', file: second.logKey };
    expect(verifyDigest(input(second, first, { logFiles: ['damaged'] }))).toMatchObject({
      chain: 'broken',
      hashes: 'mismatch',
      problems: [{ ...named, what: expect.stringContaining('altered') }],
      unread: [],
    });
    expect(verifyDigest(input(second, first, { logFiles: [{ unread: 'EACCES' }] }))).toMatchObject({
      chain: null,
      hashes: 'not-checked',
      logFilesChecked: 0,
      problems: [],
      unread: [{ ...named, what: 'the log file could not be read (EACCES)' }],
    });
  });

  it('finds one flipped bit of a digest by its signature, and by the hash in the next one', () => {
    const sha256 = createHash('sha256').update(`${first.text} `).digest('hex');
    expect(verifyDigest(input(first, null, { sha256 }))).toMatchObject({
      chain: 'broken',
      signature: 'invalid',
      problems: [{ file: first.key }],
    });
    const previous = { digest: JSON.parse(first.text), sha256, signature: first.signature };
    expect(verifyDigest(input(second, null, { previous }))).toMatchObject({
      chain: 'broken',
      problems: [{ file: first.key, what: expect.stringContaining('hash') }],
    });
    const resigned = { digest: JSON.parse(first.text), sha256: first.sha256, signature: 'ab' };
    expect(verifyDigest(input(second, null, { previous: resigned }))).toMatchObject({
      chain: 'broken',
      problems: [{ what: expect.stringContaining('signature') }],
    });
  });

  it('tells hours without digest, and a chain that begins anew, from a break', () => {
    expect(verifyDigest(input(third, first))).toMatchObject({
      chain: 'gap',
      gap: 'no digest is at hand from 2026-11-19T01:00:00Z to 2026-11-19T02:00:00Z',
      problems: [],
    });
    const [anew] = digestChain(key, 1, 5) as [MadeDigest];
    expect(verifyDigest(input(anew, third))).toMatchObject({ chain: 'gap', gap: expect.stringContaining('new chain') });
    expect(verifyDigest(input(third, first, { logFiles: ['missing'] })).chain).toBe('broken');
  });
});
