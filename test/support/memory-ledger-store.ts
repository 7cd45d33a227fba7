// SPDX-License-Identifier: Apache-2.0
import { type DisturbedPath, LedgerError, type LedgerHead, type LedgerStore } from '../../src/ledger/ledger-store.ts';

/** A ledger store in memory: fast enough for property tests. It keeps the port's contract like any other. */
export class MemoryLedgerStore implements LedgerStore {
  readonly tiles = new Map<string, Uint8Array>();
  readonly checkpoints: { size: number; note: string }[] = [];
  head: LedgerHead | null = null;

  async readHead(): Promise<LedgerHead | null> {
    return this.head;
  }

  async swapHead(expected: LedgerHead | null, next: { readonly size: number; readonly root: string }): Promise<LedgerHead> {
    if (next.size <= (expected?.size ?? 0)) throw new LedgerError('LEDGER_ROLLED_BACK', 'the head only grows');
    if (expected?.version !== this.head?.version || expected?.root !== this.head?.root) throw new LedgerError('LEDGER_HEAD_MOVED', 'moved');
    this.head = { ...next, version: String(Number(this.head?.version ?? -1) + 1) };
    return this.head;
  }

  async putTile(path: string, bytes: Uint8Array): Promise<void> {
    const held = this.tiles.get(path);
    if (held !== undefined && Buffer.compare(held, bytes) !== 0) throw new LedgerError('LEDGER_TILE_TAKEN', path);
    this.tiles.set(path, Buffer.from(bytes));
  }

  async getTile(path: string): Promise<Uint8Array> {
    const held = this.tiles.get(path);
    if (held === undefined) throw new LedgerError('LEDGER_TILE_ABSENT', `the ledger does not hold ${path}`);
    return held;
  }

  async putCheckpoint(size: number, note: string): Promise<void> {
    if (!this.checkpoints.some((kept) => kept.size === size && kept.note === note)) this.checkpoints.push({ size, note });
    this.checkpoints.sort((one, other) => one.size - other.size);
  }

  async *listCheckpoints(): AsyncGenerator<{ readonly size: number; readonly note: string }> {
    yield* this.checkpoints;
  }

  async newestCheckpoint(): Promise<{ readonly size: number; readonly note: string } | null> {
    return this.checkpoints.at(-1) ?? null;
  }

  async *listDisturbed(): AsyncGenerator<DisturbedPath> {
    // A map keeps one thing under a path.
  }
}
