// SPDX-License-Identifier: Apache-2.0

import type { Gap } from '../evidence/gap.ts';
import type { JsonObject } from '../evidence/json.ts';
import { basicTime } from './basic-time.ts';
import type { Collection } from './collection.ts';
import { type Comparison, type ComparisonParts, compareIndex } from './compare-index.ts';
import { expectedOf, type Scheduled } from './expected-targets.ts';
import { closeMissedPlans } from './missed-plans.ts';
import { planParts, type RunScope } from './own-record.ts';
import { OwnRun } from './own-run.ts';
import { closeInterruptedPlans } from './reconcile.ts';
import { segmentGap } from './segment-fault.ts';
import { closeSettledMessages, type DeadLetters } from './unread-message.ts';

/** What the self-audit of a home looks at. Times are ISO 8601 UTC. */
export interface AuditRequest {
  /** The account and Region that the home is in. */
  readonly partition: string;
  readonly account: string;
  readonly region: string;
  /** The time the audit was planned for; with the account it makes the run's id. */
  readonly scheduledAt: string;
  readonly comparison: ComparisonParts;
  /** A plan that was to start before this and has no receipt is given up. */
  readonly plansBefore: string;
  /** Where planned runs read from. */
  readonly polledFrom: string;
  readonly scheduled: readonly Scheduled[];
  /** What is not seen because of settings that no run of a source should answer for. */
  readonly settings: AsyncIterable<Gap>;
  /** What queues gave up on and nobody has looked after yet. */
  readonly deadLetters: DeadLetters;
}

/** What the self-audit found and did. */
export interface AuditReport extends Comparison {
  readonly run: string;
  /** Plans without a receipt that are gaps now. */
  readonly interrupted: number;
  /** Targets that no plan came for. */
  readonly missed: number;
  /** Records that the index holds. */
  readonly records: number;
  /** What queues gave up on; null where that could not be counted. */
  readonly deadLetters: number | null;
}

/**
 * Compares index with vault and gives the index what it lacks, turns runs that never ended and plans that never came into gaps, and seals what it
 * found as a run of our own: plan before, receipt after.
 */
export async function auditHome(collection: Collection, request: AuditRequest): Promise<AuditReport> {
  const scope = scopeOf(request);
  const own = new OwnRun(collection, scope);
  await own.seal(planParts(scope, request.scheduledAt, 'self-audit'));
  await collection.flush();
  const compared = await compareIndex(request.comparison);
  const { plansBefore, partition, polledFrom, scheduled, deadLetters } = request;
  const interrupted = await closeInterruptedPlans(collection, { startedBefore: plansBefore, partition });
  const missed = await closeMissedPlans(collection, scheduled, { audit: scope, at: request.scheduledAt, polledFrom, plansBefore });
  await closeSettledMessages(collection, { run: scope.run, partition, deadLetters, takenBefore: plansBefore });
  const records = (await collection.setting.index.totals()).reduce((sum, total) => sum + total.records, 0);
  for (const gap of problemsOf(compared)) await own.gap(gap);
  for await (const gap of request.settings) await own.gap(gap);
  const figures = { interrupted, missed, records, deadLetters: deadLetters.count };
  await own.finish({ audit: { ...figuresOf(compared), ...figures }, expected: expectedOf(scheduled) });
  await collection.flush();
  return { ...compared, run: scope.run, ...figures };
}

function scopeOf({ partition, account, region, scheduledAt }: AuditRequest): RunScope {
  const run = `${basicTime(scheduledAt)}-self-audit-${account}`;
  return { run, source: 'aims-evidence', partition, account, region, window: null };
}

function problemsOf(compared: Comparison): readonly Gap[] {
  const { damaged, absent, absentCount, isFinished } = compared;
  return [
    ...damaged.map(({ key, reason }) => segmentGap({ key, reason, isAbsent: false })),
    ...absent.map((key) => segmentGap({ key, reason: '', isAbsent: true })),
    ...(absentCount > absent.length
      ? [
          problem(
            'unavailable',
            'further segments',
            `The vault does not hold ${absentCount} segments that the index names.`,
            'SEGMENTS_ABSENT',
          ),
        ]
      : []),
    ...(isFinished
      ? []
      : [problem('interrupted', 'self-audit', 'Time ended before all of the vault was compared; run it again.', 'AUDIT_OUT_OF_TIME')]),
  ];
}

function problem(reason: Gap['reason'], what: string, message: string, code: string): Gap {
  return { reason, extent: 'scope', what, message, code, detail: {} };
}

function figuresOf(compared: Comparison): JsonObject {
  const { damaged, absent, firstDay, ...figures } = compared;
  return { ...figures, damagedCount: damaged.length, firstDay };
}
