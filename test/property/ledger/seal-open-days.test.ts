// SPDX-License-Identifier: Apache-2.0
import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { seal } from '../../../src/ledger/seal.ts';
import type { Signer } from '../../../src/ledger/signer.ts';
import { verifyLedger } from '../../../src/ledger/verify-ledger.ts';
import type { Segment } from '../../../src/vault/segment.ts';
import { type FailureMoment, failingStore, PlannedFailure, WritePlan } from '../../support/failing.ts';
import { SignedHistory } from '../../support/ledger-invariants.ts';
import { MemoryLedgerStore } from '../../support/memory-ledger-store.ts';
import { MemoryVault } from '../../support/memory-vault.ts';
import { segmentOf } from '../../support/sealed-lines.ts';
import { testSigner } from '../../support/test-signer.ts';

const days = ['2026-11-18', '2026-11-19', '2026-11-20', '2026-11-21'] as const;
const perDay = 12;
let segments: Segment[][] = [];
let signer: Signer;
beforeAll(async () => {
  const names = Array.from({ length: perDay }, (_, i) => `s${i}`);
  segments = await Promise.all(days.map((day) => Promise.all(names.map((name) => segmentOf(name, 1, day)))));
  signer = testSigner('log.example/days');
});

interface Round {
  /** Days, by number, on which a segment each is written. */
  readonly writes: readonly number[];
  /** First open day; null for a seal over everything. */
  readonly from: number | null;
  readonly failAt: number;
  readonly moment: FailureMoment;
  readonly sealers: number;
}

const day = fc.integer({ min: 0, max: days.length - 1 });
const round = fc.record<Round>({
  writes: fc.array(day, { maxLength: 5 }),
  from: fc.option(day),
  failAt: fc.integer({ min: 0, max: 12 }),
  moment: fc.constantFrom<FailureMoment>('before', 'after'),
  sealers: fc.integer({ min: 1, max: 3 }),
});

describe('sealing open days and everything in any order', () => {
  it('makes each segment one leaf of one history, whatever fails', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(round, { minLength: 1, maxLength: 6 }), fc.integer({ min: 1, max: 4 }), async (rounds, leavesPerStep) => {
        const vault = new MemoryVault();
        const store = new MemoryLedgerStore();
        const history = new SignedHistory(signer.verifierKey);
        const written = days.map(() => 0);
        for (const { writes, from, failAt, moment, sealers } of rounds) {
          for (const number of writes) {
            const segment = segments[number]?.[written[number] ?? 0];
            written[number] = (written[number] ?? 0) + 1;
            if (segment !== undefined) await vault.put(segment.key, segment.bytes);
          }
          const prefixes = from === null ? [''] : days.slice(from).map((one) => `written=${one}/`);
          const failing = failingStore(store, new WritePlan(failAt, moment));
          const seals = Array.from({ length: sealers }, () => seal({ vault, store: failing, signer }, { leavesPerStep, prefixes }));
          for (const result of await Promise.allSettled(seals)) {
            if (result.status === 'rejected' && !(result.reason instanceof PlannedFailure)) throw result.reason;
          }
          await history.check(store);
        }
        await seal({ vault, store, signer });
        await history.check(store);
        const { problems, checked } = await verifyLedger(store, { verifierKeys: [signer.verifierKey] });
        expect({ problems, leaves: checked.leaves }).toEqual({ problems: [], leaves: vault.objects.size });
      }),
      { numRuns: 150 },
    );
  });
});
