// SPDX-License-Identifier: Apache-2.0
import { formatCheckpoint } from './checkpoint.ts';
import type { LedgerStore } from './ledger-store.ts';
import { emptyRoot } from './merkle.ts';
import { signNote } from './note.ts';
import type { Signer } from './signer.ts';

/**
 * Signs the tree without leaves in a ledger that holds nothing yet: from then on its first seal is like every other, and evidence that waits for
 * it can be told from a home whose signatures are gone. Every later tree continues this one, whoever seals it. A ledger that was begun is left alone.
 */
export async function startLedger(store: LedgerStore, signer: Signer): Promise<void> {
  if ((await store.newestCheckpoint()) !== null || (await store.readHead()) !== null) return;
  const text = formatCheckpoint({ origin: signer.name, size: 0, root: emptyRoot, extensions: [] });
  await store.putCheckpoint(0, await signNote(text, [signer]));
}
