// SPDX-License-Identifier: Apache-2.0
import { availableParallelism } from 'node:os';
import { isSegmentKey, parseSegmentKey } from '../vault/segment-key.ts';
import { type Vault, VaultError } from '../vault/vault.ts';
import { KeySet } from './key-set.ts';
import { decodeLeaf, type LedgerLeaf } from './ledger-leaf.ts';
import { type Problem, ProblemList, type UnnamedProblems } from './ledger-problem.ts';
import type { LedgerStore } from './ledger-store.ts';
import { SegmentCheckers } from './segment-checkers.ts';
import { TileReader } from './tile-reader.ts';
import { tileWidth } from './tiles.ts';

/** How to verify a vault. */
export interface VaultVerificationOptions {
  /** Whether to compute every record's leaf hash; without it bytes, unpacking and record counts are checked. */
  readonly records?: boolean;
  /** Segments read at once; by default two for each thread, which is enough to hide a disk. */
  readonly readsAtOnce?: number;
  /** Worker threads; by default one per processor where there is enough to do for them. */
  readonly threads?: number;
  /** Day (UTC) before which segments may be lawfully gone, their retention being over: absent ones are counted and are no problem. */
  readonly expiredBefore?: string;
  /** Called after each segment, with how many are done and how many there are, as far as that is known by then. */
  readonly onProgress?: (done: number, of: number) => void;
}

/** What was checked, and everything that is wrong. */
export interface VaultVerification {
  /** `segments` are those of leaves; `bytes` as stored, `rawBytes` unpacked and `records` are of all that was read. */
  readonly checked: {
    readonly segments: number;
    /** Segments that are no leaf yet. */
    readonly unsealed: number;
    readonly bytes: number;
    readonly rawBytes: number;
    readonly records: number;
    /** Segments that are lawfully gone; the ledger outlives them. */
    readonly expired: number;
  };
  readonly problems: readonly Problem[];
  /** Problems beyond those that are named. */
  readonly unnamed: readonly UnnamedProblems[];
  /** Why the protection of some segments could not be seen; null where it was seen of all that were read. */
  readonly unseen: string | null;
}

/** A thread takes some 40 ms to start: less work than this is done sooner without. */
const leavesWorthThreads = 32;
const unsealed = 'it lies in the vault and is no leaf of the ledger: seal it, or find out who put it there';
/** Segments read ahead per thread of a disk; few enough to keep memory small. */
const readAhead = 2;

/**
 * Verifies a vault against the leaves of its ledger, both ways: every leaf's segment is there and is what the leaf says, and
 * nothing else lies there. What is no leaf yet is read too: "unsealed" is said only of what the next seal will take. The leaves
 * themselves are vouched for by `verifyLedger`. Failed checks are its answer.
 */
export async function verifyVault(vault: Vault, store: LedgerStore, options: VaultVerificationOptions = {}): Promise<VaultVerification> {
  const check = new VaultCheck(vault, store, options);
  return await check.run();
}

/** A segment to read: what its leaf says of it, or null where it has none yet. */
interface Claim {
  readonly key: string;
  readonly leaf: LedgerLeaf | null;
}

class VaultCheck {
  readonly #vault: Vault;
  readonly #store: LedgerStore;
  readonly #options: VaultVerificationOptions;
  readonly #problems = new ProblemList();
  readonly #keys = new KeySet();
  #unseen: string | null = null;
  readonly #checked = { segments: 0, unsealed: 0, bytes: 0, rawBytes: 0, records: 0, expired: 0 };
  #done = 0;
  /** Segments to read, as far as is known. */
  #known = 0;

  constructor(vault: Vault, store: LedgerStore, options: VaultVerificationOptions) {
    this.#vault = vault;
    this.#store = store;
    this.#options = options;
  }

