// SPDX-License-Identifier: Apache-2.0
import type { Checkpoint } from './checkpoint.ts';
import { type Problem, ProblemList, type UnnamedProblems } from './ledger-problem.ts';
import type { LedgerHead, LedgerStore } from './ledger-store.ts';
import { parseVerifierKey } from './note.ts';
import { type SignedRoot, SignedRoots } from './signed-roots.ts';
import { TileEdge } from './tile-edge.ts';
import { TreeWalk } from './walk-tree.ts';

/** What a ledger is verified against. */
export interface LedgerPins {
  /** Keys of the log, best kept elsewhere than in the home; the replaced ones too where a key was replaced. */
  readonly verifierKeys: readonly string[];
  /** A signed note kept from earlier: nothing signed since may contradict it. */
  readonly checkpoint?: string;
}

/** What was checked, and everything that is wrong. */
export interface LedgerVerification {
  /** `pinnedCheckpoint`: whether the pinned one was compared with the tree of its size. */
  readonly checked: { readonly leaves: number; readonly tiles: number; readonly checkpoints: number; readonly pinnedCheckpoint: boolean };
  /** Committed size and root; null for a ledger without leaves. */
  readonly head: { readonly size: number; readonly root: string } | null;
  /** The newest checkpoint whose signature and root are right. */
  readonly newest: Checkpoint | null;
  readonly problems: readonly Problem[];
  /** Problems beyond those that are named. */
  readonly unnamed: readonly UnnamedProblems[];
  /** Why the protection of some of its objects could not be seen; null where it was seen of all that were read. */
  readonly unseen: string | null;
}

/**
 * Verifies a whole ledger: rebuilds the tree from the leaf data, compares every tile, and the root at the size of every kept checkpoint
 * and of the pinned one, with signatures. So all checkpoints are consistent with each other where there is no problem.
 * Failed checks are its answer; it throws only for a key that is none.
 */
export async function verifyLedger(store: LedgerStore, pins: LedgerPins): Promise<LedgerVerification> {
  return await new LedgerCheck(store, pins).run();
}

class LedgerCheck {
  readonly #store: LedgerStore;
  readonly #problems = new ProblemList();
  readonly #roots: SignedRoots;
  readonly #pinned: SignedRoot | null;
  #isPinCompared = false;
  #unseen: string | null = null;
  #newest: Checkpoint | null = null;

  constructor(store: LedgerStore, pins: LedgerPins) {
    this.#store = store;
    this.#roots = new SignedRoots(pins.verifierKeys.map(parseVerifierKey), this.#problems);
    this.#pinned = pins.checkpoint === undefined ? null : this.#roots.open('the pinned checkpoint', pins.checkpoint);
  }

  async run(): Promise<LedgerVerification> {
    const read = await this.#readHead();
    const head = read?.head ?? null;
    const walk = head === null ? null : new TreeWalk(this.#store, head, this.#problems);
    const signed = this.#roots.keptIn(this.#store);
    // Taken before the walk: a checkpoint of no leaves is right where its root is that of nothing.
    this.#comparePin(0, walk?.edge ?? new TileEdge());
    let next = await this.#compareAt(walk, signed, await nextOf(signed));
    if (walk !== null) {
      for await (const size of walk.sizes()) {
        this.#comparePin(size, walk.edge);
        if (size === next?.checkpoint.size) next = await this.#compareAt(walk, signed, next);
      }
      if (head !== null && walk.edge.size === head.size) await this.#finish(walk, head);
    }
    if (read !== null) this.#missPin(walk?.edge.size ?? 0, head);
    await this.#remaining(walk?.edge.size ?? 0, head, next, signed);
    // Last, as lost protection is known of what was read.
    await this.#problems.attempt('what lies in the ledger', () => this.#findDisturbed());
    return {
      checked: { ...(walk?.counts ?? { leaves: 0, tiles: 0 }), checkpoints: this.#roots.kept, pinnedCheckpoint: this.#isPinCompared },
      head: head === null ? null : { size: head.size, root: head.root },
      newest: this.#newest,
      problems: this.#problems.all,
      unnamed: this.#problems.unnamed,
      unseen: this.#unseen,
    };
  }

  /** Null, and a problem, where it cannot be read: nobody can say then that anything was rolled back. */
  async #readHead(): Promise<{ readonly head: LedgerHead | null } | null> {
    return await this.#problems.attempt('head', async () => ({ head: await this.#store.readHead() }));
  }

  /** Compares every kept checkpoint of the tree's present size; returns the first of a larger one. */
  async #compareAt(walk: TreeWalk | null, signed: AsyncGenerator<SignedRoot>, first: SignedRoot | null): Promise<SignedRoot | null> {
    let next = first;
    // Where there is no head, a checkpoint of no leaves is still compared: a ledger begins with one.
    const edge = walk?.edge ?? new TileEdge();
    const { size } = edge;
    if (next?.checkpoint.size !== size) return next;
    for (; next?.checkpoint.size === size; next = await nextOf(signed)) {
      if (this.#compare(next, edge)) this.#newest = next.checkpoint;
    }
    if (size > 0) await walk?.checkPartials();
    return next;
  }

  async #findDisturbed(): Promise<void> {
    for await (const { path, what, reason } of this.#store.listDisturbed()) {
      if (what === 'unseen') this.#unseen ??= reason;
      else this.#problems.addDisturbed(what, `ledger/${path}`, reason);
    }
  }

