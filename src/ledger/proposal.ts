// SPDX-License-Identifier: Apache-2.0
import type { KeySet } from './key-set.ts';
import { decodeLeaf, encodeLeaf, type LedgerLeaf } from './ledger-leaf.ts';
import { LedgerError, type LedgerStore } from './ledger-store.ts';
import { indexPath, readEntries, writeEntries } from './tiles.ts';

/*
 * Which leaves follow a tree of n leaves, and in what order, is decided by who first writes the proposal at n. Everybody else takes
 * that one over, so all sealers write equal bytes to equal tiles: one that is killed half-way is finished by the next, and tiles,
 * which nothing may ever replace, cannot hold the leavings of an order that was given up.
 */

/** Where the leaves that follow a tree of `size` leaves are proposed. */
function proposalPath(size: number): string {
  return `proposal/${indexPath(size)}`;
}

/** The leaves already proposed to follow a tree of `size`, or null. Throws LEDGER_DAMAGED where they cannot be the work of a sealer. */
export async function readProposal(store: LedgerStore, size: number, sealed: KeySet): Promise<LedgerLeaf[] | null> {
  const path = proposalPath(size);
  const bytes = await store.getTile(path).catch((error: unknown) => {
    if (error instanceof LedgerError && error.code === 'LEDGER_TILE_ABSENT') return null;
    throw error;
  });
  if (bytes === null) return null;
  const leaves = (readEntries(bytes) ?? []).map(decodeLeaf).filter((leaf) => leaf !== null);
  const keys = new Set(leaves.map((leaf) => leaf.key));
  const isWhole = leaves.length > 0 && writeEntries(leaves.map(encodeLeaf)).equals(bytes);
  if (!isWhole || keys.size !== leaves.length || leaves.some((leaf) => sealed.has(leaf.key))) {
    throw new LedgerError('LEDGER_DAMAGED', `${path} does not hold leaves that could follow ${size}; refusing to seal`);
  }
  return leaves;
}

/** Proposes leaves; returns what was proposed first, which may be another sealer's. Durable when resolved. */
export async function proposeLeaves(
  store: LedgerStore,
  size: number,
  leaves: readonly LedgerLeaf[],
  sealed: KeySet,
): Promise<readonly LedgerLeaf[]> {
  try {
    await store.putTile(proposalPath(size), writeEntries(leaves.map(encodeLeaf)));
    return leaves;
  } catch (error) {
    if (!(error instanceof LedgerError) || error.code !== 'LEDGER_TILE_TAKEN') throw error;
    const first = await readProposal(store, size, sealed);
    if (first === null) throw error;
    return first;
  }
}
