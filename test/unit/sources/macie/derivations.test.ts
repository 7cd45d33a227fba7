// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { Observation } from '../../../../src/evidence/observation.ts';
import { archivedLater } from '../../../../src/sources/macie/derivations.ts';
import type { SeriesEntry } from '../../../../src/sources/source.ts';
import { findingItem, observe, observeOne, sensitiveFinding, stateItem, sweptAt } from '../../../support/macie.ts';

function knowing(...entries: Partial<SeriesEntry>[]) {
  const full = entries.map((entry) => ({
    recordId: 'r0',
    source: 'macie' as const,
    occurredAt: '2026-11-01T00:00:00.000Z',
    facts: {},
    ...entry,
  }));
  return { sweptAt, history: { series: async () => full } };
}

const old = { ...sensitiveFinding, createdAt: '2026-09-20T09:00:00.000Z', updatedAt: '2026-09-20T09:00:00.000Z' };

describe('an archived finding', () => {
  const archived = observeOne(findingItem({ ...old, archived: true }));
  const aged = observe(findingItem(old))[1] as Observation;

  it('comes after the state in which it was open for more than 30 days', async () => {
    expect(archivedLater.concerns(archived)).toBe(true);
    const derived = await archivedLater.derive(archived, knowing({ occurredAt: aged.occurredAt ?? '' }));
    expect(derived).toEqual({ ...archived, occurredAt: sweptAt });
  });

  it('keeps its time when the home knows no such state', async () => {
    expect(await archivedLater.derive(archived, knowing())).toBe(archived);
    expect(await archivedLater.derive(archived, knowing({ occurredAt: '2026-11-02T00:00:00.000Z' }))).toBe(archived);
  });

  it('is the only finding that it concerns', () => {
    expect(archivedLater.concerns(observeOne(findingItem(old)))).toBe(false);
    expect(archivedLater.concerns(observeOne(stateItem('GetBucketStatistics', { archived: true })))).toBe(false);
  });
});
