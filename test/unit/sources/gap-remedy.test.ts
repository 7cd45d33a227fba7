// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { gapMessage, gapReasons } from '../../../src/evidence/gap.ts';
import { noDeclarations } from '../../../src/evidence/scope-file.ts';
import { keptSpan } from '../../../src/sources/cloudtrail/event-span.ts';
import { notListedGap } from '../../../src/sources/cloudtrail/log-place.ts';
import { unnamedTrailGaps } from '../../../src/sources/cloudtrail/unnamed-trails.ts';
import { gapOfSystemError } from '../../../src/sources/file-walk.ts';
import { remedyOf } from '../../../src/sources/gap-remedy.ts';
import { gapOfSlice } from '../../../src/sources/intake/file-batch.ts';
import { createSources } from '../../../src/sources/registry.ts';
import { unnamedGap, unnamedReportGap } from '../../../src/sources/report/named-places.ts';
import { sageMakerGap } from '../../../src/sources/report/open-sagemaker.ts';
import { gapOfFailure } from '../../../src/sources/source-error.ts';

const failure = (message: string, code = 'AccessDeniedException') => ({ code, message, status: 403, requestId: 'r' });
const denied = (message: string, what = 's3:GetObject') => remedyOf(what, failure(message), 'denied');
const role = 'User: arn:aws:sts::444455556666:assumed-role/aims-collector/session is not authorized to perform:';

describe('what closes a denial', () => {
  it('names the action and the role that AWS named', () => {
    expect(denied(`${role} macie2:ListFindings on resource: *`, 'macie2:ListFindings')).toBe(
      'allow macie2:ListFindings to role aims-collector of account 444455556666',
    );
    expect(denied('User: arn:aws:iam::444455556666:user/division/bob is not authorized to perform: macie2:ListFindings', 'x')).toBe(
      'allow macie2:ListFindings to user bob of account 444455556666',
    );
  });

  it('names the action that was refused where it is not the one that was called, and never a whole service', () => {
    expect(
      denied(
        `${role} kms:Decrypt on resource: arn:aws:kms:eu-west-1:444455556666:key/k because no identity-based policy allows the kms:Decrypt action`,
      ),
    ).toBe('allow kms:Decrypt to role aims-collector of account 444455556666 in its identity-based policy');
    expect(denied(`${role} macie2:* on resource: *`, 'macie2:ListFindings')).toContain('allow macie2:ListFindings to');
  });

  it('says where a deny stands that no grant overcomes', () => {
    const byOrganisation = denied(`${role} s3:GetObject on resource: * with an explicit deny in a service control policy`);
    expect(byOrganisation).toBe(
      'lift the deny of s3:GetObject for role aims-collector of account 444455556666 in the service control policy, which the organisation keeps, or leave the Region out of the collection',
    );
    const boundary = denied(`${role} s3:GetObject on resource: * with an explicit deny in a permissions boundary`);
    expect(boundary).toMatch(/in the permissions boundary$/);
  });

  it('names who collects where AWS names nobody, and a bucket’s owner', () => {
    expect(denied('Access Denied')).toMatch(/^allow s3:GetObject to the identity that collects, and where another account owns the bucket/);
  });

  it('asks for credentials, and for no grant, where these are what is wrong', () => {
    expect(remedyOf('s3:GetObject', failure('The token has expired', 'ExpiredToken'), 'denied')).toMatch(/^sign in again/);
    expect(remedyOf('s3:GetObject', failure('no such key', 'InvalidAccessKeyId'), 'denied')).toMatch(/^check the credentials/);
  });
});

describe('the message of a gap', () => {
  it('ends on what closes it, for every reason', () => {
    for (const reason of gapReasons) {
      expect(gapOfFailure('macie2:ListFindings', failure('No.'), reason).message).toMatch(/^No\. To close it: [a-z].{20,}\.$/);
    }
    expect(gapMessage('What happened', 'do this.')).toBe('What happened. To close it: do this.');
  });

  it('says so of settings that are missing and of what cannot be read, wherever it is made', () => {
    const uri = 's3://bucket/a/b.json';
    const scope = { partition: 'aws', account: '1', region: 'eu-west-1', reportLocations: [], sweptAt: '2026-11-21T00:00:00Z' };
    const window = { since: '2026-01-01T00:00:00Z', until: '2026-11-21T00:00:00Z' };
    const span = { start: Date.parse(window.since), end: Date.parse(window.until) };
    const trails = [{ S3BucketName: 'b', TrailARN: 'arn:aws:cloudtrail:eu-west-1:1:trail/t' }];
    const gaps = [
      unnamedGap(uri, 'trailBuckets'),
      unnamedReportGap(uri, {}),
      ...unnamedTrailGaps(trails, { namedPlaces: [] }),
      keptSpan(span, { ...scope, window }).gap,
      notListedGap('s3://bucket', failure('Access Denied')),
      sageMakerGap('ListMonitoringSchedules', failure('This feature is no longer available to new customers')).gap,
      gapOfSystemError('a.json', Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' })),
      gapOfSlice('a.json', { kind: 'too-large', offset: 0, length: 9, sha256: 'f' }),
    ];
    expect(gaps).toHaveLength(8);
    for (const gap of gaps) expect(gap?.message).toMatch(/ To close it: [a-z].{10,}\.$/);
    const sources = createSources({ tables: {}, declarations: noDeclarations });
    for (const source of sources.values()) {
      const item = {
        source: source.id,
        shape: 'other',
        text: '{}',
        channel: { kind: 'api', requestId: 'r' },
        context: { ...scope },
      } as const;
      expect(source.interpret(item, {})).toEqual([
        { gap: expect.objectContaining({ reason: 'unsupported', message: expect.stringContaining('To close it: ') }) },
      ]);
    }
  });
});
