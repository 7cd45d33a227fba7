// SPDX-License-Identifier: Apache-2.0
import type { Gap } from '../../evidence/gap.ts';
import { at, type JsonObject, stringAt } from '../../evidence/json.ts';
import type { S3 } from '../report/open-s3.ts';
import type { Scope } from '../source.ts';
import { gapOfFailure, readFailure } from '../source-error.ts';
import { logFolders } from './log-place.ts';

/** A folder of digest files of one account and Region. */
export interface DigestPlace {
  /** `s3://…/CloudTrail-Digest/<region>/`. */
  readonly folder: string;
  /** Names of the trails whose digests are wanted; null for all. */
  readonly trails: ReadonlySet<string> | null;
}

/** Folders of organisations in a bucket below a root, such as `o-exampleorgid/`. */
type Owners = (bucket: string, root: string) => Promise<readonly string[]>;

/** Where digest files of the scope lie, in order of address: below trail locations, and where trails write that the configuration names. */
export async function digestPlaces(
  { s3, scope }: { readonly s3: S3 | null; readonly scope: Scope },
  trails: readonly JsonObject[],
  owners: Owners,
): Promise<{ readonly places: readonly DigestPlace[]; readonly gaps: readonly Gap[] }> {
  const found = new Map<string, Set<string> | null>();
  const gaps: Gap[] = [];
  if (s3 !== null)
    for (const { folders, gap } of await logFolders(s3, scope, 'CloudTrail-Digest')) {
      if (gap === null) for (const folder of folders) found.set(folder, null);
      else gaps.push(gap);
    }
  for (const trail of trails) {
    if (at(trail, 'LogFileValidationEnabled') !== true || !isNamed(scope.reportLocations, trail)) continue;
    const bucket = stringAt(trail, 'S3BucketName') ?? '';
    const prefix = stringAt(trail, 'S3KeyPrefix');
    const root = `${prefix === undefined ? '' : `${prefix}/`}AWSLogs/`;
    try {
      const all = at(trail, 'IsOrganizationTrail') === true ? ['', ...(await owners(bucket, root))] : [''];
      for (const owner of all) {
        const folder = `s3://${bucket}/${root}${owner}${scope.account}/CloudTrail-Digest/${scope.region}/`;
        const names = found.get(folder);
        if (names !== null) found.set(folder, (names ?? new Set()).add(stringAt(trail, 'Name') ?? ''));
      }
    } catch (error) {
      const gap = gapOfFailure('s3:ListBucket', readFailure(error));
      gaps.push({ ...gap, detail: { ...gap.detail, bucket, trail: stringAt(trail, 'TrailARN') } });
    }
  }
  const places = [...found].map(([folder, names]) => ({ folder, trails: names }));
  return { places: places.toSorted((a, b) => (a.folder < b.folder ? -1 : 1)), gaps };
}

function isNamed(locations: readonly string[], trail: JsonObject): boolean {
  const bucket = stringAt(trail, 'S3BucketName');
  return bucket !== undefined && locations.some((one) => one === `s3://${bucket}` || one.startsWith(`s3://${bucket}/`));
}
