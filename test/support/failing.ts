// SPDX-License-Identifier: Apache-2.0
import type { LedgerStore } from '../../src/ledger/ledger-store.ts';
import type { Vault } from '../../src/vault/vault.ts';

/** When a double fails: before a write, or after it took effect. */
export type FailureMoment = 'before' | 'after';

/** Thrown by a double where it was told to fail. */
export class PlannedFailure extends Error {}

/** Counts writes, and does `act` at the chosen one: `act` throws, kills the process, or waits. */
export class WritePlan {
  writes = 0;
  readonly #at: number;
  readonly #moment: FailureMoment;
  readonly #act: (what: string) => void;

  constructor(at: number, moment: FailureMoment, act: (what: string) => void = fail) {
    this.#at = at;
    this.#moment = moment;
    this.#act = act;
  }

  /** Runs a write with the failure that is planned for it. */
  async around<T>(what: string, write: () => Promise<T>): Promise<T> {
    const isChosen = ++this.writes === this.#at;
    if (isChosen && this.#moment === 'before') this.#act(what);
    const result = await write();
    if (isChosen && this.#moment === 'after') this.#act(what);
    return result;
  }
}

function fail(what: string): never {
  throw new PlannedFailure(`planned failure of ${what}`);
}

/** A ledger store whose writes go through a plan. */
export function failingStore(store: LedgerStore, plan: WritePlan): LedgerStore {
  return {
    readHead: () => store.readHead(),
    swapHead: (expected, next) => plan.around('swapHead', () => store.swapHead(expected, next)),
    putTile: (path, bytes) => plan.around(`putTile ${path}`, () => store.putTile(path, bytes)),
    getTile: (path) => store.getTile(path),
    putCheckpoint: (size, note) => plan.around('putCheckpoint', () => store.putCheckpoint(size, note)),
    listCheckpoints: () => store.listCheckpoints(),
    newestCheckpoint: () => store.newestCheckpoint(),
    listDisturbed: () => store.listDisturbed(),
  };
}

/** A vault whose writes go through a plan. */
export function failingVault(vault: Vault, plan: WritePlan): Vault {
  return {
    put: (key, bytes) => plan.around(`put ${key}`, () => vault.put(key, bytes)),
    get: (key) => vault.get(key),
    has: (key) => vault.has(key),
    list: (prefix) => vault.list(prefix),
  };
}
