// SPDX-License-Identifier: Apache-2.0

import { hash } from 'node:crypto';
import type { Gap } from '../evidence/gap.ts';
import type { SourceId } from '../evidence/observation.ts';
import type { EvidenceIndex, IndexEntry } from '../evidence-index/evidence-index.ts';
import type { Source } from '../sources/source.ts';
import { basicTime } from './basic-time.ts';
import { CollectError } from './collect-error.ts';
import type { Collection } from './collection.ts';
import { planKey, type RunScope, receiptKey } from './own-record.ts';
import { noEarlierParts, type PlannedRun, type RunQueue } from './run-queue.ts';
import { planWindow } from './window.ts';

/** One account and Region to plan for. */
export interface PlanTarget {
  readonly partition: string;
  readonly account: string;
  readonly region: string;
}

/** The answer of whoever was asked which accounts there are: asked from where, and what it did not tell. */
export interface AccountListing {
  readonly askedFrom: PlanTarget;
  readonly gaps: readonly Gap[];
}

/** What to plan. Times are ISO 8601 UTC. */
export interface PlanRequest {
  readonly source: Pick<Source, 'id' | 'window'>;
  readonly targets: readonly PlanTarget[];
  /** Null where nobody had to be asked for the accounts. */
  readonly listing: AccountListing | null;
  /** The time the schedule fired for: with the target it makes the run's id, so that planning again plans the same. */
  readonly scheduledAt: string;
  /** The present of what is read: the scheduled time, but for the sample account. */
  readonly sweptAt: string;
  /** Where the runs read from: `aws`, or `sample`. */
  readonly from: string;
  readonly queue: RunQueue;
  /** Sources that are read first where nothing was read yet: what an account-wide event claims depends on what they find. */
  readonly after: readonly SourceId[];
}

/** What was planned. */
export interface PlanReport {
  readonly planned: readonly PlannedRun[];
  /** What could not be told of the accounts. */
  readonly gaps: number;
  /** Runs that ended already, when a schedule's time is planned again. */
  readonly ended: number;
  /** Targets that wait for the first run of another source; the next time the schedule fires they are looked at again. */
  readonly held: number;
  /** Targets of which an earlier run has not ended: where a first reading takes hours, further ones would only queue up behind it. */
  readonly underWay: number;
}

/**
 * Plans the runs of one source: the plans are sealed, then the runs are queued. Throws RUNS_NOT_QUEUED where the queue refused some: planning
 * the same time again queues them, and a plan that stays without a receipt becomes a gap.
 */
export async function planCollection(collection: Collection, request: PlanRequest): Promise<PlanReport> {
  const planned: PlannedRun[] = [];
  const skipped = { ended: 0, held: 0, underWay: 0 };
  const open = await openRuns(collection, request);
  for (const target of request.targets) {
    const run = await planTarget(collection, request, target, open);
    if (typeof run === 'string') skipped[run]++;
    else planned.push(run);
  }
  const gaps = request.listing === null ? 0 : await sealListing(collection, request, request.listing);
  await collection.flush();
  const refused = await request.queue.send(planned.map((run) => ({ run, deduplicationId: run.run })));
  if (refused.length > 0) {
    const [first] = refused;
    throw new CollectError(
      'RUNS_NOT_QUEUED',
      `${refused.length} of ${planned.length} planned runs of ${request.source.id} were not taken by the queue (${first?.reason}); plan again`,
    );
  }
  return { planned, gaps, ...skipped };
}

