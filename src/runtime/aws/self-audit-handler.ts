// SPDX-License-Identifier: Apache-2.0
import type { Context } from 'aws-lambda';
import { type AuditReport, auditHome } from '../../collect/audit-home.ts';
import { type Comparison, compareIndex } from '../../collect/compare-index.ts';
import type { Scheduled } from '../../collect/expected-targets.ts';
import type { PlanTarget } from '../../collect/plan-collection.ts';
import type { DeadLetters } from '../../collect/unread-message.ts';
import type { Gap } from '../../evidence/gap.ts';
import type { EvidenceIndex } from '../../evidence-index/evidence-index.ts';
import { maxReceives, queueRetentionDays } from '../deployment/collect-message.ts';
import { eventBuckets } from '../deployment/place-events.ts';
import { isSourceQueue, queueName } from '../deployment/queue-names.ts';
import { type AuditTimer, auditTimerSchema } from '../deployment/timer-input.ts';
import { samplePresent } from '../sample-declarations.ts';
import { type FunctionHandler, functionChain } from './function-chain.ts';
import { openFunctionCollection, polledFrom, type RecordingParts } from './function-collection.ts';
import { type Place, placeOfArn } from './function-settings.ts';
import { unreadPlaceGaps } from './place-readers.ts';
import { type ListAccounts, planTargets } from './plan-targets.ts';
import type { Telemetry } from './telemetry.ts';

/** What `self-audit` works with. */
export interface SelfAuditParts extends RecordingParts {
  readonly listAccounts: ListAccounts;
  /**
   * Fills a new index beside the old one and puts it in its place when `fill` is done; where it fails, the next call goes on. Then calls `fill`
   * once more, `isInPlace`, for what came meanwhile.
   */
  readonly replaceIndex: <Answer>(fill: (index: EvidenceIndex, isInPlace: boolean) => Promise<Answer>) => Promise<Answer>;
  /** Deletes what replaced indexes left, while there is time; gives how many items. */
  readonly removeRetired: (isTimeLeft: () => boolean) => Promise<number>;
  /** Buckets (`s3://bucket`), of those named, that do not tell EventBridge of new files. */
  readonly deliveryGaps: (region: string, buckets: readonly string[]) => AsyncIterable<Gap>;
  /** How many messages lie among the dead letters of each queue, by its name; null where that could not be counted. */
  readonly countDeadLetters: () => Promise<ReadonlyMap<string, number | null>>;
}

/** What `self-audit` answers. `isFinished` is false where time ended first: call it again, it goes on where it stopped. */
export interface SelfAuditAnswer
  extends Pick<Comparison, 'segments' | 'appliedSegments' | 'appliedRecords' | 'absentCount' | 'isFinished'> {
  /** Of a rebuild that is finished: whether the new index has what came while it was made. What it lacks, the next audit gives it. */
  readonly isCaughtUp?: boolean;
}

const day = 86_400_000;
const hour = 3_600_000;

// A message may be tried five times with an hour between, and a reading may go on in many parts, each with a plan of its own.
const plansAfterHours = 8;
const reserveMs = 60_000;

/** The function that compares index, vault and plans every night, and fills an empty index again when it is asked to. */
export function selfAuditHandler(telemetry: () => Telemetry, open: () => Promise<SelfAuditParts>): FunctionHandler<SelfAuditAnswer> {
  return functionChain({
    name: 'self-audit',
    event: auditTimerSchema,
    telemetry,
    run: async (timer, context) => {
      const parts = await open();
      if (timer.task === 'audit') return answerOf(await audit(parts, timer, context));
      const { filled, isCaughtUp } = await rebuild(parts, timer, context);
      return { ...answerOf(filled), ...(filled.isFinished ? { isCaughtUp } : {}) };
    },
  });
}

function answerOf({ segments, appliedSegments, appliedRecords, absentCount, isFinished }: Comparison): SelfAuditAnswer {
  return { segments, appliedSegments, appliedRecords, absentCount, isFinished };
}

/** Carries what was done out of a filling that time ended. */
class Unfinished extends Error {
  readonly compared: Comparison;

  constructor(compared: Comparison) {
    super('time ended before the index was filled');
    this.compared = compared;
  }
}

interface Rebuilt {
  readonly filled: Comparison;
  readonly isCaughtUp: boolean;
}

