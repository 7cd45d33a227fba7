// SPDX-License-Identifier: Apache-2.0
import type { Gap } from '../evidence/gap.ts';
import { sealRecord } from '../evidence/seal-record.ts';
import type { Source } from '../sources/source.ts';
import type { Collection } from './collection.ts';
import { gapParts, planKey, type RunScope } from './own-record.ts';
import type { PlanTarget } from './plan-collection.ts';

const hour = 3_600_000;
const day = 24 * hour;

/** A source with the schedule that it is planned by, and where. */
export interface Scheduled {
  readonly source: Pick<Source, 'id'>;
  /** EventBridge Scheduler expression. */
  readonly schedule: string;
  readonly targets: readonly PlanTarget[];
}

/** When the look is taken. Times are ISO 8601 UTC. */
export interface MissedPlansLook {
  /** The run that looks. */
  readonly run: string;
  readonly at: string;
  /** Day of the oldest evidence, `YYYY-MM-DD`: before it, nothing could be planned. Null: there is none. */
  readonly firstDay: string | null;
}

/** Seals a gap for each target that no plan came for in two intervals of its schedule; gives how many there are. The caller flushes. */
export async function closeMissedPlans(collection: Collection, scheduled: readonly Scheduled[], look: MissedPlansLook): Promise<number> {
  let missed = 0;
  for (const { source, schedule, targets } of scheduled) {
    const patienceMs = 2 * intervalMs(schedule);
    for (const target of targets) {
      const { partition, account, region } = target;
      const newest = await newestPlan(collection, { source: source.id, account, region });
      if (!isMissed(newest, patienceMs, look)) continue;
      missed++;
      const scope: RunScope = { run: look.run, source: source.id, partition, account, region, window: null };
      const record = sealRecord(gapParts(scope, missedGap(schedule, newest), look.at), collection.sealContext(look.run, null));
      await collection.writer(source.id).addOwn(record);
    }
  }
  return missed;
}

async function newestPlan(collection: Collection, scope: Pick<RunScope, 'source' | 'account' | 'region'>): Promise<string | null> {
  const [newest] = await collection.setting.index.series(planKey(scope), { before: '9999', limit: 1 });
  return newest?.occurredAt ?? null;
}

function isMissed(newest: string | null, patienceMs: number, { at, firstDay }: MissedPlansLook): boolean {
  if (newest !== null) return Date.parse(at) - Date.parse(newest) > patienceMs;
  // On its first day a home cannot have missed anything yet.
  return firstDay === null || Date.parse(at) - (Date.parse(firstDay) + day) > patienceMs;
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
