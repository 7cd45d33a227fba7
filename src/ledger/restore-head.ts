// SPDX-License-Identifier: Apache-2.0
import { LedgerError, type LedgerHead, type LedgerStore } from './ledger-store.ts';
import { sameHash } from './merkle.ts';
import { TileReader } from './tile-reader.ts';
import { readNewestCheckpoint } from './trusted-head.ts';

/**
 * Gives a ledger whose head was lost (its table was deleted, say) the head of its newest checkpoint, which must be signed by one of
 * `verifierKeys` and be what the tiles give. Nothing can fork by it: leaves that a lost, larger head had committed to were proposed first,
 * and the next seal finishes that proposal. Null where the ledger has a head (another sealer restored it, say) or never had a
 * checkpoint of leaves; those are left alone. Seal everything afterwards: a mark of an open day may tell of leaves that the restored head
 * has not reached again.
 */
export async function restoreHead(store: LedgerStore, verifierKeys: readonly string[]): Promise<LedgerHead | null> {
  if ((await store.readHead()) !== null) return null;
  const newest = await readNewestCheckpoint(store, verifierKeys);
  // A checkpoint of no leaves: the ledger was begun and never had a head.
  if (newest === null || newest.checkpoint.size === 0) return null;
  const { size, root } = newest.checkpoint;
  const rebuilt = (await new TileReader(store, size).edge()).root();
  if (!sameHash(rebuilt, root)) {
    throw new LedgerError(
      'LEDGER_DAMAGED',
      `the tiles of ${size} leaves do not give the root that was signed; refusing to restore the head`,
    );
  }
  return await store.swapHead(null, { size, root: Buffer.from(root).toString('hex') }).catch((error: unknown) => {
    if (error instanceof LedgerError && error.code === 'LEDGER_HEAD_MOVED') return null;
    throw error;
  });
}
