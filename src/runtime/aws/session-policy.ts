// SPDX-License-Identifier: Apache-2.0
import { parseS3Uri } from '../../sources/report/open-s3.ts';
import type { Source } from '../../sources/source.ts';
import type { Place } from '../deployment/configuration-schema.ts';

/** Characters of a session policy: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html (read 2026-11). */
const mostCharacters = 2_048;

interface Statement {
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: string | readonly string[];
}

/**
 * The policy that narrows a member session to one source: exactly its declared actions, those on files and keys only on the named places. The
 * role's own policy still decides. Where the places do not fit, whole buckets stand for them; null where even these are too many.
 */
export function sessionPolicy(source: Pick<Source, 'actions'>, places: readonly Place[], partition: string): string | null {
  const texts = [places, wholeBuckets(places)].map((some) => policyText(source.actions, some, partition));
  return texts.find((text) => text.length <= mostCharacters) ?? null;
}

function policyText(actions: readonly string[], places: readonly Place[], partition: string): string {
  const parts = places.map(({ location }) => parseS3Uri(location) ?? { bucket: '', key: '' });
  const buckets = unique(parts.map(({ bucket }) => `arn:${partition}:s3:::${bucket}`));
  const objects = unique(parts.map(({ bucket, key }) => `arn:${partition}:s3:::${bucket}/${key}*`));
  const keys = unique(places.flatMap(({ keyArn }) => keyArn ?? []));
  const isOf = (service: string) => (action: string) => action.startsWith(`${service}:`);
  const onObjects = actions.filter((action) => action.startsWith('s3:GetObject'));
  const onBuckets = actions.filter((action) => isOf('s3')(action) && !onObjects.includes(action));
  const statements: readonly Statement[] = [
    { Effect: 'Allow', Action: actions.filter((action) => !isOf('s3')(action) && !isOf('kms')(action)), Resource: '*' },
    { Effect: 'Allow', Action: onObjects, Resource: objects },
    { Effect: 'Allow', Action: onBuckets, Resource: buckets },
    { Effect: 'Allow', Action: actions.filter(isOf('kms')), Resource: keys },
  ];
  const Statement = statements.filter(({ Action, Resource }) => Action.length > 0 && Resource.length > 0);
  return JSON.stringify({ Version: '2012-10-17', Statement });
}

function wholeBuckets(places: readonly Place[]): readonly Place[] {
  return places.map(({ location, ...rest }) => ({ ...rest, location: `s3://${parseS3Uri(location)?.bucket ?? ''}/` }));
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort();
}
