// SPDX-License-Identifier: Apache-2.0
import type { JsonObject } from '../../evidence/json.ts';
import type { SampleSystem, SampleWorld } from '../world.ts';
import { accountEvents } from './account-events.ts';
import { claimsTriageEvents } from './claims-triage.ts';
import { creditScoringEvents } from './credit-scoring.ts';
import { dayMs, hourMs, type SampleEvent, type SamplePlace, sampleRecord } from './sample-record.ts';
import { supportAssistantEvents } from './support-assistant.ts';

/** One record of the sample with what LookupEvents derives from it. */
export interface SampleTrailEvent {
  readonly at: number;
  readonly record: JsonObject;
}

/** Events of one account and Region, newest first. */
export interface TrailPopulation {
  readonly management: readonly SampleTrailEvent[];
  readonly insight: readonly SampleTrailEvent[];
}

const made = new WeakMap<SampleWorld, Map<string, TrailPopulation>>();

/** What CloudTrail of the sample holds in one account and Region; made once for each world. */
export function trailPopulation(world: SampleWorld, place: SamplePlace): TrailPopulation {
  const key = `${place.account}|${place.region}`;
  const known = made.get(world) ?? new Map<string, TrailPopulation>();
  made.set(world, known);
  let population = known.get(key);
  if (population === undefined) {
    const since = Date.parse(world.since);
    population = {
      management: recordsOf(managementEvents(world, place, since), world, place),
      insight: recordsOf(insightEvents(place, since), world, place),
    };
    known.set(key, population);
  }
  return population;
}

function managementEvents(world: SampleWorld, place: SamplePlace, since: number): readonly SampleEvent[] {
  const account = world.accounts.find((one) => one.id === place.account);
  if (account === undefined) return [];
  const systems = world.systems.filter((system) => system.account === place.account && system.region === place.region);
  return [...accountEvents(world, account, place.region, since), ...systems.flatMap((system) => systemEvents(system, since, world.scale))];
}

function systemEvents(system: SampleSystem, since: number, scale: number): readonly SampleEvent[] {
  switch (system.name) {
    case 'credit-scoring':
      return creditScoringEvents(system, since);
    case 'support-assistant':
      return supportAssistantEvents(system, since, scale);
    case 'claims-triage':
      return claimsTriageEvents(system, since);
    default:
      return [];
  }
}

function insightEvents(place: SamplePlace, since: number): readonly SampleEvent[] {
  if (place.account !== '111122223333' || place.region !== 'us-east-1') return [];
  const insight = (state: string) => ({
    state,
    eventSource: 'bedrock.amazonaws.com',
    eventName: 'Converse',
    insightType: 'ApiCallRateInsight',
    insightContext: { statistics: { baseline: { average: 0.8 }, insight: { average: 6.4 }, insightDuration: 4 } },
  });
  const by = { role: 'support-assistant-runtime', session: 'assistant-api' };
  const shared = { by, source: 'bedrock', name: 'Converse', category: 'Insight' } as const;
  const start = since + 20 * dayMs + 13 * hourMs;
  return [
    { ...shared, at: start, insight: insight('Start') },
    { ...shared, at: start + hourMs, insight: insight('End') },
  ];
}

// Newest first, as LookupEvents gives them; equal seconds stay in a fixed order.
function recordsOf(events: readonly SampleEvent[], world: SampleWorld, place: SamplePlace): readonly SampleTrailEvent[] {
  const until = Date.parse(world.until);
  const records = events.map((event, i) => {
    // CloudTrail's times are whole seconds.
    const at = Math.floor(event.at / 1000) * 1000;
    return { at, i, record: sampleRecord({ ...event, at }, place, `${place.account}|${place.region}|${event.name}|${i}`) };
  });
  return records.filter(({ at }) => at < until).sort((a, b) => b.at - a.at || b.i - a.i);
}
