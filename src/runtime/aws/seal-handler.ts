// SPDX-License-Identifier: Apache-2.0
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
      const outcome = await seal(sealParts, extent === 'open-days' && !isRestored ? { prefixes: openDays(parts.now()) } : {});
      const published = extent === 'everything' && (await publishCheckpoint(parts, outcome));
      const disturbed = extent === 'everything' ? [...outcome.disturbed, ...(await disturbedInLedger(store))] : outcome.disturbed;
      report(parts, extent, { ...outcome, disturbed });
      const { added, damaged, checkpoint } = outcome;
      return { added, size: checkpoint?.checkpoint.size ?? 0, damaged: damaged.length, disturbed: disturbed.length, published };
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

async function disturbedInLedger(ledger: LedgerStore): Promise<SealOutcome['disturbed']> {
  const found: { key: string; reason: string }[] = [];
  for await (const { path, reason } of ledger.listDisturbed()) found.push({ key: `ledger/${path}`, reason });
  return found;
}

function report(
  { telemetry }: SealHandlerParts,
  extent: SealTimer['extent'],
  { added, damaged, disturbed, foreign, checkpoint }: SealOutcome,
): void {
  const size = checkpoint?.checkpoint.size ?? 0;
  telemetry.line('sealed', { extent, added, size, damaged: damaged.length, disturbed: disturbed.length, foreign: foreign.length });
  for (const { key, reason } of [...damaged, ...disturbed].slice(0, 50)) telemetry.problem('segment', { segment: key, reason });
  telemetry.count('sealed', 1);
  telemetry.count('leavesSealed', added);
  telemetry.count('ledgerSize', size);
  telemetry.count('vaultProblems', damaged.length + disturbed.length);
  telemetry.count('foreignObjects', foreign.length);
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
