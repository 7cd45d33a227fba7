// SPDX-License-Identifier: Apache-2.0
import type { Observation, VersionKey } from '../evidence/observation.ts';
import type { History } from '../sources/source.ts';

/** Name of the fact on a state that came back: the id it had when it was seen first. */
export const returnedFact = 'returnedTo';

/** Answers whether a record id is held already, in the index or in what this run has not yet written. */
export type IsKnown = (id: string) => Promise<boolean>;

/**
 * A state goes from A to B and back to A: by content alone the second A would be the first one again, and B would stand as the newest for ever.
 * So a state that was seen before, with another one seen since, gets an id of its own that names what it came after.
 * Returns the observation to seal; null when it is what was seen last, and nothing is new.
 */
export async function returningState(
  observation: Observation,
  id: string,
  { history, isKnown }: { readonly history: History; readonly isKnown: IsKnown },
): Promise<Observation | null> {
  const { findingKey, versionKey } = observation;
  if (observation.kind !== 'state' || findingKey === null || !(await isKnown(id))) return observation;
  const [newest] = await history.series(findingKey, { before: '9999', limit: 1 });
  if (newest === undefined || newest.recordId === id) return observation;
  if (newest.facts[returnedFact] === id) return null;
  return { ...observation, versionKey: after(versionKey, newest.recordId), facts: { ...observation.facts, [returnedFact]: id } };
}

function after(versionKey: VersionKey, recordId: string): VersionKey {
  const mark = `after ${recordId}`;
  if (versionKey === 'content') return { contentAnd: [mark] };
  return 'contentAnd' in versionKey ? { contentAnd: [...versionKey.contentAnd, mark] } : [...versionKey, mark];
}
