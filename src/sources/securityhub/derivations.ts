// SPDX-License-Identifier: Apache-2.0
import type { Facts, Observation } from '../../evidence/observation.ts';
import type { ThresholdsFile } from '../../evidence/scope-file.ts';
import type { Derivation, History, SeriesEntry } from '../source.ts';
import { isCheck } from './finding-observation.ts';
import { dayMilliseconds, millisecondsBetween, movedBy } from './instant.ts';
import { extendTimeline, type Timeline, timelineFacts, timelineIn } from './timeline.ts';
import { daysBetween, oldFailureDays, runningFailure, treatmentFacts, treatmentLimit } from './treatment-facts.ts';

/** Entries looked at for the two days around an archiving. */
const seriesLimit = 200;

/** Entries that a timeline is made of anew; the oldest of them carries what came before, so that late arrivals are still put in order. */
const replayed = 20;

/** Facts of findings that need earlier ones. */
export function findingDerivations(thresholds: ThresholdsFile | null): readonly Derivation[] {
  return [timelineDerivation(thresholds), nativeDerivation, supersededDerivation(thresholds)];
}

/**
 * The timeline of a check and what it says: previousOutcome, failedDays, failedAgain, overdue. Ages are measured at the version's own time,
 * so that they are alike on every channel; only a sweep that finds an unchanged failure past a limit adds a record of its own.
 */
function timelineDerivation(thresholds: ThresholdsFile | null): Derivation {
  return {
    id: 'securityhub.timeline',
    when: 'in-order',
    concerns: (observation) => isCheckFinding(observation) && !isArchivedFailure(observation),
    derive: (observation, { history }) => withTimeline(observation, history, thresholds),
  };
}

async function withTimeline(observation: Observation, history: History, thresholds: ThresholdsFile | null): Promise<Observation> {
  const { stillStandsAt, ...facts } = observation.facts;
  const { findingKey, occurredAt } = observation;
  const resultAt = facts['resultAt'];
  if (findingKey === null || occurredAt === null || typeof resultAt !== 'string') return { ...observation, facts };
  const series = await history.series(findingKey, { before: occurredAt, limit: replayed });
  const timeline = withVersion(timelineBefore(series), facts);
  const limitDays = treatmentLimit(thresholds, facts);
  const derived = { ...facts, ...timelineFacts(timeline), ...treatmentFacts(timeline, facts, resultAt, limitDays) };
  const dated = { ...observation, facts: derived };
  return typeof stillStandsAt === 'string' ? aged(dated, { timeline, limitDays, sweptAt: stillStandsAt, series }) : dated;
}

function timelineBefore(series: readonly SeriesEntry[]): Timeline {
  const own = series.filter((entry) => entry.source === 'securityhub').toReversed();
  return own.reduce((timeline, entry) => withVersion(timeline, entry.facts), timelineIn(own[0]?.facts ?? {}));
}

function withVersion(timeline: Timeline, facts: Facts): Timeline {
  const { findingId, outcome, resultAt, recordState } = facts;
  if (typeof findingId !== 'string' || typeof outcome !== 'string' || typeof resultAt !== 'string') return timeline;
  return extendTimeline(timeline, { id: findingId, outcome, at: resultAt, isArchived: recordState === 'ARCHIVED' });
}

interface Sweep {
  readonly timeline: Timeline;
  readonly limitDays: number | undefined;
  readonly sweptAt: string;
  readonly series: readonly SeriesEntry[];
}

/** A failure that a sweep finds unchanged and past its limit: known before, so the crossing is a record of its own, dated by the limit. */
function aged(observation: Observation, { timeline, limitDays, sweptAt, series }: Sweep): Observation {
  const failure = runningFailure(timeline, observation.facts);
  const markDays = limitDays === undefined ? oldFailureDays : limitDays + 1;
  const isKnown = copiesOf(observation, series).length > 0;
  if (failure === undefined || !isKnown || daysBetween(failure.from, sweptAt) < markDays) return observation;
  if (daysBetween(failure.from, String(observation.facts['resultAt'])) >= markDays) return observation;
  const facts = { ...observation.facts, failedDays: markDays, ...(limitDays !== undefined && { overdue: true }) };
  return { ...withChange(observation, 'failedDays', markDays), facts };
}

