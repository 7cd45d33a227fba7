// SPDX-License-Identifier: Apache-2.0
import type { Observation } from '../../evidence/observation.ts';
import type { Derivation, DerivationContext, SeriesEntry } from '../source.ts';

/** Asks for everything earlier, for an observation whose time nobody knows. */
const endOfTime = '9999-12-31T23:59:59.999Z';

/** Earlier observations of the same finding key, newest first. */
export async function seriesOf(observation: Observation, { history }: DerivationContext, limit: number): Promise<readonly SeriesEntry[]> {
  if (observation.findingKey === null) return [];
  return history.series(observation.findingKey, { before: observation.occurredAt ?? endOfTime, limit });
}

/**
 * Gives an observation the version that fits what is known of it. On first sight, and while its watched facts are as last seen, it
 * keeps its version, so that it is one record on every channel; when they changed, the new values enter the version key.
 * `earlier` are observations of the very same answer, newest first.
 */
export function revise(observation: Observation, watched: readonly string[], earlier: readonly SeriesEntry[]): Observation {
  const last = earlier[0];
  if (last === undefined) return observation;
  const changed = watched.filter((name) => observation.facts[name] !== last.facts[name]);
  const revision =
    changed.length === 0
      ? revisionOf(last)
      : [...changed.map((name) => `${name}=${String(observation.facts[name])}`), `after=${last.recordId}`];
  if (revision.length === 0) return observation;
  const named =
    typeof observation.versionKey === 'object' && 'contentAnd' in observation.versionKey ? observation.versionKey.facts : undefined;
  return {
    ...observation,
    facts: { ...observation.facts, revision },
    versionKey: named === undefined ? { contentAnd: revision } : { contentAnd: revision, facts: named },
  };
}

function revisionOf(entry: SeriesEntry): string[] {
  const revision = entry.facts['revision'];
  return Array.isArray(revision) ? revision.map(String) : [];
}

/** Entries of the very same report: equal bytes, and the same run where one is known. */
export function sameReport(observation: Observation, entries: readonly SeriesEntry[]): readonly SeriesEntry[] {
  const { sha256, runTime } = observation.facts;
  return entries.filter((entry) => entry.facts['sha256'] === sha256 && entry.facts['runTime'] === runTime);
}

/** Watches facts that change with a person's files or with what lies beside a report: approved limits, violations found later. */
export function revisedFacts(id: string, watched: readonly string[], concerns: (observation: Observation) => boolean): Derivation {
  return {
    id,
    when: 'in-order',
    concerns: (observation) => observation.findingKey !== null && concerns(observation),
    derive: async (observation, context) => revise(observation, watched, sameReport(observation, await seriesOf(observation, context, 20))),
  };
}
