// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { SampleBucket, SampleObject } from '../sagemaker/report-objects.ts';
import type { SampleWorld } from '../world.ts';
import { type SampleTrailEvent, trailPopulation } from './population.ts';
import { hourMs, minuteMs, type SamplePlace } from './sample-record.ts';

/** CloudTrail delivers a log file some minutes after its last event. */
const deliveryMs = 5 * minuteMs;

const made = new WeakMap<SampleWorld, ReadonlyMap<string, SampleBucket>>();

/** The bucket of the production account's trail: a gzipped log file for each hour with events, in every Region. Made once for each world. */
export function trailBuckets(world: SampleWorld): ReadonlyMap<string, SampleBucket> {
  const known = made.get(world);
  if (known !== undefined) return known;
  const account = '111122223333';
  const objects = world.regions.flatMap((region) => logFiles(world, { account, region }));
  const ordered = objects.toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const buckets = new Map([['acme-audit-trail', { owner: account, objects: new Map(ordered.map((object) => [object.key, object])) }]]);
  made.set(world, buckets);
  return buckets;
}

function logFiles(world: SampleWorld, place: SamplePlace): SampleObject[] {
  const hours = Map.groupBy(trailPopulation(world, place).management.toReversed(), ({ at }) => Math.floor(at / hourMs) * hourMs);
  const until = Date.parse(world.until);
  return [...hours].flatMap(([hour, events]) => {
    const delivered = hour + hourMs + deliveryMs;
    // What was not delivered by the sample's present does not lie there yet.
    return delivered < until ? [logFile(place, delivered, events)] : [];
  });
}

// AWSLogs/<account>/CloudTrail/<region>/YYYY/MM/DD/<account>_CloudTrail_<region>_YYYYMMDDTHHmmZ_<16 characters>.json.gz:
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html, read 2026-11.
function logFile({ account, region }: SamplePlace, delivered: number, events: readonly SampleTrailEvent[]): SampleObject {
  const time = new Date(delivered).toISOString();
  const stamp = `${time.slice(0, 16).replaceAll(/[-:]/g, '')}Z`;
  const unique = hash('sha256', `${account}|${region}|${stamp}`).slice(0, 16);
  const key = `AWSLogs/${account}/CloudTrail/${region}/${time.slice(0, 10).replaceAll('-', '/')}/${account}_CloudTrail_${region}_${stamp}_${unique}.json.gz`;
  const text = (): string => JSON.stringify({ Records: events.map(({ record }) => record) });
  let packed: Uint8Array | undefined;
  const bytes = (): Uint8Array => {
    packed ??= new Uint8Array(gzipSync(text()));
    return packed;
  };
  return { key, lastModified: delivered, text, bytes };
}