/** Whether the Macie source holds this finding itself; then the copy in Security Hub claims nothing. At the run's end: files come in any order. */
const nativeDerivation: Derivation = {
  id: 'securityhub.native-collected',
  when: 'run-end',
  concerns: (observation) => observation.kind === 'finding' && observation.facts['product'] === 'macie',
  async derive(observation, { history, sweptAt }) {
    const { account, region, occurredAt } = observation;
    const macieId = String(observation.facts['findingId']).split('/').at(-1);
    const native = await history.series(`macie|${account}|${region}|${macieId}`, { before: sweptAt, limit: 5 });
    const since = occurredAt === null ? '' : movedBy(occurredAt, -90 * dayMilliseconds);
    const isHeld = native.some((entry) => entry.source === 'macie' && entry.occurredAt >= since);
    return withFact(observation, 'nativeCollected', isHeld, await seriesOf(observation, history));
  },
};

/**
 * The timeline of an archived failure, and whether it lives on under another id. The second is decided a day after the archiving and absent
 * until then; at the run's end, because the finding that took over may be read after it.
 */
function supersededDerivation(thresholds: ThresholdsFile | null): Derivation {
  return {
    id: 'securityhub.superseded',
    when: 'run-end',
    concerns: isArchivedFailure,
    async derive(observation, { history, sweptAt }) {
      const dated = await withTimeline(observation, history, thresholds);
      const { occurredAt, findingKey } = dated;
      if (occurredAt === null || findingKey === null || millisecondsBetween(occurredAt, sweptAt) < dayMilliseconds) return dated;
      const series = await history.series(findingKey, { before: movedBy(occurredAt, dayMilliseconds), limit: seriesLimit });
      const earliest = movedBy(occurredAt, -dayMilliseconds);
      const successors = firstSeen(series.filter((entry) => entry.facts['findingId'] !== dated.facts['findingId']));
      const isSuperseded = successors.some((entry) => entry.facts['recordState'] === 'ACTIVE' && entry.occurredAt >= earliest);
      return withFact(dated, 'superseded', isSuperseded, series);
    },
  };
}

function isArchivedFailure(observation: Observation): boolean {
  const { recordState, outcome } = observation.facts;
  return isCheckFinding(observation) && recordState === 'ARCHIVED' && (outcome === 'FAILED' || outcome === 'WARNING');
}

/** The first entry of each finding id; a series is newest first. */
function firstSeen(series: readonly SeriesEntry[]): SeriesEntry[] {
  return [...new Map(series.map((entry) => [entry.facts['findingId'], entry])).values()];
}

function isCheckFinding({ kind, facts }: Observation): boolean {
  return kind === 'finding' && isCheck(facts['product'], facts['outcome']);
}

async function seriesOf(
  observation: Observation,
  history: Parameters<Derivation['derive']>[1]['history'],
): Promise<readonly SeriesEntry[]> {
  const { findingKey, occurredAt } = observation;
  return findingKey === null || occurredAt === null ? [] : history.series(findingKey, { before: occurredAt, limit: seriesLimit });
}

/** Records of this very version that the home holds already. */
function copiesOf(observation: Observation, series: readonly SeriesEntry[]): SeriesEntry[] {
  const same = ['findingId', 'workflow', 'recordState', 'outcome', 'severity'];
  return series.filter(
    (entry) =>
      entry.source === 'securityhub' &&
      entry.occurredAt === observation.occurredAt &&
      same.every((name) => entry.facts[name] === observation.facts[name]),
  );
}

/** Sets a fact that may change while the answer does not. Where the home holds this version with another value, the change enters the version. */
function withFact(observation: Observation, name: string, value: boolean, series: readonly SeriesEntry[]): Observation {
  const changed = copiesOf(observation, series).some((copy) => copy.facts[name] !== value);
  const dated = { ...observation, facts: { ...observation.facts, [name]: value } };
  return changed ? withChange(dated, name, value) : dated;
}

function withChange(observation: Observation, name: string, value: boolean | number): Observation {
  const change = `${name}=${value}`;
  const { versionKey } = observation;
  if (versionKey === 'content') return { ...observation, versionKey: { contentAnd: [change] } };
  if ('contentAnd' in versionKey) return { ...observation, versionKey: { contentAnd: [...versionKey.contentAnd, change] } };
  return { ...observation, versionKey: [...versionKey, change] };
}
