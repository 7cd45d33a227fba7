// SPDX-License-Identifier: Apache-2.0
import type { Derivation } from '../source.ts';
import { agedSince } from './interpret-finding.ts';

/**
 * Archiving does not change a finding's `updatedAt`. Where the newest that the home knows is that it was open for more than 30 days, the
 * archived state is dated by the sweep that saw it, so that it comes after.
 */
export const archivedLater: Derivation = {
  id: 'macie.archived-later',
  when: 'in-order',
  concerns: ({ kind, detail, findingKey }) => kind === 'finding' && detail['archived'] === true && findingKey !== null,
  async derive(observation, { history, sweptAt }) {
    const [newest] = await history.series(observation.findingKey ?? '', { before: sweptAt, limit: 1 });
    const followsAged = newest !== undefined && newest.occurredAt === agedSince(observation.detail);
    return followsAged ? { ...observation, occurredAt: sweptAt } : observation;
  },
};