  async run(): Promise<VaultVerification> {
    const size = (await this.#problems.attempt('head', () => this.#store.readHead()))?.size ?? 0;
    const threads = this.#options.threads ?? (size >= leavesWorthThreads ? availableParallelism() : 0);
    const checkers = new SegmentCheckers(threads);
    this.#known = size;
    try {
      await this.#checkEach(this.#leaves(size), checkers);
      await this.#problems.attempt('vault', () => this.#checkEach(this.#extra(), checkers));
    } finally {
      await checkers.close();
    }
    const { all: problems, unnamed } = this.#problems;
    return { checked: this.#checked, problems, unnamed, unseen: this.#unseen };
  }

  /** Checks segments as they are named, some at a time. */
  async #checkEach(claims: AsyncIterable<Claim>, checkers: SegmentCheckers): Promise<void> {
    const atOnce = this.#options.readsAtOnce ?? Math.max(1, checkers.threads) * readAhead;
    const running = new Set<Promise<void>>();
    try {
      for await (const claim of claims) {
        const one = this.#checkOne(claim, checkers).finally(() => {
          running.delete(one);
          this.#done += 1;
          this.#options.onProgress?.(this.#done, this.#known);
        });
        running.add(one);
        if (running.size >= atOnce) await Promise.race(running);
      }
    } finally {
      await Promise.all(running);
    }
  }

  /** The leaves of all bundles that can be read; the others are named. */
  async *#leaves(size: number): AsyncGenerator<Claim> {
    const reader = new TileReader(this.#store, size);
    for (let bundle = 0; bundle * tileWidth < size; bundle++) {
      const first = bundle * tileWidth;
      const entries = await this.#problems.attempt(`the segments of leaves ${first} to ${Math.min(size, first + tileWidth) - 1}`, () =>
        reader.entries(bundle),
      );
      for (const [index, data] of (entries ?? []).entries()) {
        const leaf = decodeLeaf(data);
        if (leaf === null) this.#problems.add('unreadable', `the segment of leaf ${first + index}`, 'the leaf names none');
        else if (this.#keys.add(leaf.key)) yield { key: leaf.key, leaf };
      }
    }
  }

  async #checkOne({ key, leaf }: Claim, checkers: SegmentCheckers): Promise<void> {
    try {
      const bytes = await this.#vault.get(key);
      const stored = bytes.length;
      const { rawBytes, records, problem } = await checkers.check({ key, bytes, leaf, records: this.#options.records ?? false });
      this.#checked[leaf === null ? 'unsealed' : 'segments'] += 1;
      this.#checked.bytes += stored;
      this.#checked.rawBytes += rawBytes;
      this.#checked.records += records;
      if (problem !== null) this.#problems.add('damaged', key, leaf === null ? `${problem}; no leaf of the ledger names it` : problem);
      else if (leaf === null) this.#problems.add('unsealed', key, unsealed);
    } catch (error) {
      if (!(error instanceof VaultError)) throw error;
      this.#noteUnread({ key, leaf }, error);
    }
  }

  #noteUnread({ key, leaf }: Claim, error: VaultError): void {
    const isGone = error.code === 'VAULT_KEY_ABSENT';
    if (isGone && this.#isExpired(key)) this.#checked.expired += leaf === null ? 0 : 1;
    else if (isGone && leaf !== null) this.#problems.add('missing', key, 'the ledger has a leaf for it, the vault does not hold it');
    else this.#problems.add('unreadable', key, error.message);
  }

  #isExpired(key: string): boolean {
    return parseSegmentKey(key).writtenOn < (this.#options.expiredBefore ?? '');
  }

  /** Segments that lie in the vault without a leaf. Names what is no segment, and what somebody did to any of it from outside. */
  async *#extra(): AsyncGenerator<Claim> {
    for await (const { key, disturbances = [] } of this.#vault.list('')) {
      for (const { what, reason } of disturbances) {
        if (what === 'unseen') this.#unseen ??= reason;
        else this.#problems.addDisturbed(what, key, reason);
      }
      if (!isSegmentKey(key)) this.#problems.add('foreign', key, 'it lies in the vault and is no segment');
      else if (!this.#keys.has(key)) {
        this.#known += 1;
        yield { key, leaf: null };
      }
    }
  }
}
