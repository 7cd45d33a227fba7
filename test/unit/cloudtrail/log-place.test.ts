// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { digestPlaces } from '../../../src/sources/cloudtrail/digest-places.ts';
import { notListedGap, untold } from '../../../src/sources/cloudtrail/log-place.ts';
import type { Scope } from '../../../src/sources/source.ts';

const scope: Scope = {
  partition: 'aws',
  account: '111122223333',
  region: 'eu-west-1',
  window: { since: '2026-11-05T00:00:00Z', until: '2026-11-06T00:00:00Z' },
  sweptAt: '2026-11-06T00:00:00Z',
  reportLocations: ['s3://bucket-a', 's3://bucket-b'],
};
const trail = (name: string) => ({
  Name: name,
  TrailARN: `arn:aws:cloudtrail:eu-west-1:111122223333:trail/${name}`,
  S3BucketName: `bucket-${name}`,
  LogFileValidationEnabled: true,
  IsOrganizationTrail: true,
});
const failure = { code: 'AccessDenied', message: 'no', status: 403, requestId: null };

describe('gaps told of in one reading', () => {
  it('are those of every trail whose bucket refuses', async () => {
    const refuse = () => Promise.reject(Object.assign(new Error('no'), { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } }));
    const { gaps } = await digestPlaces({ s3: null, scope }, [trail('a'), trail('b')], refuse);
    expect(gaps).toHaveLength(2);
    const buckets = untold(gaps, new Set()).map(({ detail }) => detail['bucket']);
    expect(buckets).toEqual(['bucket-a', 'bucket-b']);
  });

  it('are one for a location, however often it is looked into, and one more for another', () => {
    const told = new Set<string>();
    const gap = notListedGap('s3://one', failure);
    expect(untold([gap, gap], told)).toEqual([gap]);
    expect(untold([gap], told)).toEqual([]);
    expect(untold([gap, notListedGap('s3://two', failure)], told)).toHaveLength(1);
  });
});
