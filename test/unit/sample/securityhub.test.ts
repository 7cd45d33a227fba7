// SPDX-License-Identifier: Apache-2.0
import {
  AwsSecurityFinding$,
  BatchGetStandardsControlAssociationsResponse$,
  GetEnabledStandardsResponse$,
  ListSecurityControlDefinitionsResponse$,
} from '@aws-sdk/client-securityhub';
import { describe, expect, it } from '@jest/globals';
import { arrayAt, type Json, type JsonObject, stringAt } from '../../../src/evidence/json.ts';
import type { SampleAnswer } from '../../../src/sample/sample-service.ts';
import { securityHubService } from '../../../src/sample/securityhub.ts';
import { sampleWorld } from '../../../src/sample/world.ts';
import { deviationsFrom } from '../../support/sdk-schema.ts';

const world = sampleWorld();
const [production, claims] = ['111122223333', '444455556666'];

const home = { account: production, region: 'eu-west-1' };

function ask(method: string, path: string, body?: JsonObject, place: typeof home & { of?: typeof world } = home): SampleAnswer {
  const { of, ...where } = place;
  return securityHubService(
    { service: 'securityhub', operation: '', method, path, query: new URLSearchParams(), body, ...where },
    of ?? world,
  );
}

function findings(body: JsonObject, of = world): readonly Json[] {
  const answer = ask('POST', '/findings', { MaxResults: 100, ...body }, { ...home, of });
  expect(answer.status).toBe(200);
  return arrayAt(answer.body as Json, 'Findings');
}

const idOf = (finding: Json) => stringAt(finding, 'Id');

describe('Security Hub of the sample account', () => {
  it('answers in the shapes of the SDK', () => {
    const all = findings({});
    expect(all.length).toBeGreaterThan(35);
    expect(all.flatMap((finding) => deviationsFrom(AwsSecurityFinding$, finding))).toEqual([]);
    const required = ['SchemaVersion', 'Id', 'ProductArn', 'GeneratorId', 'AwsAccountId', 'CreatedAt', 'UpdatedAt', 'Title', 'Description'];
    for (const finding of all) expect(required.filter((name) => stringAt(finding, name) === undefined)).toEqual([]);
    expect(deviationsFrom(GetEnabledStandardsResponse$, ask('POST', '/standards/get', {}).body)).toEqual([]);
    expect(deviationsFrom(ListSecurityControlDefinitionsResponse$, ask('GET', '/securityControls/definitions').body)).toEqual([]);
    const pair = {
      StandardsArn: 'arn:aws:securityhub:eu-west-1::standards/ai-security-best-practices/v/1.0.0',
      SecurityControlId: 'SageMaker.12',
    };
    const associations = ask('POST', '/associations/batchGet', {
      StandardsControlAssociationIds: [pair, { ...pair, SecurityControlId: 'No.1' }],
    });
    expect(deviationsFrom(BatchGetStandardsControlAssociationsResponse$, associations.body)).toEqual([]);
    expect(arrayAt(associations.body as Json, 'StandardsControlAssociationDetails')).toMatchObject([{ AssociationStatus: 'DISABLED' }]);
    expect(arrayAt(associations.body as Json, 'UnprocessedAssociations')).toHaveLength(1);
  });

  it('is the same on every run and lies within the 30 days', () => {
    expect(findings({})).toEqual(findings({}, sampleWorld()));
    const days = new Set(findings({}).map((finding) => stringAt(finding, 'UpdatedAt')?.slice(0, 10)));
    expect(days.size).toBeGreaterThan(20);
    for (const day of days) expect(String(day) >= '2026-10-12' && String(day) < '2026-11-11').toBe(true);
  });

  it('repeats what is about resources with the scale, and not what is about the account', () => {
    const count = (scale: number, id: string) => {
      const filter = [{ Value: id, Comparison: 'EQUALS' }];
      return findings({ Filters: { ComplianceSecurityControlId: filter } }, sampleWorld(scale)).length;
    };
    expect([count(1, 'S3.17'), count(20, 'S3.17')]).toEqual([1, 20]);
    expect([count(1, 'IAM.6'), count(20, 'IAM.6')]).toEqual([1, 1]);
    const ids = findings({}, sampleWorld(20)).map(idOf);
    expect(new Set(ids).size).toBe(100);
  });

  it('filters by strings and dates and sorts both ways', () => {
    const all = findings({});
    const failed = findings({
      Filters: { ComplianceStatus: [{ Value: 'FAILED', Comparison: 'EQUALS' }], RecordState: [{ Value: 'ACTIVE', Comparison: 'EQUALS' }] },
    });
    expect(failed.length).toBeGreaterThan(5);
    expect(failed.length).toBeLessThan(all.length);
    expect(failed.every((finding) => stringAt(finding, 'Compliance', 'Status') === 'FAILED')).toBe(true);
    const others = findings({ Filters: { ProductName: [{ Value: 'Security Hub', Comparison: 'NOT_EQUALS' }] } });
    expect(new Set(others.map((finding) => stringAt(finding, 'ProductName')))).toEqual(new Set(['GuardDuty', 'Inspector', 'Macie']));
    const week = findings({ Filters: { UpdatedAt: [{ DateRange: { Value: 7, Unit: 'DAYS' } }] } });
    expect(week.length).toBeGreaterThan(1);
    expect(week.every((finding) => String(stringAt(finding, 'UpdatedAt')) >= '2026-11-04')).toBe(true);
    const order = (SortOrder: string) => findings({ SortCriteria: [{ Field: 'UpdatedAt', SortOrder }] }).map(idOf);
    expect(order('desc')).toEqual(order('asc').toReversed());
  });

  it('gives pages whose tokens are good for the same question only', () => {
    const body = { MaxResults: 10, SortCriteria: [{ Field: 'UpdatedAt', SortOrder: 'asc' }] };
    const first = ask('POST', '/findings', body).body as Json;
    const NextToken = stringAt(first, 'NextToken') ?? '';
    expect(NextToken).not.toBe('');
    const second = ask('POST', '/findings', { ...body, NextToken }).body as Json;
    const ids = [first, second].flatMap((page) => arrayAt(page, 'Findings').map(idOf));
    expect(new Set(ids).size).toBe(20);
    const code = (more: JsonObject) => ask('POST', '/findings', { ...body, ...more }).headers?.['x-amzn-errortype'];
    expect(code({ NextToken, MaxResults: 11 })).toBe('InvalidInputException');
    expect(code({ NextToken: 'made up' })).toBe('InvalidInputException');
    expect(code({ MaxResults: 101 })).toBe('InvalidInputException');
    expect(code({ Filters: { Nonsense: [] } })).toBe('InvalidInputException');
    expect(code({ SortCriteria: [{ Field: 'Title' }] })).toBe('InvalidInputException');
  });

  it('denies a closed Region and has the newer service in one Region only', () => {
    expect(ask('GET', '/accounts', undefined, { account: claims, region: 'us-east-1' }).status).toBe(403);
    expect(ask('GET', '/accounts', undefined, { account: claims, region: 'eu-west-1' }).status).toBe(200);
    expect(ask('GET', '/hubv2').headers?.['x-amzn-errortype']).toBe('ResourceNotFoundException');
    expect(ask('GET', '/hubv2', undefined, { account: production, region: 'us-east-1' }).status).toBe(200);
    expect(ask('GET', '/nowhere').status).toBe(404);
  });
});
