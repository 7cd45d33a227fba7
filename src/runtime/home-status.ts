// SPDX-License-Identifier: Apache-2.0
import type { GapReason } from '../evidence/gap.ts';
import type { HomeKind, QueueState } from './home.ts';
import { secondsBetweenRuns } from './home-schedule.ts';
import type { Unsealed } from './home-unsealed.ts';
import { lostIndexWords } from './lost-index.ts';

/** A finished run of one scope, from its receipt. Times are ISO 8601 UTC; a run over files has no window. */
export interface ScopeRun {
  readonly run: string;
  readonly finishedAt: string;
  /** Whether everything that was asked for could be seen. */
  readonly complete: boolean;
  readonly since: string | null;
  readonly until: string | null;
}

/** One source in one account and Region (both empty for files), and its runs, newest first. */
export interface ScopeRuns {
  readonly source: string;
  readonly account: string;
  readonly region: string;
  readonly runs: readonly ScopeRun[];
}

/** A run that was planned and has no receipt. */
export interface WaitingRun {
  readonly run: string;
  readonly source: string;
  readonly account: string;
  readonly region: string;
  readonly plannedAt: string;
}

/** What was read of a home, to be judged. */
export interface StatusFacts {
  readonly home: string;
  readonly kind: HomeKind;
  /** Sources that should be collected, each with its EventBridge Scheduler expression. */
  readonly schedules: ReadonlyMap<string, string>;
  readonly scopes: readonly ScopeRuns[];
  /** Where not every receipt was looked at: back to this time all were, before it a sample of some days; a scope silent for longer may be missing. */
  readonly runsSince: string | null;
  readonly waitingRuns: readonly WaitingRun[];
  /** True where the index knows nothing of what the vault holds, so that nothing else here can be believed. */
  readonly isIndexLost: boolean;
  readonly openGaps: readonly { readonly source: string; readonly reason: GapReason }[];
  readonly queues: readonly QueueState[] | null;
  readonly checkpoint: { readonly size: number; readonly at: string | null } | null;
  /** Leaves that the ledger has committed to. */
  readonly leaves: number;
  readonly unsealed: Unsealed;
}

/** How one source stands in one account and Region. */
export interface SourceStatus {
  readonly source: string;
  readonly account: string;
  readonly region: string;
  readonly schedule: string | null;
  readonly lastRun: ScopeRun | null;
  /** End of the latest window that was read, with gaps or without; null where only files were read. */
  readonly readUntil: string | null;
  /** … and that was seen completely; null where no run of late was complete. */
  readonly seenUntil: string | null;
  /** Seconds from `readUntil` to now; null for the sample account, whose present is its own. */
  readonly lagSeconds: number | null;
  /** True where the lag is more than two intervals of the schedule; null where that cannot be said. */
  readonly late: boolean | null;
}

/** The state of a home's operation at one moment. */
export interface HomeStatus {
  readonly home: string;
  readonly kind: HomeKind;
  readonly at: string;
  readonly sources: readonly SourceStatus[];
  readonly runsSince: string | null;
  /** Runs without a receipt: waiting in a queue, under way, or killed. Oldest first. */
  readonly waitingRuns: readonly (WaitingRun & { readonly ageSeconds: number })[];
  readonly gaps: {
    readonly open: number;
    readonly by: readonly { readonly source: string; readonly reason: GapReason; readonly open: number }[];
  };
  readonly queues: readonly QueueState[] | null;
  readonly ledger: {
    readonly checkpoint: { readonly size: number; readonly at: string | null; readonly ageSeconds: number | null } | null;
    /** Leaves committed to and not signed yet. */
    readonly unsignedLeaves: number;
    readonly unsealed: Unsealed;
  };
  /** What a person should look at, in sentences; empty where all is well. */
  readonly attention: readonly string[];
}

/** Puts the facts in order and judges them. Pure: the same facts at the same moment give the same status. */
export function buildHomeStatus(facts: StatusFacts, now: Date): HomeStatus {
  const { home, kind, runsSince, queues, unsealed, leaves, checkpoint } = facts;
  const sources = [...facts.scopes.map((scope) => scopeStatus(scope, facts, now)), ...neverRun(facts)].sort(byPlace);
  const waiting = facts.waitingRuns.map((run) => ({ ...run, ageSeconds: age(run.plannedAt, now) }));
  const status = {
    home,
    kind,
    at: now.toISOString(),
    sources,
    runsSince,
    waitingRuns: waiting.sort((a, b) => b.ageSeconds - a.ageSeconds),
    gaps: gapsOf(facts),
    queues,
    ledger: {
      checkpoint: checkpoint === null ? null : { ...checkpoint, ageSeconds: checkpoint.at === null ? null : age(checkpoint.at, now) },
      unsignedLeaves: Math.max(0, leaves - (checkpoint?.size ?? 0)),
      unsealed,
    },
  };
  return { ...status, attention: [...(facts.isIndexLost ? [lostIndexWords(home)] : []), ...attentionOf(status)] };
}

