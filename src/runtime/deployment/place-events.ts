// SPDX-License-Identifier: Apache-2.0
import type { Json } from '../../evidence/json.ts';
import { logFolderNames, logRoot } from '../../sources/cloudtrail/log-place.ts';
import { parseS3Uri } from '../../sources/report/open-s3.ts';
import type { Source } from '../../sources/source.ts';
import type { Configuration } from './configuration-schema.ts';
import { placesOf } from './source-grants.ts';

/**
 * EventBridge patterns of new log and digest files in the places that the configuration names for a source; none for a source whose own
 * patterns tell its files by their names. S3 sends every object of a bucket that tells EventBridge: only these are let through.
 */
export function placePatterns(source: Pick<Source, 'id'>, configuration: Configuration): readonly Json[] {
  if (source.id !== 'cloudtrail') return [];
  const roots = new Set(placesOf(source, configuration).map(({ location }) => logRoot(location)));
  return [...roots].map((root): Json => {
    const { bucket, key } = parseS3Uri(root) ?? { bucket: '', key: '' };
    const prefix = key.replaceAll(/[\\*]/g, '\\$&');
    return {
      source: ['aws.s3'],
      'detail-type': ['Object Created'],
      detail: {
        bucket: { name: [bucket] },
        object: { key: logFolderNames.map((folder) => ({ wildcard: `${prefix}*/${folder}/*.json.gz` })) },
      },
    };
  });
}

/** Buckets (`s3://bucket`) whose events the sources wait for; none where the configuration wants no events. */
export function eventBuckets(configuration: Configuration): readonly string[] {
  if (!configuration.events) return [];
  const places = configuration.sources.flatMap((id) => placesOf({ id }, configuration));
  return [...new Set(places.map(({ location }) => `s3://${parseS3Uri(location)?.bucket ?? ''}`))].sort();
}
