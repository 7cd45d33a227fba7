// SPDX-License-Identifier: Apache-2.0
import { type Gap, gapMessage } from '../../evidence/gap.ts';
import type { JsonObject } from '../../evidence/json.ts';
import { directoryOf, reportPlace } from './report-place.ts';

/** Whether a listing of one of the locations would find an object; a bucket without a prefix ends at its slash. */
export function isBelow(uri: string, locations: readonly string[]): boolean {
  return locations.some((location) => uri.startsWith(/^s3:\/\/[^/]+$/.test(location) ? `${location}/` : location));
}

/** The gap of an object that S3 tells of in a place that the configuration does not name: nothing of it is read. */
export function unnamedGap(uri: string, setting: 'reportLocations' | 'trailBuckets'): Gap {
  const bucket = bucketOf(uri);
  const [things, code] =
    setting === 'reportLocations' ? ['monitoring reports', 'REPORT_LOCATION_UNNAMED'] : ['log files', 'TRAIL_BUCKET_UNNAMED'];
  return {
    reason: 'not-configured',
    extent: 'scope',
    what: setting,
    message: gapMessage(
      `${bucket} tells of ${things} and no \`${setting}\` names it, so nothing of it is read.`,
      `name it in \`${setting}\` of the configuration, or stop it telling`,
    ),
    code,
    detail: { bucket, uri },
  };
}

/** The gap of a report that a job or a schedule names and that may not be read, as the configuration does not name its place. */
export function unnamedReportGap(uri: string, detail: JsonObject): Gap {
  const place = placeOf(uri);
  return {
    reason: 'not-configured',
    extent: 'scope',
    what: bucketOf(uri),
    message: gapMessage(
      `${uri} was not read: the configuration names no place that holds it, and nothing else in S3 may be read.`,
      `add ${place} to \`reportLocations\`, with the key that opens it if there is one, and deploy again`,
    ),
    code: 'REPORT_LOCATION_UNNAMED',
    detail: { ...detail, uri, place },
  };
}

/** What to name for a report: what stands above endpoint and schedule where it lies as Model Monitor writes, else its directory. */
function placeOf(uri: string): string {
  const { endpoint, schedule } = reportPlace(uri);
  const above = endpoint === null || schedule === null ? -1 : uri.indexOf(`/${endpoint}/${schedule}/`);
  return above < 0 ? `${directoryOf(uri)}/` : uri.slice(0, above + 1);
}

function bucketOf(uri: string): string {
  return /^s3:\/\/[^/]+/.exec(uri)?.[0] ?? uri;
}
