// SPDX-License-Identifier: Apache-2.0
import type { Gap } from '../../evidence/gap.ts';
import { stringAt } from '../../evidence/json.ts';
import type { S3 } from '../report/open-s3.ts';
import type { Scope } from '../source.ts';
import { type AwsFailure, gapOfFailure } from '../source-error.ts';
import type { Span } from './event-span.ts';

/** A folder that holds log files of one account and Region: `s3://…/AWSLogs/[o-…/]<account>/CloudTrail/<region>/`. */
export interface LogPlace {
  readonly folder: string;
  /** When its oldest log file was delivered; epoch milliseconds. */
  readonly since: number;
}

/** Folder of management and data events, of Insights events, and of digest files. */
export const logFolderNames = ['CloudTrail', 'CloudTrail-Insight', 'CloudTrail-Digest'] as const;
export type LogFolder = (typeof logFolderNames)[number];

/**
 * Folders of a scope below the configured trail locations, in the order in which they are read, whether anything lies there or not. An
 * organisation's trail writes below its id: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html (read 2026-11).
 */
export async function logFolders(
  s3: S3,
  scope: Scope,
  kind: LogFolder,
): Promise<readonly { readonly location: string; readonly folders: readonly string[]; readonly gap: Gap | null }[]> {
  const found = [];
  for (const location of new Set(scope.trailLocations ?? [])) {
    const { root, owner } = partsOf(location);
    const listed = owner === null ? await s3.folders(`${root}o-`) : [];
    const owners = 'failure' in listed ? [] : listed;
    const all = owner === null ? [root, ...owners] : [`${root}${owner}/`];
    const folders = all.map((one) => `${one}${scope.account}/${kind}/${scope.region}/`);
    found.push({ location, folders, gap: 'failure' in listed ? notListedGap(location, listed.failure) : null });
  }
  return found;
}

/** The gap of a location, or of a folder, that was not listed. */
export function notListedGap(location: string, failure: AwsFailure): Gap {
  const gap = gapOfFailure('s3:ListBucket', failure);
  return { ...gap, message: `${location} was not listed: ${gap.message}`, detail: { ...gap.detail, location } };
}

/**
 * Gaps that one reading did not tell of yet, and notes those of locations in `told`. A location is looked into for events, for Insights and
 * for digests: it is told of once for each reason. A gap that names no location, such as one of a trail's bucket, is told always.
 */
export function untold(gaps: readonly Gap[], told: Set<string>): readonly Gap[] {
  return gaps.filter(({ reason, detail }) => {
    const location = stringAt(detail, 'location');
    if (location === undefined) return true;
    const key = `${reason} ${location}`;
    return !told.has(key) && told.add(key);
  });
}

/** Folder below which all log files of a location lie: `s3://…/AWSLogs/`, with the organisation's id where the location names it. */
export function logRoot(location: string): string {
  const { root, owner } = partsOf(location);
  return owner === null ? root : `${root}${owner}/`;
}

/** A log or digest file by its address. */
export interface LogAddress {
  readonly account: string;
  readonly region: string;
  readonly kind: LogFolder;
}

const logKey =
  /\/AWSLogs\/(?:o-[a-z0-9]+\/)?(\d{12})\/(CloudTrail|CloudTrail-Insight|CloudTrail-Digest)\/([a-z0-9-]+)\/\d{4}\/\d\d\/\d\d\/[^/]+\.json\.gz$/;

/** What a log or digest file is of, by its address; null where the address is none of these. */
export function logAddress(uri: string): LogAddress | null {
  const [, account, folder, region] = logKey.exec(uri) ?? [];
  const kind = logFolderNames.find((one) => one === folder);
  return account === undefined || region === undefined || kind === undefined ? null : { account, region, kind };
}

// A location may end before `AWSLogs/`, with it, or with the organisation's id below it.
function partsOf(location: string): { readonly root: string; readonly owner: string | null } {
  const [, before = location, owner = null] = /^(.*?)\/?(?:\/AWSLogs(?:\/(o-[a-z0-9]+))?(?:\/.*)?)$/.exec(location) ?? [];
  return { root: `${before.replace(/\/+$/, '')}/AWSLogs/`, owner };
}

const keyTime = /_(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)?Z[._]/;

/** When CloudTrail delivered a log or digest file, by its name; epoch milliseconds, null where the name says nothing. */
export function deliveredAt(key: string): number | null {
  const time = keyTime.exec(key.slice(key.lastIndexOf('/') + 1));
  if (time === null) return null;
  const [, year, month, day, hour, minute, second = '00'] = time;
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

/** Key, as URI, that stands before everything delivered on or after the day of a time; and one after everything of the day of another. */
export function dayBounds(folder: string, { start, end }: Span): { readonly after: string; readonly before: string } {
  const day = (ms: number) => new Date(ms).toISOString().slice(0, 10).replaceAll('-', '/');
  return { after: `${folder}${day(start)}/`, before: `${folder}${day(end)}/~` };
}
