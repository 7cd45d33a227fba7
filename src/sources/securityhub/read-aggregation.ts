// SPDX-License-Identifier: Apache-2.0
import { sliceAt } from '../../evidence/json-slices.ts';
import type { Reading } from '../../evidence/observation.ts';
import type { ReadingPlace } from './findings-queries.ts';
import type { Asked, HubCalls } from './hub-calls.ts';

/** Where findings of a scope are read, and what was learnt or not learnt on the way. */
export interface Aggregation {
  /** Null where the home Region's own scope reads them with its own, in the same plan. */
  readonly place: ReadingPlace | null;
  readonly readings: readonly Reading[];
}

interface Aggregator {
  readonly home: string | undefined;
  /** ALL_REGIONS, ALL_REGIONS_EXCEPT_SPECIFIED, SPECIFIED_REGIONS or NO_REGIONS. */
  readonly mode: string | undefined;
  /** Linked Regions, or with …_EXCEPT_SPECIFIED those left out. */
  readonly regions: readonly string[];
}

interface ListedAggregators {
  readonly FindingAggregators?: readonly { readonly FindingAggregatorArn?: string | undefined }[] | undefined;
  readonly AggregatorsV2?: readonly { readonly AggregatorV2Arn?: string | undefined }[] | undefined;
}

interface DescribedAggregator {
  readonly FindingAggregationRegion?: string | undefined;
  readonly AggregationRegion?: string | undefined;
  readonly RegionLinkingMode?: string | undefined;
  readonly Regions?: readonly string[] | undefined;
  readonly LinkedRegions?: readonly string[] | undefined;
}

/**
 * Where CSPM findings of the scope are read. Where they are aggregated only the home Region is asked, narrowed to the scope's own Region,
 * so that each finding is read as one copy: the home's. The home's own scope is not narrowed, as linked Regions need not be in the plan; so
 * where the plan says that it reads the home Region too, a linked Region's findings are not asked for a second time.
 */
export async function findCspmPlace(calls: HubCalls): Promise<Aggregation> {
  const { sdk } = calls;
  const listed = await calls.ask<ListedAggregators>('ListFindingAggregators', new sdk.ListFindingAggregatorsCommand({ MaxResults: 1 }));
  if ('gap' in listed) return { place: ownRegion(calls), readings: [{ gap: listed.gap }] };
  const FindingAggregatorArn = listed.answer.output.FindingAggregators?.[0]?.FindingAggregatorArn;
  if (FindingAggregatorArn === undefined) return { place: ownRegion(calls), readings: [] };
  const command = new sdk.GetFindingAggregatorCommand({ FindingAggregatorArn });
  return described(calls, await calls.ask<DescribedAggregator>('GetFindingAggregator', command), 'GetFindingAggregator');
}

/** As `findCspmPlace`, for the newer Security Hub, which is aggregated by a setting of its own. */
export async function findHubV2Place(calls: HubCalls): Promise<Aggregation> {
  const { sdk } = calls;
  const listed = await calls.ask<ListedAggregators>('ListAggregatorsV2', new sdk.ListAggregatorsV2Command({ MaxResults: 1 }));
  if ('gap' in listed) return { place: ownRegion(calls), readings: [{ gap: listed.gap }] };
  const AggregatorV2Arn = listed.answer.output.AggregatorsV2?.[0]?.AggregatorV2Arn;
  if (AggregatorV2Arn === undefined) return { place: ownRegion(calls), readings: [] };
  const command = new sdk.GetAggregatorV2Command({ AggregatorV2Arn });
  return described(calls, await calls.ask<DescribedAggregator>('GetAggregatorV2', command), 'GetAggregatorV2');
}

function ownRegion(calls: HubCalls): ReadingPlace {
  return { region: calls.scope.region, onlyRegion: undefined };
}

function described(calls: HubCalls, asked: Asked<DescribedAggregator>, operation: string): Aggregation {
  if ('gap' in asked) return { place: ownRegion(calls), readings: [{ gap: asked.gap }] };
  const { body, output, requestId } = asked.answer;
  const aggregator = {
    home: output.FindingAggregationRegion ?? output.AggregationRegion,
    mode: output.RegionLinkingMode,
    regions: output.Regions ?? output.LinkedRegions ?? [],
  };
  const item = calls.item('state', sliceAt(body) ?? body, requestId, { operation });
  return { place: placeBy(aggregator, calls), readings: [{ item }] };
}

function placeBy(aggregator: Aggregator, calls: HubCalls): ReadingPlace | null {
  const { region, plannedRegions = [] } = calls.scope;
  const { home } = aggregator;
  if (home === undefined || home === region || !isLinked(aggregator, region)) return ownRegion(calls);
  return plannedRegions.includes(home) ? null : { region: home, onlyRegion: region };
}

function isLinked({ mode, regions }: Aggregator, region: string): boolean {
  switch (mode) {
    case 'ALL_REGIONS':
      return true;
    case 'ALL_REGIONS_EXCEPT_SPECIFIED':
      return !regions.includes(region);
    default:
      return regions.includes(region);
  }
}
