// SPDX-License-Identifier: Apache-2.0
import type { LedgerStore } from './ledger-store.ts';

/** Keeps the head of a ledger whose tiles lie in a store that cannot compare and swap. Promises what `LedgerStore` promises of the head. */
export type LedgerHeadStore = Pick<LedgerStore, 'readHead' | 'swapHead'>;
