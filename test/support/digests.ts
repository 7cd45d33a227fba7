// SPDX-License-Identifier: Apache-2.0
import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { stringToSign } from '../../src/sources/cloudtrail/verify-digest.ts';

/** A digest file made as CloudTrail makes it, with its signature, and the log file it lists. */
export interface MadeDigest {
  readonly key: string;
  readonly text: string;
  readonly sha256: string;
  readonly signature: string;
  readonly logKey: string;
  readonly logText: string;
}

/** A signing key as ListPublicKeys gives it: DER, PKCS#1. */
export interface DigestKey {
  readonly privateKey: KeyObject;
  readonly publicKey: Buffer;
  readonly fingerprint: string;
}

/** Makes a key; once per test file, since RSA keys are slow to make. */
export function digestKey(): DigestKey {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const der = publicKey.export({ format: 'der', type: 'pkcs1' });
  return { privateKey, publicKey: der, fingerprint: createHash('md5').update(der).digest('hex') };
}

const account = '111122223333';
const root = `AWSLogs/${account}`;

/** Digests of successive hours from 2026-11-19 on, each naming the one before, each with one log file; `from` is the first hour. */
export function digestChain(key: DigestKey, hours: number, from = 0): MadeDigest[] {
  const made: MadeDigest[] = [];
  for (let i = 0; i < hours; i++) made.push(digestOf(key, from + i, made.at(-1) ?? null));
  return made;
}

/** `2026-11-19T01:00:00Z`, counted in hours from that day's beginning. */
function hourAt(hour: number): string {
  return new Date(Date.UTC(2026, 10, 19, hour)).toISOString().replace('.000Z', 'Z');
}

/** Folder and time in keys: `2026/11/19`, `20261119T01`. */
function inKeys(hour: number): { readonly day: string; readonly stamp: string } {
  const time = hourAt(hour);
  return { day: time.slice(0, 10).replaceAll('-', '/'), stamp: time.slice(0, 13).replaceAll('-', '') };
}

function digestOf(key: DigestKey, hour: number, previous: MadeDigest | null): MadeDigest {
  const [start, end] = [inKeys(hour), inKeys(hour + 1)];
  const logKey = `${root}/CloudTrail/eu-west-1/${start.day}/${account}_CloudTrail_eu-west-1_${start.stamp}30Z_x.json.gz`;
  const logText = `{"Records":[{"eventSource":"s3.amazonaws.com","eventName":"PutObject","eventTime":"${hourAt(hour).replace(':00:00', ':10:00')}","eventID":"e${hour}"}]}`;
  const digest = {
    awsAccountId: account,
    digestStartTime: hourAt(hour),
    digestEndTime: hourAt(hour + 1),
    digestS3Bucket: 'acme-audit-trail',
    digestS3Object: `${root}/CloudTrail-Digest/eu-west-1/${end.day}/${account}_CloudTrail-Digest_eu-west-1_main_eu-west-1_${end.stamp}0000Z.json.gz`,
    digestPublicKeyFingerprint: key.fingerprint,
    digestSignatureAlgorithm: 'SHA256withRSA',
    previousDigestS3Bucket: previous === null ? null : 'acme-audit-trail',
    previousDigestS3Object: previous?.key ?? null,
    previousDigestHashValue: previous?.sha256 ?? null,
    previousDigestHashAlgorithm: 'SHA-256',
    previousDigestSignature: previous?.signature ?? null,
    logFiles: [
      {
        s3Bucket: 'acme-audit-trail',
        s3Object: logKey,
        hashValue: createHash('sha256').update(logText).digest('hex'),
        hashAlgorithm: 'SHA-256',
      },
    ],
  };
  const text = JSON.stringify(digest);
  const sha256 = createHash('sha256').update(text).digest('hex');
  const signature = sign('RSA-SHA256', Buffer.from(stringToSign(digest, sha256)), key.privateKey).toString('hex');
  return { key: digest.digestS3Object, text, sha256, signature, logKey, logText };
}
