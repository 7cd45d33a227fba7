// SPDX-License-Identifier: Apache-2.0
import type { NamedSegment } from '../../ledger/find-new-leaves.ts';
import { FirstFew, firstOfEach } from '../../ledger/first-few.ts';
import { FoundDisturbed, worstFirst } from '../../ledger/found-disturbed.ts';
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

/** How many of a kind the log names. */
const mostTold = 50;

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
      const found = await findingsIn(extent === 'everything' ? store : null);
      // First what was found: a topic that takes no message must not hide it.
      report(parts, { extent, sealed, found });
      const published = extent === 'everything' && (await publishCheckpoint(parts, sealed));
      const { added, counts, checkpoint } = sealed;
      const disturbed = counts.disturbed + found.disturbed.count;
      return { added, size: checkpoint?.checkpoint.size ?? 0, damaged: counts.damaged, disturbed, published };
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

/** What was done to the ledger's own objects, and what could not be seen of that. */
interface LedgerFindings {
  readonly disturbed: FoundDisturbed<NamedSegment>;
  readonly unseen: FirstFew<NamedSegment>;
}

async function findingsIn(ledger: LedgerStore | null): Promise<LedgerFindings> {
  const found: LedgerFindings = { disturbed: new FoundDisturbed(), unseen: new FirstFew() };
  if (ledger === null) return found;
  for await (const { path, what, reason } of ledger.listDisturbed()) {
    const named = { key: `ledger/${path}`, reason };
    if (what === 'unseen') found.unseen.add(named);
    else found.disturbed.add(what, named);
  }
  return found;
}

interface Sealed {
  readonly extent: SealTimer['extent'];
  readonly sealed: SealOutcome;
  readonly found: LedgerFindings;
}

function report({ telemetry }: SealHandlerParts, { extent, sealed, found }: Sealed): void {
  const { added, damaged, unseen, counts, checkpoint } = sealed;
  const size = checkpoint?.checkpoint.size ?? 0;
  const disturbed = counts.disturbed + found.disturbed.count;
  telemetry.line('sealed', { extent, added, size, ...counts, disturbed, unseen: counts.unseen + found.unseen.count });
  // Of each kind and place for itself: what is cheap to do may not push what is not out of the log.
  const first = [sealed.disturbed, found.disturbed.named].flatMap((named) => firstOfEach(named, ({ what }) => what, mostTold));
  for (const { key, reason } of [...damaged.slice(0, mostTold), ...worstFirst(first)])
    telemetry.problem('segment', { segment: key, reason });
  // Of one, as one reason is that of all; it accuses nobody, and so is no problem of the vault.
  for (const { key, reason } of [...unseen, ...found.unseen.named].slice(0, 1))
    telemetry.problem('protection not seen', { segment: key, reason });
  telemetry.count('sealed', 1);
  telemetry.count('leavesSealed', added);
  telemetry.count('ledgerSize', size);
  telemetry.count('vaultProblems', counts.damaged + disturbed);
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
