// SPDX-License-Identifier: Apache-2.0
import type { Gap } from '../evidence/gap.ts';
import { sealRecord } from '../evidence/seal-record.ts';
import type { Collection } from './collection.ts';
import { type Expected, expectedBefore, type Scheduled } from './expected-targets.ts';
import { gapParts, momentOf, planKey, planParts, type RunScope } from './own-record.ts';

const hour = 3_600_000;
const day = 24 * hour;

/** When the look is taken, and what it knows of others. Times are ISO 8601 UTC. */
export interface MissedPlansLook {
  /** The run that looks: the audit of a home. */
  readonly audit: RunScope;
  readonly at: string;
  /** Where planned runs read from: only one of them closes the gap, and no event. */
  readonly polledFrom: string;
  /** A plan that was to start after this and has no receipt may still end; until then its target is not planned again. */
  readonly plansBefore: string;
}

/** Seals a gap for each target that no plan came for in two intervals of its schedule; gives how many there are. The caller flushes. */
export async function closeMissedPlans(collection: Collection, scheduled: readonly Scheduled[], look: MissedPlansLook): Promise<number> {
  const underWay = await plansUnderWay(collection, look.plansBefore);
  let missed = 0;
  for (const { source, schedule, targets } of scheduled) {
    const expectation = await expectationOf(collection, 2 * intervalMs(schedule), look);
    for (const target of targets) {
      const { partition, account, region } = target;
      const scope: RunScope = { run: look.audit.run, source: source.id, partition, account, region, window: null };
      const newest = await newestPlan(collection, scope);
      if (!isMissed(scope, newest, expectation) || underWay.has(planKey(scope))) continue;
      missed++;
      await sealMissed(collection, scope, missedGap(schedule, newest), look);
    }
  }
  return missed;
}

/** The gap ends the run that its plan begins; the plan says from where a run must have read, and until when, to close it. */
async function sealMissed(collection: Collection, scope: RunScope, gap: Gap, { at, polledFrom }: MissedPlansLook): Promise<void> {
  const context = collection.sealContext(scope.run, null);
  const writer = collection.writer(scope.source);
  // On each further night of one outage it is known.
  if (!(await writer.addOwn(sealRecord(gapParts(scope, gap, at), context)))) return;
  const window = momentOf(collection.setting.sweptAt);
  await writer.addOwn(sealRecord(planParts({ ...scope, window }, at, polledFrom), context));
}

async function newestPlan(collection: Collection, scope: Pick<RunScope, 'source' | 'account' | 'region'>): Promise<string | null> {
  const [newest] = await collection.setting.index.series(planKey(scope), { before: '9999', limit: 1 });
  return newest?.occurredAt ?? null;
}

/** Finding keys of plans that may still end. */
async function plansUnderWay(collection: Collection, plansBefore: string): Promise<ReadonlySet<string | null>> {
  const unfinished = await collection.setting.index.unfinishedPlans();
  const since = Date.parse(plansBefore);
  return new Set(unfinished.filter((plan) => Date.parse(plan.occurredAt ?? plan.collectedAt) >= since).map(({ findingKey }) => findingKey));
}

/** By when a plan should have come, and what was expected by then. */
interface Expectation {
  /** Milliseconds since 1970. */
  readonly lastGood: number;
  readonly byLastGood: Expected | null;
  readonly first: Expected | null;
}

// The first run of a source may wait that long for the first ones of others (`PlanReport.held`).
const firstPlanMs = 3 * hour;

// An audit's receipt stands later than the time that it was for, by as long as its function may work.
const auditMs = 15 * 60_000;

async function expectationOf(collection: Collection, patienceMs: number, { audit, at }: MissedPlansLook): Promise<Expectation> {
  const lastGood = Date.parse(at) - patienceMs;
  const firstDue = Math.min(lastGood, Date.parse(at) - firstPlanMs);
  const expectedBy = (time: number) => expectedBefore(collection, audit, new Date(time + auditMs).toISOString());
  return { lastGood, byLastGood: await expectedBy(lastGood), first: await expectedBy(firstDue) };
}

/**
 * An account, Region or source that was added, or added again, since the last plan should have come has missed none. A target that was never
 * planned is missed when an earlier audit expected it already.
 */
function isMissed(target: RunScope, newest: string | null, { lastGood, byLastGood, first }: Expectation): boolean {
  if (newest === null) return first?.(target) === true;
  return Date.parse(newest) < lastGood && byLastGood?.(target) !== false;
}

function missedGap(schedule: string, newestPlan: string | null): Gap {
  return {
    reason: 'interrupted',
    extent: 'scope',
    what: `schedule ${schedule}`,
    message: 'No plan came for two intervals of the schedule: look at the schedule, the plan function and its dead letters.',
    code: 'PLAN_ABSENT',
    // Tells one outage from the next, and is the same on each night of one.
    detail: { newestPlan },
  };
}

const units = { minute: 60_000, hour, day } as const;

/** The longest time between two firings of an EventBridge Scheduler expression, in milliseconds; a week or a month where it names days. */
export function intervalMs(expression: string): number {
  const [, count, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  if (count !== undefined && (unit === 'minute' || unit === 'hour' || unit === 'day')) return Number(count) * units[unit];
  const [minutes = '', hours = '', dayOfMonth = '', , dayOfWeek = ''] = /^cron\((.+)\)$/.exec(expression)?.[1]?.split(/\s+/) ?? [];
  if (!isEvery(dayOfMonth)) return 31 * day;
  if (!isEvery(dayOfWeek)) return 7 * day;
  if (!isEvery(hours)) return (stepOf(hours) ?? 24) * hour;
  return isEvery(minutes) ? 60_000 : (stepOf(minutes) ?? 60) * 60_000;
}

function isEvery(field: string): boolean {
  return field === '*' || field === '?' || field === '';
}

function stepOf(field: string): number | null {
  const step = /^(?:\*|\d+)\/(\d+)$/.exec(field)?.[1];
  return step === undefined ? null : Number(step);
}
