// SPDX-License-Identifier: Apache-2.0
import { openSegmentBytes } from '../vault/open-segment.ts';
import type { SegmentSummary } from '../vault/segment.ts';
import { SegmentError } from '../vault/segment-error.ts';
import { isSegmentKey, parseSegmentKey } from '../vault/segment-key.ts';
import { type Vault, VaultError } from '../vault/vault.ts';
import type { FirstFew } from './first-few.ts';
import type { Disturbed, FoundDisturbed } from './found-disturbed.ts';
import type { KeySet } from './key-set.ts';
import type { LedgerLeaf } from './ledger-leaf.ts';
import { summariseSegment } from './summarise-segment.ts';

/** A segment, and what is wrong with it. */
export interface NamedSegment {
  readonly key: string;
  readonly reason: string;
}

/** A segment, and what somebody did to it. */
export interface DisturbedSegment extends NamedSegment {
  readonly what: Disturbed;
}

/** What a search came upon beside new leaves. */
export interface Findings {
  /** Segments that cannot be read. */
  readonly damaged: FirstFew<NamedSegment>;
  /** What lies in the vault and is no segment. */
  readonly foreign: FirstFew<string>;
  /** What somebody hid, covered or unprotected. */
  readonly disturbed: FoundDisturbed<NamedSegment>;
  /** Segments of which it could not be seen whether they are protected still. */
  readonly unseen: FirstFew<NamedSegment>;
}

/** A search of the vault for what is not in the ledger. */
export interface LeafSearch {
  readonly vault: Pick<Vault, 'get' | 'list'>;
  /** Keys that have their leaf; may grow while the search goes on. */
  readonly sealed: KeySet;
  /** Filled. */
  readonly found: Findings;
}

/** Where to search and what is known already. */
export interface LeafSearchOptions {
  /** Root and count of segments just written, by key, so that they need not be read again. */
  readonly fresh?: ReadonlyMap<string, SegmentSummary>;
  /** Where to look for segments: the whole vault by default, or the open days (`written=2026-11-21/`). */
  readonly prefixes?: readonly string[];
}

/** Leaves for the segments that have none yet, in order of key. */
export async function* findNewLeaves(search: LeafSearch, { fresh, prefixes = [''] }: LeafSearchOptions): AsyncGenerator<LedgerLeaf> {
  for (const prefix of prefixes.filter(isNotWithinOther)) {
    for await (const { key, disturbances = [] } of search.vault.list(prefix)) {
      for (const { what, reason } of disturbances) {
        if (what === 'unseen') search.found.unseen.add({ key, reason });
        else search.found.disturbed.add(what, { key, reason });
      }
      if (!isSegmentKey(key)) search.found.foreign.add(key);
      else if (!search.sealed.has(key)) {
        const summary = fresh?.get(key) ?? (await summarise(search, key));
        if (summary !== null) yield { key, sha256: parseSegmentKey(key).sha256, recordRoot: summary.recordRoot, records: summary.records };
      }
    }
  }
}

/** A key must not be found twice: it would become two leaves. */
function isNotWithinOther(prefix: string, index: number, all: readonly string[]): boolean {
  return all.every((other, i) => i === index || !prefix.startsWith(other) || (prefix === other && i > index));
}

/** Root and count from the stored bytes. Null, and named as damaged, where they cannot be read: the rest must still be sealed. */
async function summarise({ vault, found }: LeafSearch, key: string): Promise<SegmentSummary | null> {
  try {
    return summariseSegment(key, await openSegmentBytes(key, await vault.get(key)));
  } catch (error) {
    const isAboutSegment = error instanceof SegmentError || (error instanceof VaultError && error.code !== 'VAULT_UNAVAILABLE');
    if (!isAboutSegment) throw error;
    found.damaged.add({ key, reason: error.message });
    return null;
  }
}
