// SPDX-License-Identifier: Apache-2.0
import { type Checkpoint, openCheckpoint } from './checkpoint.ts';
import { LedgerError, type LedgerHead, type LedgerStore } from './ledger-store.ts';
import { sameHash } from './merkle.ts';
import { parseNote, parseVerifierKey } from './note.ts';
import { TileEdge } from './tile-edge.ts';
import { TileReader } from './tile-reader.ts';

/** The committed tree, found to be what was signed so far. */
export interface TrustedHead {
  readonly head: LedgerHead | null;
  /** To append to. */
  readonly edge: TileEdge;
  /** The newest kept checkpoint, its signature verified. */
  readonly newest: SignedCheckpoint | null;
}

/** A checkpoint and the note it came in. */
export interface SignedCheckpoint {
  readonly checkpoint: Checkpoint;
  readonly note: string;
}

/**
 * Reads head and right edge, and refuses to build on anything that is not a continuation of the newest checkpoint signed by one of
 * `verifierKeys`: LEDGER_ROLLED_BACK for a smaller tree, LEDGER_DAMAGED for another one, LEDGER_KEY_WRONG for a checkpoint by other keys.
 */
export async function readTrustedHead(store: LedgerStore, verifierKeys: readonly string[]): Promise<TrustedHead> {
  // First the checkpoint, then the head: another sealer may move both in between, and the head always moves first.
  const newest = await readNewestCheckpoint(store, verifierKeys);
  const head = await store.readHead();
  if (newest !== null && (head?.size ?? 0) < newest.checkpoint.size) {
    const { size } = newest.checkpoint;
    throw new LedgerError(
      'LEDGER_ROLLED_BACK',
      `a checkpoint of ${size} leaves was signed, the ledger has ${head?.size ?? 0}: refusing to sign`,
    );
  }
  if (head === null) return { head, edge: new TileEdge(), newest };
  const reader = new TileReader(store, head.size);
  const edge = await reader.edge();
  const root = edge.root().toString('hex');
  if (root !== head.root) throw rewritten(`its tiles give root ${root}, its head of ${head.size} leaves says ${head.root}`);
  if (newest !== null) await refuseOtherHistory(reader, newest.checkpoint);
  return { head, edge, newest };
}

async function refuseOtherHistory(reader: TileReader, { size, root }: Checkpoint): Promise<void> {
  const rebuilt = await reader.root({ start: 0, end: size });
  if (!sameHash(rebuilt, root)) throw rewritten(`its first ${size} leaves are not those of the checkpoint signed at that size`);
}

function rewritten(what: string): LedgerError {
  return new LedgerError('LEDGER_DAMAGED', `the ledger was changed: ${what}; refusing to sign`);
}

/**
 * The newest kept checkpoint, verified, or null for a ledger that has none. `keysFrom` says to people where the keys were found, such as the
 * path of a key file. Throws LEDGER_KEY_WRONG and LEDGER_CHECKPOINT_INVALID.
 */
export async function readNewestCheckpoint(
  store: LedgerStore,
  verifierKeys: readonly string[],
  keysFrom = 'the signer',
): Promise<SignedCheckpoint | null> {
  const kept = await store.newestCheckpoint();
  if (kept === null) return null;
  const keys = verifierKeys.map(parseVerifierKey);
  const { signatures } = parseNote(kept.note);
  if (!signatures.some((line) => keys.some((key) => key.name === line.name && key.keyId === line.keyId))) {
    const by = signatures.map((line) => `${line.name} (${line.keyId})`).join(', ');
    const ours = keys.map((key) => `${key.name} (${key.keyId})`).join(', ');
    throw new LedgerError(
      'LEDGER_KEY_WRONG',
      `the ledger is signed by ${by}, not by ${ours}, the key of ${keysFrom}: put this ledger's own key back, from your backup`,
    );
  }
  const checkpoint = openCheckpoint(kept.note, keys);
  if (checkpoint.size !== kept.size) {
    throw new LedgerError('LEDGER_DAMAGED', `the checkpoint kept for ${kept.size} leaves is one for ${checkpoint.size}`);
  }
  return { checkpoint, note: kept.note };
}
