// SPDX-License-Identifier: Apache-2.0
import { at, type Json, type JsonObject, numberAt, stringAt } from '../evidence/json.ts';
import { type SampleTrailEvent, trailPopulation } from './cloudtrail/population.ts';
import { sampleTrails } from './cloudtrail/trails.ts';
import { awsError, type SampleAnswer, type SampleRequest, type SampleService } from './sample-service.ts';
import type { SampleWorld } from './world.ts';

const maxPage = 50;

/** CloudTrail of the sample organisation: AWS JSON 1.1, real pages, inclusive ends, newest first. */
export const cloudTrailService: SampleService = (request, world) => {
  switch (request.operation) {
    case 'LookupEvents':
      return lookupEvents(request, world);
    case 'DescribeTrails':
      return {
        status: 200,
        body: {
          trailList: trailsHere(request, world, at(request.body, 'includeShadowTrails') !== false).map((trail) => trail.description),
        },
      };
    case 'GetTrailStatus':
      return aboutTrail(request, world, stringAt(request.body, 'Name'), 'status');
    case 'GetEventSelectors':
      return aboutTrail(request, world, stringAt(request.body, 'TrailName'), 'selectors');
    case 'ListPublicKeys':
      return { status: 200, body: { PublicKeyList: [] } };
    default:
      return awsError(400, 'UnknownOperationException', `The sample account does not answer ${request.operation}.`);
  }
};

function trailsHere({ account, region }: SampleRequest, world: SampleWorld, withShadows: boolean) {
  return sampleTrails(world, account).filter(({ description }) => {
    const isHome = stringAt(description, 'HomeRegion') === region;
    return isHome || (withShadows && at(description, 'IsMultiRegionTrail') === true);
  });
}

function aboutTrail(request: SampleRequest, world: SampleWorld, name: string | undefined, what: 'status' | 'selectors'): SampleAnswer {
  const found = trailsHere(request, world, true).find(({ description }) =>
    [stringAt(description, 'TrailARN'), stringAt(description, 'Name')].includes(name),
  );
  if (found === undefined) return awsError(400, 'TrailNotFoundException', `Unknown trail: ${name ?? ''} for the user: ${request.account}`);
  return { status: 200, body: found[what] };
}

function lookupEvents(request: SampleRequest, world: SampleWorld): SampleAnswer {
  const { body } = request;
  const size = numberAt(body, 'MaxResults') ?? maxPage;
  if (size < 1 || size > maxPage) return awsError(400, 'InvalidMaxResultsException', `MaxResults must be between 1 and ${maxPage}.`);
  // Both ends are inclusive: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
  const start = (numberAt(body, 'StartTime') ?? Number.NEGATIVE_INFINITY) * 1000;
  const end = (numberAt(body, 'EndTime') ?? Number.POSITIVE_INFINITY) * 1000;
  if (start > end) return awsError(400, 'InvalidTimeRangeException', 'The start time is after the end time.');
  const population = trailPopulation(world, request);
  const events = stringAt(body, 'EventCategory') === 'insight' ? population.insight : population.management;
  const found = events.filter((event) => event.at >= start && event.at <= end);
  const from = offsetOf(stringAt(body, 'NextToken'), found.length);
  if (from === null) return awsError(400, 'InvalidNextTokenException', 'The token is not one of this request.');
  const next = from + size;
  const page = found.slice(from, next).map(lookedUp);
  return { status: 200, body: next < found.length ? { Events: page, NextToken: `sample-${found.length}-${next}` } : { Events: page } };
}

// The token is bound to the request that gave it: with other parameters the number of events differs.
function offsetOf(token: string | undefined, total: number): number | null {
  if (token === undefined) return 0;
  const parts = /^sample-(\d+)-(\d+)$/.exec(token);
  return parts !== null && Number(parts[1]) === total ? Number(parts[2]) : null;
}

function lookedUp({ at: instant, record }: SampleTrailEvent): Json {
  const name = stringAt(record, 'eventName') ?? stringAt(record, 'insightDetails', 'eventName') ?? '';
  const event: JsonObject = {
    EventId: stringAt(record, 'eventID') ?? '',
    EventName: name,
    ReadOnly: String(at(record, 'readOnly') ?? false),
    EventTime: instant / 1000,
    EventSource: stringAt(record, 'eventSource') ?? stringAt(record, 'insightDetails', 'eventSource') ?? '',
    Username: stringAt(record, 'userIdentity', 'arn')?.split('/').at(-1) ?? '',
    Resources: [],
    CloudTrailEvent: JSON.stringify(record),
  };
  return event;
}