async function planTarget(
  collection: Collection,
  request: PlanRequest,
  target: PlanTarget,
  open: readonly IndexEntry[],
): Promise<PlannedRun | 'ended' | 'held' | 'underWay'> {
  const { source, scheduledAt, sweptAt, from } = request;
  const { partition, account, region } = target;
  const run = runId(scheduledAt, source.id, target);
  const { index } = collection.setting;
  if (await hasReceipt(collection, { run, source: source.id, account, region })) return 'ended';
  if (open.some((plan) => plan.account === account && plan.region === region && plan.run !== run)) return 'underWay';
  const { window, memory, isFirst } = await planWindow(index, { source, account, region, patienceHours }, sweptAt);
  if (isFirst && !(await haveRun(collection, request, target))) return 'held';
  const scope = { run, source: source.id, partition, account, region, window, memory };
  const planned = collection.run(scope, null, { sweptAt });
  await planned.plan(from, scheduledAt);
  return { ...scope, sweptAt, resumeAfter: null, part: 1, earlier: noEarlierParts };
}

/** Gaps that stand are looked behind once a day: every run would read a month again for a service that is off. */
const patienceHours = 24;

// Each part of a long reading has a plan of its own, some minutes old; a message that failed comes again after an hour.
const underWayMs = 3 * 3_600_000;

/** Plans of the source that have not ended and may still. */
async function openRuns(collection: Collection, { source, scheduledAt }: PlanRequest): Promise<readonly IndexEntry[]> {
  const unfinished = await collection.setting.index.unfinishedPlans();
  const since = Date.parse(scheduledAt) - underWayMs;
  return unfinished.filter((plan) => plan.source === source.id && Date.parse(plan.occurredAt ?? plan.collectedAt) > since);
}

const patienceMs = 2 * 3_600_000;

/** Whether the sources that come first have each ended a run here, or were planned so long ago that nobody waits any more. */
async function haveRun(collection: Collection, { after, scheduledAt }: PlanRequest, { account, region }: PlanTarget): Promise<boolean> {
  const { index } = collection.setting;
  for (const source of after) {
    const [receipt] = await index.series(receiptKey({ source, account, region }), { before: '9999', limit: 1 });
    if (receipt !== undefined) continue;
    const [plan] = await index.series(planKey({ source, account, region }), { before: '9999', limit: 1 });
    if (plan === undefined || Date.parse(scheduledAt) - Date.parse(plan.occurredAt) < patienceMs) return false;
  }
  return true;
}

/** The list of the accounts is a run of its own, from another place: no receipt of an account closes its gaps, the next list does. */
async function sealListing(collection: Collection, request: PlanRequest, { askedFrom, gaps }: AccountListing): Promise<number> {
  const { source, scheduledAt } = request;
  const run = `${runId(scheduledAt, source.id, askedFrom)}-accounts`;
  const listed = collection.run({ run, source: source.id, ...askedFrom, window: null }, null);
  await listed.plan('organizations', scheduledAt);
  for (const gap of gaps) await listed.takeGap(gap);
  await listed.finish({ targets: request.targets.length });
  return gaps.length;
}

async function hasReceipt(
  collection: Collection,
  { run, ...scope }: Pick<RunScope, 'run' | 'source' | 'account' | 'region'>,
): Promise<boolean> {
  const receipts = await collection.setting.index.series(receiptKey(scope), { before: '9999', limit: 20 });
  return receipts.some(({ facts }) => facts['run'] === run);
}

/** Whether any of these targets was ever planned for a source. */
export async function wasPlanned(index: EvidenceIndex, source: SourceId, targets: readonly PlanTarget[]): Promise<boolean> {
  for (const { account, region } of targets) {
    const [plan] = await index.series(planKey({ source, account, region }), { before: '9999', limit: 1 });
    if (plan !== undefined) return true;
  }
  return false;
}

/** Id of the run of a target at a scheduled time: the same for the same, however often it is planned. */
function runId(scheduledAt: string, source: string, target: Pick<PlanTarget, 'account' | 'region'>): string {
  const digest = hash('sha256', [scheduledAt, source, target.account, target.region].join('\n')).slice(0, 8);
  return `${basicTime(scheduledAt)}-${source}-${digest}`;
}

/** Id of the run that continues a part of a reading. */
export function nextPartId({ run, part }: Pick<PlannedRun, 'run' | 'part'>): string {
  return `${part === 1 ? run : run.slice(0, run.lastIndexOf('.'))}.${part + 1}`;
}
