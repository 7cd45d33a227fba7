// SPDX-License-Identifier: Apache-2.0
import { createPublicKey, verify } from 'node:crypto';
import { arrayAt, type JsonObject, stringAt } from '../../evidence/json.ts';

/**
 * What became of one log file that a digest lists: its SHA-256 (uncompressed content), there but refused with a code, there but not to
 * be unpacked, gone from where it should be, or not looked for.
 */
export type LogFileState = { readonly sha256: string } | { readonly unread: string } | 'damaged' | 'missing' | 'not-held';

/** A digest file and all that is at hand to check it. */
export interface DigestInput {
  readonly digest: JsonObject;
  /** SHA-256 of the uncompressed digest file, hex. */
  readonly sha256: string;
  /** S3 metadata `x-amz-meta-signature`, hex, and the key from ListPublicKeys (DER, PKCS#1); null where they cannot be had. */
  readonly signature: string | null;
  readonly publicKey: Uint8Array | null;
  /** The newest earlier digest of the same chain that is at hand; null for the first. */
  readonly previous: { readonly digest: JsonObject; readonly sha256: string; readonly signature: string | null } | null;
  /** States of the listed log files, in the order of `logFiles`. */
  readonly logFiles: readonly LogFileState[];
}

/** Something that does not fit or could not be looked at, with the hour and the file. */
interface DigestProblem {
  readonly hour: string;
  readonly file: string;
  readonly what: string;
}

/**
 * Result of checking one digest. `unsigned`: everything fits, but the signature could not be checked; null: nothing is wrong, but
 * not every log file could be looked at.
 */
export interface DigestCheck {
  readonly chain: 'valid' | 'unsigned' | 'gap' | 'broken' | null;
  readonly signature: 'valid' | 'invalid' | 'not-checked';
  readonly hashes: 'match' | 'mismatch' | 'not-checked';
  readonly logFilesListed: number;
  readonly logFilesChecked: number;
  readonly problems: readonly DigestProblem[];
  /** Log files that are there and could not be read: they prove nothing, in either direction. */
  readonly unread: readonly DigestProblem[];
  /** Why hours are not covered, null where none are missing. */
  readonly gap: string | null;
}

/**
 * Checks one CloudTrail digest file: signature, link to the one before, and hashes of the listed log files. Pure.
 * `valid` is said only when all three were checked. Format: "CloudTrail digest file structure", AWS CloudTrail User Guide.
 */
export function verifyDigest(input: DigestInput): DigestCheck {
  const { digest } = input;
  const hour = stringAt(digest, 'digestEndTime') ?? '';
  const file = stringAt(digest, 'digestS3Object') ?? '';
  const problems: DigestProblem[] = [];
  const signature = checkSignature(input);
  if (signature === 'invalid') problems.push({ hour, file, what: 'the signature of the digest does not fit' });
  const link = checkLink(input);
  if (link.broken !== null) problems.push({ hour, file: stringAt(digest, 'previousDigestS3Object') ?? file, what: link.broken });
  const logs = checkLogFiles(input, hour);
  problems.push(...logs.problems);
  const isComplete = logs.checked === logs.listed;
  const hashes = logs.problems.length > 0 || link.broken !== null ? 'mismatch' : isComplete ? 'match' : 'not-checked';
  const chain =
    problems.length > 0 ? 'broken' : link.gap !== null ? 'gap' : !isComplete ? null : signature === 'valid' ? 'valid' : 'unsigned';
  const { listed: logFilesListed, checked: logFilesChecked, unread } = logs;
  return { chain, signature, hashes, logFilesListed, logFilesChecked, problems, unread, gap: link.gap };
}

/** The string that CloudTrail signs: end time, bucket and key, hash of the digest, signature of the one before (`null` for a chain's first). */
export function stringToSign(digest: JsonObject, sha256: string): string {
  const place = `${stringAt(digest, 'digestS3Bucket') ?? ''}/${stringAt(digest, 'digestS3Object') ?? ''}`;
  return [stringAt(digest, 'digestEndTime') ?? '', place, sha256, stringAt(digest, 'previousDigestSignature') ?? 'null'].join('\n');
}

/** What tells chains apart: the digest's key without its date and time. */
export function chainOf(digest: JsonObject): string {
  const key = stringAt(digest, 'digestS3Object') ?? '';
  const name = key.slice(key.lastIndexOf('/') + 1).replace(/_\d{8}T\d{6}Z(?=[._])/, '');
  return `${stringAt(digest, 'digestS3Bucket') ?? ''}/${name}`;
}

function checkSignature(input: DigestInput): DigestCheck['signature'] {
  if (input.signature === null || input.publicKey === null) return 'not-checked';
  try {
    const key = createPublicKey({ key: Buffer.from(input.publicKey), format: 'der', type: 'pkcs1' });
    const signed = Buffer.from(stringToSign(input.digest, input.sha256));
    return verify('RSA-SHA256', signed, key, Buffer.from(input.signature, 'hex')) ? 'valid' : 'invalid';
  } catch (error) {
    // A key that is no key proves nothing, in either direction.
    if (Error.isError(error)) return 'not-checked';
    throw error;
  }
}

interface Link {
  readonly broken: string | null;
  readonly gap: string | null;
}

function checkLink({ digest, previous }: DigestInput): Link {
  const named = stringAt(digest, 'previousDigestS3Object');
  const start = stringAt(digest, 'digestStartTime') ?? '';
  if (previous === null) return { broken: null, gap: null };
  const end = stringAt(previous.digest, 'digestEndTime') ?? '';
  if (named === undefined) return { broken: null, gap: `a new chain begins at ${start}, after one that ended at ${end}` };
  if (named !== stringAt(previous.digest, 'digestS3Object')) {
    return { broken: null, gap: `no digest is at hand from ${end} to ${start}` };
  }
  if (stringAt(digest, 'previousDigestHashValue')?.toLowerCase() !== previous.sha256) {
    return { broken: 'the digest before was altered: its hash is not the one noted here', gap: null };
  }
  const noted = stringAt(digest, 'previousDigestSignature')?.toLowerCase();
  if (previous.signature !== null && noted !== previous.signature.toLowerCase()) {
    return { broken: 'the digest before carries another signature than the one noted here', gap: null };
  }
  return { broken: null, gap: null };
}

interface CheckedLogs {
  readonly listed: number;
  readonly checked: number;
  readonly problems: readonly DigestProblem[];
  readonly unread: readonly DigestProblem[];
}

function checkLogFiles(input: DigestInput, hour: string): CheckedLogs {
  const [problems, unread]: [DigestProblem[], DigestProblem[]] = [[], []];
  const listed = arrayAt(input.digest, 'logFiles');
  let checked = 0;
  for (const [i, log] of listed.entries()) {
    const state = input.logFiles[i] ?? 'not-held';
    if (state === 'not-held') continue;
    const file = stringAt(log, 's3Object') ?? '';
    if (typeof state === 'object' && 'unread' in state) {
      unread.push({ hour, file, what: `the log file could not be read (${state.unread})` });
      continue;
    }
    checked++;
    const what = faultOf(state, stringAt(log, 'hashValue')?.toLowerCase());
    if (what !== null) problems.push({ hour, file, what });
  }
  return { listed: listed.length, checked, problems, unread };
}

function faultOf(state: { readonly sha256: string } | 'damaged' | 'missing', listed: string | undefined): string | null {
  if (state === 'missing') return 'the listed log file is missing';
  if (state === 'damaged') return 'the log file was altered: it does not unpack';
  return state.sha256 === listed ? null : 'the log file was altered: its hash is not the listed one';
}
