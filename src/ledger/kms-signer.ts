// SPDX-License-Identifier: Apache-2.0
import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { GetPublicKeyCommand, type KMSClient, SignCommand } from '@aws-sdk/client-kms';
import { kmsFailure } from './kms-failure.ts';
import { LedgerError } from './ledger-store.ts';
import { formatVerifierKey } from './note.ts';
import { ownKeyName } from './own-key-name.ts';
import type { Signer } from './signer.ts';

/** A key of KMS, and the name that it has in signed notes; without one the key's own hash names it. */
export interface KmsKey {
  readonly client: KMSClient;
  readonly keyArn: string;
  readonly name?: string;
}

/** The most that KMS signs unhashed; Ed25519 takes nothing hashed before: https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html, read 2026-11. */
const maxMessageBytes = 4_096;

/**
 * A signer whose Ed25519 key never leaves KMS; its notes verify as those of a key file do. Reads the public key once.
 * Throws LEDGER_KEY_WRONG for a key of another kind, LEDGER_KEY_UNREADABLE where the key cannot be used (denied, disabled, pending
 * deletion, absent), LEDGER_UNAVAILABLE where KMS does not answer.
 */
export async function openKmsSigner(key: KmsKey): Promise<Signer> {
  const publicKey = await readPublicKey(key);
  const raw = rawBytesOf(publicKey);
  const name = key.name ?? ownKeyName(raw);
  return { name, verifierKey: formatVerifierKey(name, raw), sign: (message) => signWith(key, publicKey, message) };
}

async function readPublicKey({ client, keyArn }: KmsKey): Promise<KeyObject> {
  const answer = await client.send(new GetPublicKeyCommand({ KeyId: keyArn })).catch((cause: unknown) => {
    throw kmsFailure({ action: 'kms:GetPublicKey', keyArn }, cause);
  });
  if (answer.KeySpec !== 'ECC_NIST_EDWARDS25519' || answer.PublicKey === undefined) {
    throw wrongKey(keyArn, `it is of spec ${answer.KeySpec ?? 'unknown'}; checkpoints need ECC_NIST_EDWARDS25519`);
  }
  return parsePublicKey(keyArn, answer.PublicKey);
}

function parsePublicKey(keyArn: string, der: Uint8Array): KeyObject {
  let key: KeyObject;
  try {
    key = createPublicKey({ key: Buffer.from(der), format: 'der', type: 'spki' });
  } catch (cause) {
    throw wrongKey(keyArn, `its public key is no SubjectPublicKeyInfo: ${Error.isError(cause) ? cause.message : String(cause)}`, cause);
  }
  if (key.asymmetricKeyType === 'ed25519') return key;
  throw wrongKey(keyArn, `its public key is of type ${key.asymmetricKeyType}; checkpoints need ed25519`);
}

// A SubjectPublicKeyInfo of Ed25519 ends in the 32 bytes of the key (RFC 8410 §4).
function rawBytesOf(publicKey: KeyObject): Uint8Array {
  return publicKey.export({ type: 'spki', format: 'der' }).subarray(-32);
}

async function signWith({ client, keyArn }: KmsKey, publicKey: KeyObject, message: Uint8Array): Promise<Uint8Array> {
  if (message.length > maxMessageBytes) {
    const what = `refusing to ask the key ${keyArn} for a signature over ${message.length} bytes: KMS signs at most ${maxMessageBytes}`;
    throw new LedgerError('LEDGER_KEY_UNREADABLE', what);
  }
  const request = new SignCommand({ KeyId: keyArn, Message: message, MessageType: 'RAW', SigningAlgorithm: 'ED25519_SHA_512' });
  const { Signature: signature } = await client.send(request).catch((cause: unknown) => {
    throw kmsFailure({ action: 'kms:Sign', keyArn }, cause);
  });
  // What is released cannot be taken back: a signature that nobody can verify must not get into a checkpoint.
  if (signature === undefined || !verify(null, message, publicKey, signature)) {
    throw wrongKey(keyArn, 'KMS answered with a signature that its own public key does not verify');
  }
  return signature;
}

function wrongKey(keyArn: string, what: string, cause?: unknown): LedgerError {
  return new LedgerError('LEDGER_KEY_WRONG', `refusing to sign with the key ${keyArn}: ${what}`, { cause });
}
