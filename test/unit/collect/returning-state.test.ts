// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { returnedFact, returningState } from '../../../src/collect/returning-state.ts';
import type { Observation } from '../../../src/evidence/observation.ts';
import type { SeriesEntry } from '../../../src/sources/source.ts';

const state: Observation = {
  source: 'macie',
  kind: 'state',
  partition: 'aws',
  account: '111122223333',
  region: 'eu-west-1',
  sourceIdentity: 'session',
  versionKey: 'content',
  findingKey: 'macie|session',
  occurredAt: null,
  observedAt: null,
  title: 'Macie session',
  severity: null,
  resources: [],
  detail: { status: 'ENABLED' },
  text: '{"status":"ENABLED"}',
  facts: {},
};

function knowing(known: readonly string[], newest: Partial<SeriesEntry> | null) {
  const entry: SeriesEntry = { recordId: 'b', source: 'macie', occurredAt: '2026-11-02T00:00:00Z', facts: {}, ...newest };
  return { isKnown: async (id: string) => known.includes(id), history: { series: async () => (newest === null ? [] : [entry]) } };
}

describe('a state', () => {
  it('is sealed as it is when it was never seen, or is what was seen last', async () => {
    expect(await returningState(state, 'a', knowing([], null))).toBe(state);
    expect(await returningState(state, 'a', knowing([], { recordId: 'b' }))).toBe(state);
    expect(await returningState(state, 'a', knowing(['a'], { recordId: 'a' }))).toBe(state);
  });

  it('that comes back after another is a record of its own', async () => {
    const returned = await returningState(state, 'a', knowing(['a', 'b'], { recordId: 'b' }));
    expect(returned?.versionKey).toEqual({ contentAnd: ['after b'] });
    expect(returned?.facts[returnedFact]).toBe('a');
  });

  it('that came back and is seen again is nothing new', async () => {
    expect(await returningState(state, 'a', knowing(['a', 'b', 'c'], { recordId: 'c', facts: { [returnedFact]: 'a' } }))).toBeNull();
  });

  it('keeps what stands in its version key', async () => {
    const keyed = { ...state, versionKey: { contentAnd: ['1'] } };
    expect((await returningState(keyed, 'a', knowing(['a'], {})))?.versionKey).toEqual({ contentAnd: ['1', 'after b'] });
    const declared = { ...state, versionKey: ['OFF'] };
    expect((await returningState(declared, 'a', knowing(['a'], {})))?.versionKey).toEqual(['OFF', 'after b']);
  });
});

describe('a finding', () => {
  it('is left alone: its version key tells its versions', async () => {
    const finding = { ...state, kind: 'finding' as const };
    expect(await returningState(finding, 'a', knowing(['a', 'b'], { recordId: 'b' }))).toBe(finding);
  });
});
