// SPDX-License-Identifier: Apache-2.0
import type { NamedSegment } from '../../ledger/find-new-leaves.ts';
import { FirstFew } from '../../ledger/first-few.ts';
import type { LedgerStore } from '../../ledger/ledger-store.ts';
import { restoreHead } from '../../ledger/restore-head.ts';
import { type SealOutcome, seal } from '../../ledger/seal.ts';
import type { Signer } from '../../ledger/signer.ts';
import type { Vault } from '../../vault/vault.ts';
import { type SealTimer, sealTimerSchema } from '../deployment/timer-input.ts';
import { type FunctionHandler, functionChain } from './function-chain.ts';
import type { Telemetry } from './telemetry.ts';

/** Sends a message to whoever subscribed to the home's topic. */
export type Publish = (notice: { readonly subject: string; readonly text: string }) => Promise<void>;

/** What `seal` works with. */
export interface SealHandlerParts {
  readonly vault: Vault;
  readonly ledger: LedgerStore;
  readonly signer: Signer;
  /** The key that is being replaced; null where none is. */
  readonly previousSigner: Signer | null;
  readonly publish: Publish;
  readonly telemetry: Telemetry;
  readonly now: () => Date;
}

/** What `seal` answers. */
export interface SealAnswer {
  readonly added: number;
  readonly size: number;
  readonly damaged: number;
  readonly disturbed: number;
  readonly published: boolean;
}

/** The function that extends the ledger: every quarter of an hour by the days still written to, at night by all of the vault. */
export function sealHandler(telemetry: () => Telemetry, open: () => Promise<SealHandlerParts>): FunctionHandler<SealAnswer> {
  return functionChain({
    name: 'seal',
    event: sealTimerSchema,
    telemetry,
    run: async ({ extent }) => {
      const parts = await open();
      const { vault, ledger: store, signer, previousSigner } = parts;
      const sealParts = { vault, store, signer, ...(previousSigner === null ? {} : { previousSigner }) };
      const isRestored = await restoreLostHead(parts);
      const sealed = await seal(sealParts, extent === 'open-days' && !isRestored ? { prefixes: openDays(parts.now()) } : {});
      const outcome = extent === 'everything' ? await withLedger(sealed, store) : sealed;
      // First what was found: a topic that takes no message must not hide it.
      report(parts, extent, outcome);
      const published = extent === 'everything' && (await publishCheckpoint(parts, outcome));
      const { added, counts, checkpoint } = outcome;
      return { added, size: checkpoint?.checkpoint.size ?? 0, damaged: counts.damaged, disturbed: counts.disturbed, published };
    },
  });
}

/** Today and the day before, UTC: a collector that started before midnight writes under the day it had then, and clocks differ. */
export function openDays(now: Date): readonly string[] {
  return [-1, 0, 1].map((days) => `written=${new Date(now.getTime() + days * 86_400_000).toISOString().slice(0, 10)}/`);
}

/**
 * A table that is new, after a re-deployment or a loss, holds no head: it begins again where the newest checkpoint stands. Rings, as whoever can
 * delete the item may have done so.
 */
async function restoreLostHead({ ledger, signer, previousSigner, telemetry }: SealHandlerParts): Promise<boolean> {
  const keys = [signer, ...(previousSigner === null ? [] : [previousSigner])].map(({ verifierKey }) => verifierKey);
  const restored = await restoreHead(ledger, keys);
  if (restored === null) return false;
  telemetry.problem('ledger head restored', { size: restored.size });
  telemetry.count('vaultProblems', 1);
  return true;
}

/** The outcome with what was done to the ledger's own objects beside it. */
async function withLedger(outcome: SealOutcome, ledger: LedgerStore): Promise<SealOutcome> {
  const [disturbed, unseen] = [new FirstFew<NamedSegment>(), new FirstFew<NamedSegment>()];
  for await (const { path, what, reason } of ledger.listDisturbed()) {
    (what === 'unseen' ? unseen : disturbed).add({ key: `ledger/${path}`, reason });
  }
  const { counts } = outcome;
  return {
    ...outcome,
    disturbed: [...outcome.disturbed, ...disturbed.named],
    unseen: [...outcome.unseen, ...unseen.named],
    counts: { ...counts, disturbed: counts.disturbed + disturbed.count, unseen: counts.unseen + unseen.count },
  };
}

function report(
  { telemetry }: SealHandlerParts,
  extent: SealTimer['extent'],
  { added, damaged, disturbed, unseen, counts, checkpoint }: SealOutcome,
): void {
  const size = checkpoint?.checkpoint.size ?? 0;
  telemetry.line('sealed', { extent, added, size, ...counts });
  for (const { key, reason } of [...damaged, ...disturbed].slice(0, 50)) telemetry.problem('segment', { segment: key, reason });
  // Of one, as one reason is that of all; it accuses nobody, and so is no problem of the vault.
  for (const { key, reason } of unseen.slice(0, 1)) telemetry.problem('protection not seen', { segment: key, reason });
  telemetry.count('sealed', 1);
  telemetry.count('leavesSealed', added);
  telemetry.count('ledgerSize', size);
  telemetry.count('vaultProblems', counts.damaged + counts.disturbed);
  telemetry.count('foreignObjects', counts.foreign);
}

/** Hands the checkpoint out of reach: whoever keeps it notices when the ledger is rolled back or told anew. */
async function publishCheckpoint({ publish, signer, previousSigner }: SealHandlerParts, { checkpoint }: SealOutcome): Promise<boolean> {
  if (checkpoint === null) return false;
  const keys = [signer, ...(previousSigner === null ? [] : [previousSigner])].map(({ verifierKey }) => verifierKey);
  const text = [
    'Keep this message where the account that it comes from cannot reach it. An auditor verifies evidence against it:',
    'save the checkpoint and pass it with the key to `aims verify`.',
    '',
    ...keys.map((key) => `verifier key: ${key}`),
    '',
    checkpoint.note,
  ].join('\n');
  await publish({ subject: `AIMS Evidence checkpoint, ${checkpoint.checkpoint.size} segments`, text });
  return true;
}
