// SPDX-License-Identifier: Apache-2.0
import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { LedgerStore } from '../../../src/ledger/ledger-store.ts';
import { seal } from '../../../src/ledger/seal.ts';
import type { Signer } from '../../../src/ledger/signer.ts';
import { startLedger } from '../../../src/ledger/start-ledger.ts';
import { verifyLedger } from '../../../src/ledger/verify-ledger.ts';
import { verifyVault } from '../../../src/ledger/verify-vault.ts';
import type { Segment } from '../../../src/vault/segment.ts';
import { type FailureMoment, failingStore, failingVault, PlannedFailure, WritePlan } from '../../support/failing.ts';
import { SignedHistory } from '../../support/ledger-invariants.ts';
import { MemoryLedgerStore } from '../../support/memory-ledger-store.ts';
import { MemoryVault } from '../../support/memory-vault.ts';
import { segmentOf } from '../../support/sealed-lines.ts';
import { testSigner } from '../../support/test-signer.ts';

let segments: Segment[] = [];
let signer: Signer;
beforeAll(async () => {
  segments = await Promise.all(Array.from({ length: 40 }, (_, i) => segmentOf(`s${i}`, 1)));
  signer = testSigner('log.example/test');
});

async function expectWhole(vault: MemoryVault, store: LedgerStore): Promise<void> {
  const ledger = await verifyLedger(store, { verifierKeys: [signer.verifierKey] });
  expect(ledger.problems).toEqual([]);
  expect(ledger.head?.size ?? 0).toBe(vault.objects.size);
  expect((await verifyVault(vault, store, { records: true, threads: 0 })).problems).toEqual([]);
}

/** Puts and seals in rounds; every round's work may fail at one of its writes, once before and once after the effect. */
async function runRounds(
  rounds: readonly { count: number; failAt: number; moment: FailureMoment }[],
  step: number,
  isStarted = false,
): Promise<void> {
  const vault = new MemoryVault();
  const store = new MemoryLedgerStore();
  if (isStarted) await startLedger(store, signer);
  const history = new SignedHistory(signer.verifierKey);
  let next = 0;
  for (const { count, failAt, moment } of rounds) {
    const plan = new WritePlan(failAt, moment);
    try {
      for (const segment of segments.slice(next, next + count)) await failingVault(vault, plan).put(segment.key, segment.bytes);
      await seal({ vault, store: failingStore(store, plan), signer }, { leavesPerStep: step });
    } catch (error) {
      if (!(error instanceof PlannedFailure)) throw error;
    }
    next += count;
    await history.check(store);
  }
  const last = await seal({ vault, store, signer });
  expect(last.checkpoint?.checkpoint.size ?? 0).toBe(vault.objects.size);
  await history.check(store);
  await expectWhole(vault, store);
}

describe('sealing', () => {
  it.each(['before', 'after'] as const)('goes on after a failure %s each of its writes, with one history', async (moment) => {
    const whole = new WritePlan(0, moment);
    const vault = new MemoryVault();
    for (const segment of segments.slice(0, 5)) await failingVault(vault, whole).put(segment.key, segment.bytes);
    await seal({ vault, store: failingStore(new MemoryLedgerStore(), whole), signer }, { leavesPerStep: 2 });
    expect(whole.writes).toBeGreaterThan(15);
    for (let failAt = 1; failAt <= whole.writes; failAt++) {
      // What a failed round began must be finished although other segments, sorted before its own, came since.
      await runRounds(
        [
          { count: 5, failAt, moment },
          { count: 3, failAt: 0, moment },
        ],
        2,
      );
    }
  });

  it('keeps one history whatever fails, in whatever round', async () => {
    const round = fc.record({
      count: fc.integer({ min: 0, max: 8 }),
      failAt: fc.integer({ min: 0, max: 20 }),
      moment: fc.constantFrom<FailureMoment>('before', 'after'),
    });
    const rounds = fc.array(round, { minLength: 1, maxLength: 5 });
    await fc.assert(fc.asyncProperty(rounds, fc.integer({ min: 1, max: 5 }), fc.boolean(), runRounds), { numRuns: 60 });
  });

  it('lets sealers at once, in every interleaving tried, sign one history', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.integer({ min: 2, max: 3 }), fc.boolean(), async (scheduler, sealers, isStarting) => {
        const vault = new MemoryVault();
        const store = new MemoryLedgerStore();
        for (const segment of segments.slice(0, 6)) await vault.put(segment.key, segment.bytes);
        const history = new SignedHistory(signer.verifierKey);
        const runs = Array.from({ length: sealers }, () =>
          seal({ vault, store: scheduled(store, scheduler), signer }, { leavesPerStep: 2 }),
        );
        // A home that is being made by another process signs its empty tree whenever it comes to that.
        const start = isStarting ? startLedger(scheduled(store, scheduler), signer) : Promise.resolve();
        const all = Promise.all(runs);
        await scheduler.waitFor(Promise.all([all, start]));
        await history.check(store);
        const added = (await all).reduce((sum, outcome) => sum + outcome.added, 0);
        expect(added).toBe(6);
        await expectWhole(vault, store);
      }),
      { numRuns: 40 },
    );
  });
});

/** A store whose calls each wait for their turn in an order that fast-check chooses. */
function scheduled(store: LedgerStore, scheduler: fc.Scheduler): LedgerStore {
  return {
    readHead: scheduler.scheduleFunction(() => store.readHead()),
    swapHead: scheduler.scheduleFunction((expected, next) => store.swapHead(expected, next)),
    putTile: scheduler.scheduleFunction((path, bytes) => store.putTile(path, bytes)),
    getTile: (path) => store.getTile(path),
    putCheckpoint: scheduler.scheduleFunction((size, note) => store.putCheckpoint(size, note)),
    listCheckpoints: () => store.listCheckpoints(),
    newestCheckpoint: scheduler.scheduleFunction(() => store.newestCheckpoint()),
    listDisturbed: () => store.listDisturbed(),
  };
}