function scopeStatus({ runs, ...place }: ScopeRuns, { schedules, kind }: StatusFacts, now: Date): SourceStatus {
  const schedule = schedules.get(place.source) ?? null;
  const readUntil = latestEnd(runs);
  const lagSeconds = readUntil === null || kind === 'sample' ? null : age(readUntil, now);
  const every = schedule === null ? null : secondsBetweenRuns(schedule);
  const late = lagSeconds === null || every === null ? null : lagSeconds > 2 * every;
  return {
    ...place,
    schedule,
    lastRun: runs[0] ?? null,
    readUntil,
    seenUntil: latestEnd(runs.filter((run) => run.complete)),
    lagSeconds,
    late,
  };
}

// The newest run need not have read the latest window: a person may have collected an older one again.
function latestEnd(runs: readonly ScopeRun[]): string | null {
  const ends = runs.flatMap(({ until }) => (until === null ? [] : [until]));
  return ends.sort((a, b) => Date.parse(b) - Date.parse(a))[0] ?? null;
}

/** Sources of which nothing was ever finished nor planned, so that no account and Region can be named. */
function neverRun({ schedules, scopes, waitingRuns }: StatusFacts): SourceStatus[] {
  const known = new Set([...scopes, ...waitingRuns].map(({ source }) => source));
  const none = { account: '', region: '', lastRun: null, readUntil: null, seenUntil: null, lagSeconds: null, late: null };
  return [...schedules].flatMap(([source, schedule]) => (known.has(source) ? [] : [{ source, schedule, ...none }]));
}

function gapsOf({ openGaps }: StatusFacts): HomeStatus['gaps'] {
  const groups = [...Map.groupBy(openGaps, ({ source, reason }) => `${source} ${reason}`).entries()].sort(([a], [b]) => (a < b ? -1 : 1));
  const by = groups.flatMap(([, group]) => group.slice(0, 1).map(({ source, reason }) => ({ source, reason, open: group.length })));
  return { open: openGaps.length, by };
}

function attentionOf({ sources, queues, ledger, waitingRuns }: Omit<HomeStatus, 'attention'>): string[] {
  const oldest = waitingRuns[0];
  return [
    // On a laptop, which has no queues, a source that nobody collects is nobody's fault.
    ...sources.flatMap((one) => sourceAttention(one, queues !== null)),
    ...(queues ?? []).flatMap(queueAttention),
    ...(oldest !== undefined && oldest.ageSeconds > mostWaitingSeconds
      ? [`run ${oldest.run} was planned at ${oldest.plannedAt} and has no receipt`]
      : []),
    ...ledgerAttention(ledger),
  ];
}

function sourceAttention(one: SourceStatus, isDeployed: boolean): string[] {
  if (one.lastRun === null) return isDeployed ? [`${one.source} has never finished a run`] : [];
  const late = `${placeOf(one)} is late: read up to ${one.readUntil}, though its schedule is ${one.schedule}`;
  const partly = `${placeOf(one)}: the last run could not see everything (aims gaps)`;
  return [...(one.late === true ? [late] : []), ...(one.lastRun.complete ? [] : [partly])];
}

function queueAttention({ source, of, deadLetters, problem }: QueueState): string[] {
  const name = `the queue of ${source} for ${of}`;
  const dead = (deadLetters ?? 0) > 0 ? [`${name} has ${deadLetters} dead letter(s): what they asked for was not collected`] : [];
  return problem === null ? dead : [...dead, `${name} could not be read: ${problem}`];
}

function ledgerAttention({ unsealed, unsignedLeaves, checkpoint }: HomeStatus['ledger']): string[] {
  if ((checkpoint?.ageSeconds ?? Number.POSITIVE_INFINITY) <= mostUnsealedSeconds) return [];
  return [
    ...(unsealed.segments > 0 ? [`${unsealed.segments} segment(s) are not sealed yet`] : []),
    ...(unsignedLeaves > 0 ? [`${unsignedLeaves} leaves of the ledger are not signed yet`] : []),
  ];
}

/** A run waits its turn behind others of its account and Region; more than this is not waiting any more. */
const mostWaitingSeconds = 6 * 3_600;
/** Sealing runs every quarter of an hour: twice is once too often. */
const mostUnsealedSeconds = 2 * 15 * 60;

function placeOf({ source, account, region }: SourceStatus): string {
  return [source, account, region].filter((part) => part !== '').join(' ');
}

function byPlace(a: SourceStatus, b: SourceStatus): number {
  return placeOf(a) < placeOf(b) ? -1 : 1;
}

function age(time: string, now: Date): number {
  return Math.max(0, Math.round((now.getTime() - Date.parse(time)) / 1_000));
}
