// SPDX-License-Identifier: Apache-2.0
import { LedgerError } from './ledger-store.ts';
import { hashBytes } from './merkle.ts';
import { decodeBase64, type VerifierKey, verifyNote } from './note.ts';

// Transparency log checkpoints: https://c2sp.org/tlog-checkpoint, read 2026-11.

/** A tree head: what a checkpoint signs. */
export interface Checkpoint {
  /** The log's name, the same in all its checkpoints. */
  readonly origin: string;
  readonly size: number;
  /** 32 bytes. */
  readonly root: Uint8Array;
  /** Further signed lines, opaque to us. */
  readonly extensions: readonly string[];
}

/** The text that is signed. */
export function formatCheckpoint({ origin, size, root, extensions }: Checkpoint): string {
  return [origin, String(size), Buffer.from(root).toString('base64'), ...extensions, ''].join('\n');
}

/** Reads the text of a checkpoint. Throws LEDGER_CHECKPOINT_INVALID. */
export function parseCheckpoint(text: string): Checkpoint {
  const lines = text.split('\n');
  if (lines.pop() !== '' || lines.includes('')) throw invalid('lines that are not empty, each with its line end');
  const [origin, sizeText, rootText, ...extensions] = lines;
  if (origin === undefined || sizeText === undefined || rootText === undefined) throw invalid('origin, size and root');
  const size = Number(sizeText);
  if (!/^(0|[1-9]\d*)$/.test(sizeText) || !Number.isSafeInteger(size)) throw invalid('a decimal tree size');
  const root = decodeBase64(rootText);
  if (root === null || root.length !== hashBytes) throw invalid(`a root hash of ${hashBytes} bytes in base64`);
  return { origin, size, root, extensions };
}

function invalid(needed: string): LedgerError {
  return new LedgerError('LEDGER_CHECKPOINT_INVALID', `not a checkpoint: it needs ${needed}`);
}

/** The checkpoint in a signed note, its signature verified with at least one of `keys`. Throws LEDGER_CHECKPOINT_INVALID. */
export function openCheckpoint(note: string, keys: readonly VerifierKey[]): Checkpoint {
  return parseCheckpoint(verifyNote(note, keys).text);
}