  #comparePin(size: number, edge: TileEdge): void {
    if (size !== this.#pinned?.checkpoint.size) return;
    this.#isPinCompared = true;
    this.#compare(this.#pinned, edge);
  }

  /** Names a pinned checkpoint of more leaves than could be rebuilt. It was kept before the head was read, so the head is no smaller of itself. */
  #missPin(rebuilt: number, head: LedgerHead | null): void {
    if (this.#pinned === null || this.#isPinCompared) return;
    const { item, checkpoint } = this.#pinned;
    if (checkpoint.size > (head?.size ?? 0)) this.#problems.add('rolled-back', item, beyondHead(checkpoint.size, head?.size ?? 0));
    else this.#problems.add('damaged', item, notRebuilt(checkpoint.size, rebuilt));
  }

  #compare({ item, checkpoint }: SignedRoot, edge: TileEdge): boolean {
    const root = edge.root();
    if (root.equals(checkpoint.root)) return true;
    const reason = `${Buffer.from(checkpoint.root).toString('base64')} was signed, the first ${checkpoint.size} leaves give ${root.toString('base64')}`;
    this.#problems.add('forked', item, reason);
    return false;
  }

  async #finish(walk: TreeWalk, head: LedgerHead): Promise<void> {
    const root = walk.edge.root().toString('hex');
    if (root !== head.root) this.#problems.add('damaged', 'head', `it says root ${head.root}, its ${head.size} leaves give ${root}`);
    if (this.#newest?.size === head.size) return;
    await walk.checkPartials();
    const since = this.#newest === null ? 'no checkpoint was signed' : `the newest good checkpoint has ${this.#newest.size}`;
    this.#problems.add('unsigned', 'head', `it has ${head.size} leaves, ${since}: seal again`);
  }

  /** Kept checkpoints that were signed for more leaves than could be rebuilt. */
  async #remaining(rebuilt: number, head: LedgerHead | null, first: SignedRoot | null, signed: AsyncGenerator<SignedRoot>): Promise<void> {
    const beyond: SignedRoot[] = [];
    for (let next = first; next !== null; next = await nextOf(signed)) if (next.checkpoint.size > rebuilt) beyond.push(next);
    if (beyond.length === 0) return;
    // A sealer may have gone on since the walk began: its head was moved before its checkpoint was signed.
    const read = await this.#readHead();
    if (read === null) return;
    const now = read.head?.size ?? 0;
    for (const { item, checkpoint } of beyond) {
      const { size } = checkpoint;
      if (size > now) this.#problems.add('rolled-back', item, beyondHead(size, now));
      else if (size <= (head?.size ?? 0)) this.#problems.add('damaged', item, notRebuilt(size, rebuilt));
    }
  }
}

function beyondHead(size: number, held: number): string {
  return `it was signed for ${size} leaves, the ledger has ${held}`;
}

function notRebuilt(size: number, rebuilt: number): string {
  return `only ${rebuilt} of its ${size} leaves could be rebuilt`;
}

async function nextOf(signed: AsyncGenerator<SignedRoot>): Promise<SignedRoot | null> {
  const next = await signed.next();
  return next.done === true ? null : next.value;
}