async function rebuild(parts: SelfAuditParts, timer: AuditTimer, context: Context): Promise<Rebuilt> {
  let isCaughtUp = false;
  const fill = async (index: EvidenceIndex, isInPlace: boolean) => {
    const compared = await compareIndex({ ...comparisonOf(parts, timer, context), index });
    if (!isInPlace && !compared.isFinished) throw new Unfinished(compared);
    isCaughtUp = isInPlace && compared.isFinished;
    return compared;
  };
  const filled = await parts.replaceIndex(fill).catch((error: unknown) => {
    if (error instanceof Unfinished) return error.compared;
    throw error;
  });
  const { segments, appliedSegments, appliedRecords, isFinished, damaged } = filled;
  parts.telemetry.line('rebuilt', { segments, appliedSegments, appliedRecords, damaged: damaged.length, isFinished, isCaughtUp });
  return { filled, isCaughtUp };
}

async function audit(parts: SelfAuditParts, timer: AuditTimer, context: Context): Promise<AuditReport> {
  const { scheduledAt } = timer;
  const { collection } = await openFunctionCollection(parts, null, parts.kind === 'sample' ? samplePresent : scheduledAt);
  const place = placeOfArn(context.invokedFunctionArn);
  const { targets, listing } = await planTargets(parts.configuration, place, parts.listAccounts);
  const report = await auditHome(collection, {
    ...place,
    scheduledAt,
    comparison: comparisonOf(parts, timer, context),
    plansBefore: new Date(Date.parse(scheduledAt) - plansAfterHours * hour).toISOString(),
    polledFrom: polledFrom(parts),
    scheduled: scheduledBy(parts, targets),
    // Where not all accounts could be listed, nobody knows whose places are not read.
    settings: settingGaps(parts, place, listing === null || listing.gaps.length === 0 ? targets : null),
    deadLetters: await deadLettersOf(parts),
  });
  tell(parts.telemetry, report);
  const isTimeLeft = () => context.getRemainingTimeInMillis() >= reserveMs;
  if (report.isFinished) parts.telemetry.line('retired', { items: await parts.removeRetired(isTimeLeft) });
  return report;
}

// Counts are some minutes old when they are judged by, and SQS drops what is too old when it likes.
const droppingDays = 1;

async function deadLettersOf({ countDeadLetters, now }: SelfAuditParts): Promise<DeadLetters> {
  const counts = await countDeadLetters();
  const each = [...counts.values()];
  return {
    count: each.reduce((sum, one) => (sum === null || one === null ? null : sum + one), 0),
    of: (source, queue) => (isSourceQueue(queue) ? (counts.get(queueName(source, queue)) ?? null) : null),
    receives: maxReceives,
    // A message's age counts from when it was sent, also among the dead letters of a standard queue; those of a FIFO queue keep it longer:
    // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/setting-up-dead-letter-queue-retention.html, read 2026-11.
    keptSince: new Date(now().getTime() - (queueRetentionDays - droppingDays) * day).toISOString(),
  };
}

function comparisonOf({ vault, index, configuration }: SelfAuditParts, { scheduledAt }: AuditTimer, context: Context) {
  const at = Date.parse(scheduledAt);
  return {
    vault,
    index,
    reserveMs,
    time: { remainingMs: () => context.getRemainingTimeInMillis() },
    keptSince: dayOf(at - configuration.vault.retentionDays * day),
    lateBefore: dayOf(at),
  };
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

async function* settingGaps(
  { configuration, deliveryGaps }: SelfAuditParts,
  place: Place,
  targets: readonly PlanTarget[] | null,
): AsyncGenerator<Gap> {
  if (targets !== null) yield* unreadPlaceGaps(configuration, place, targets);
  yield* deliveryGaps(place.region, eventBuckets(configuration));
}

function scheduledBy({ configuration, pack }: SelfAuditParts, targets: readonly PlanTarget[]): readonly Scheduled[] {
  return pack.timings
    .filter(({ id }) => configuration.sources.includes(id))
    .map((source) => ({ source, schedule: configuration.schedules[source.id] ?? source.schedule, targets }));
}

function tell(telemetry: Telemetry, report: AuditReport): void {
  const { damaged, absent, ...figures } = report;
  telemetry.line('audited', { ...figures, damaged: damaged.length });
  for (const { key, reason } of damaged) telemetry.problem('segment damaged', { segment: key, reason });
  for (const key of absent) telemetry.problem('segment absent from the vault', { segment: key });
  telemetry.count('missedRuns', report.interrupted + report.missed);
  telemetry.count('indexDifferences', report.appliedLate + report.absentCount);
  telemetry.count('vaultProblems', damaged.length + report.absentCount);
  telemetry.count('vaultSegments', report.segments);
  telemetry.count('vaultBytes', report.bytes);
  telemetry.count('indexRecords', report.records);
}
