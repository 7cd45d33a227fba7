// SPDX-License-Identifier: Apache-2.0
import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { LedgerError } from './ledger-store.ts';
import { sha256 } from './merkle.ts';
import type { Signer } from './signer.ts';

// Signed notes: https://c2sp.org/signed-note, read 2026-11.

const ed25519Type = 0x01;
const publicKeyBytes = 32;
const keyIdBytes = 4;
/** A verifier must accept 16 signatures and should set a limit. */
const maxSignatures = 64;
// The fixed head of an Ed25519 SubjectPublicKeyInfo (RFC 8410 §4); the raw key follows it.
const ed25519SpkiHead = Buffer.from('302a300506032b6570032100', 'hex');

/** A key that signed notes are checked with. */
export interface VerifierKey {
  readonly name: string;
  /** 8 hex digits. */
  readonly keyId: string;
  readonly publicKey: KeyObject;
}

/** One signature line of a note. */
interface NoteSignature {
  readonly name: string;
  readonly keyId: string;
  readonly signature: Uint8Array;
}

/** A note taken apart; nothing is verified by that. */
export interface Note {
  /** The signed text, its last line end included. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** A verifier key (`name+id+base64`) from an Ed25519 public key of 32 bytes. */
export function formatVerifierKey(name: string, publicKey: Uint8Array): string {
  if (!isKeyName(name)) throw new LedgerError('LEDGER_KEY_WRONG', `a key name has no space and no plus: ${JSON.stringify(name)}`);
  const typed = Buffer.concat([Uint8Array.of(ed25519Type), publicKey]);
  return `${name}+${keyIdOf(name, typed)}+${typed.toString('base64')}`;
}

/** Reads a verifier key. Throws LEDGER_KEY_WRONG where it is not one of Ed25519. */
export function parseVerifierKey(text: string): VerifierKey {
  const parts = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(text.trim());
  const [, name = '', keyId = '', encoded = ''] = parts ?? [];
  const typed = decodeBase64(encoded);
  if (!isKeyName(name) || typed === null || typed.length !== 1 + publicKeyBytes || typed[0] !== ed25519Type) {
    throw new LedgerError('LEDGER_KEY_WRONG', `not an Ed25519 verifier key (name+id+base64): ${JSON.stringify(text.trim().slice(0, 200))}`);
  }
  if (keyIdOf(name, typed) !== keyId) {
    throw new LedgerError('LEDGER_KEY_WRONG', `the id ${keyId} in the verifier key ${name} is not that of its key: copied badly?`);
  }
  const publicKey = createPublicKey({ key: Buffer.concat([ed25519SpkiHead, typed.subarray(1)]), format: 'der', type: 'spki' });
  return { name, keyId, publicKey };
}

function keyIdOf(name: string, typedKey: Uint8Array): string {
  return sha256(Buffer.concat([Buffer.from(`${name}\n`), typedKey]))
    .subarray(0, keyIdBytes)
    .toString('hex');
}

/** Signs a text that ends in a line end; more than one signer where a key is being replaced. */
export async function signNote(text: string, signers: readonly Signer[]): Promise<string> {
  const lines: string[] = [];
  for (const signer of signers) {
    const { keyId } = parseVerifierKey(signer.verifierKey);
    const signature = await signer.sign(Buffer.from(text, 'utf8'));
    lines.push(`— ${signer.name} ${Buffer.concat([Buffer.from(keyId, 'hex'), signature]).toString('base64')}\n`);
  }
  return `${text}\n${lines.join('')}`;
}

/** Takes a note apart. Throws LEDGER_CHECKPOINT_INVALID where it has not the form of one. */
export function parseNote(note: string): Note {
  const blank = note.lastIndexOf('\n\n');
  if (blank < 0 || !note.endsWith('\n') || /[\u0000-\u0009\u000b-\u001f]/.test(note)) throw notANote('text, empty line, signatures');
  const lines = note.slice(blank + 2, -1).split('\n');
  if (lines.length > maxSignatures) throw notANote(`at most ${maxSignatures} signatures`);
  return { text: note.slice(0, blank + 1), signatures: lines.map(parseSignature) };
}

function parseSignature(line: string): NoteSignature {
  const [, name = '', encoded = ''] = /^— (\S+) (\S+)$/u.exec(line) ?? [];
  const bytes = decodeBase64(encoded);
  if (!isKeyName(name) || bytes === null || bytes.length <= keyIdBytes) throw notANote('signature lines (— name base64)');
  return { name, keyId: bytes.subarray(0, keyIdBytes).toString('hex'), signature: bytes.subarray(keyIdBytes) };
}

function notANote(needed: string): LedgerError {
  return new LedgerError('LEDGER_CHECKPOINT_INVALID', `not a signed note: it needs ${needed}`);
}

/**
 * The keys that signed the note. Signatures by other keys are passed over, as the format demands;
 * one by a known key that does not verify makes the whole note invalid, and so does the lack of any.
 */
export function verifyNote(
  note: string,
  keys: readonly VerifierKey[],
): { readonly text: string; readonly signedBy: readonly VerifierKey[] } {
  const { text, signatures } = parseNote(note);
  const signedBy: VerifierKey[] = [];
  for (const { name, keyId, signature } of signatures) {
    const key = keys.find((known) => known.name === name && known.keyId === keyId);
    if (key === undefined) continue;
    if (!verify(null, Buffer.from(text, 'utf8'), key.publicKey, signature)) {
      throw new LedgerError('LEDGER_CHECKPOINT_INVALID', `the signature of ${name} does not fit the text`);
    }
    signedBy.push(key);
  }
  if (signedBy.length === 0) {
    const named = keys.map((key) => `${key.name} (${key.keyId})`).join(', ');
    throw new LedgerError(
      'LEDGER_CHECKPOINT_INVALID',
      `not signed by ${named}, but by ${signatures.map((s) => `${s.name} (${s.keyId})`).join(', ')}`,
    );
  }
  return { text, signedBy };
}

function isKeyName(name: string): boolean {
  return name !== '' && !/[\s+]/u.test(name);
}

/** Standard base64 in its one spelling, or null: a second spelling of a signature would be a second note. */
export function decodeBase64(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64');
  return text !== '' && bytes.toString('base64') === text ? bytes : null;
}
