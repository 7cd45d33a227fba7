// SPDX-License-Identifier: Apache-2.0
import type { Source } from '../../sources/source.ts';
import type { Configuration, Place } from './configuration-schema.ts';
import type { Grant } from './grant.ts';

/** What is read of a source's declaration for its permissions. */
export type SourceActions = Pick<Source, 'id' | 'title' | 'actions'>;

/** Exactly the declared actions of a source. Those on files and keys are granted only where the configuration names the place: without one, nowhere. */
export function sourceGrants(source: SourceActions, configuration: Configuration): readonly Grant[] {
  const calls = source.actions.filter((action) => !isOnPlaces(action));
  return [
    { actions: calls, on: 'any', why: `${source.title} is read whole: these calls list and describe, and change nothing.` },
    ...placesOf(source, configuration).flatMap((place) => placeGrants(source, place)),
  ];
}

/** Whether an action reads files or opens keys, and so needs a place that the configuration names. */
function isOnPlaces(action: string): boolean {
  return action.startsWith('s3:') || action.startsWith('kms:');
}

/** The places in S3 that a source may read. */
export function placesOf(source: Pick<SourceActions, 'id'>, configuration: Configuration): readonly Place[] {
  switch (source.id) {
    case 'cloudtrail':
      return configuration.trailBuckets;
    case 'sagemaker-model-monitor':
    case 'sagemaker-clarify':
      return configuration.reportLocations;
    default:
      return [];
  }
}

function placeGrants({ actions }: SourceActions, { location, keyArn }: Place): readonly Grant[] {
  const why = 'The configuration names this place and its key; nothing else in S3 can be read.';
  const onFiles = actions.filter((action) => action.startsWith('s3:'));
  const onObjects = onFiles.filter((action) => action.startsWith('s3:GetObject'));
  const onLists: readonly string[] = onFiles.filter((action) => action === 's3:ListBucket');
  const onBuckets = onFiles.filter((action) => !onObjects.includes(action) && !onLists.includes(action));
  const grants: readonly Grant[] = [
    { actions: onObjects, on: { s3Objects: location }, why },
    { actions: onLists, on: { s3Listing: location }, why },
    { actions: onBuckets, on: { s3Bucket: location }, why },
    // A key is named because the files cannot be read without it, whether or not the source knows of keys.
    ...(keyArn === undefined ? [] : [{ actions: ['kms:Decrypt'], on: { kmsKey: keyArn }, why }]),
  ];
  return grants.filter((grant) => grant.actions.length > 0);
}

/** What the role in a member account grants: what all sources together ask, each action once. */
export function memberGrants(sources: readonly SourceActions[], configuration: Configuration): readonly Grant[] {
  const grants = sources.flatMap((source) => sourceGrants(source, configuration));
  const calls = grants.filter(({ on }) => on === 'any').flatMap(({ actions }) => actions);
  const why = 'The sources are read whole: these calls list and describe, and change nothing.';
  return [{ actions: [...new Set(calls)].sort(), on: 'any', why }, ...grants.filter(({ on }) => on !== 'any')];
}
