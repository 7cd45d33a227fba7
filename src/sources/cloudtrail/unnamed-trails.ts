// SPDX-License-Identifier: Apache-2.0
import { type Gap, gapMessage } from '../../evidence/gap.ts';
import { type JsonObject, stringAt } from '../../evidence/json.ts';
import { isBelow } from '../report/named-places.ts';
import type { Scope } from '../source.ts';

/**
 * A gap for each place that trails write to and that nobody named, where only named places may be read. An `item` each: LookupEvents gives the
 * events of the window, so no later run owes them; what is never seen is in these files only.
 */
export function unnamedTrailGaps(trails: readonly JsonObject[], { namedPlaces }: Pick<Scope, 'namedPlaces'>): readonly Gap[] {
  if (namedPlaces === undefined) return [];
  const unnamed = trails.flatMap((trail) => {
    const place = placeOf(trail);
    return place === null || isNamed(place, namedPlaces) ? [] : [{ place, trail: stringAt(trail, 'TrailARN') ?? '' }];
  });
  return [...Map.groupBy(unnamed, ({ place }) => place)].map(([place, found]) =>
    gapOf(
      place,
      found.map(({ trail }) => trail),
    ),
  );
}

// Either may be the longer one: the account's own folder may be all that is named, or the bucket.
function isNamed(place: string, named: readonly string[]): boolean {
  return isBelow(place, named) || named.some((one) => one.startsWith(place));
}

function placeOf(trail: JsonObject): string | null {
  const bucket = stringAt(trail, 'S3BucketName');
  if (bucket === undefined) return null;
  const prefix = stringAt(trail, 'S3KeyPrefix');
  return `s3://${bucket}/${prefix === undefined ? '' : `${prefix}/`}AWSLogs/`;
}

function gapOf(place: string, trails: readonly string[]): Gap {
  return {
    reason: 'not-configured',
    extent: 'item',
    what: place,
    message: gapMessage(
      `${trails.join(' and ')} writes log files to ${place}, which no \`trailBuckets\` names: events come from LookupEvents alone (no data events, 90 days), and no digest proves that they are all.`,
      `add ${place} to \`trailBuckets\`, with the key that opens it if there is one, and deploy again`,
    ),
    code: 'TRAIL_BUCKET_UNNAMED',
    detail: { place, trails: [...trails] },
  };
}
