// SPDX-License-Identifier: Apache-2.0

import * as sdk from '@aws-sdk/client-macie2';
import { describe, expect, it } from '@jest/globals';
import type { Json, JsonObject } from '../../../src/evidence/json.ts';
import { macieService } from '../../../src/sample/macie.ts';
import { type SampleWorld, sampleWorld } from '../../../src/sample/world.ts';
import { deviationsFrom } from '../../support/sdk-schema.ts';

const world = sampleWorld();

interface Call {
  readonly path: string;
  readonly body?: Json;
  readonly query?: string;
  readonly region?: string;
  readonly account?: string;
  readonly world?: SampleWorld;
}

function ask(method: string, call: Call): { status: number; body: JsonObject } {
  const { path, body, query = '', region = 'eu-west-1', account = '111122223333' } = call;
  const request = { service: 'macie2', operation: '', method, path, query: new URLSearchParams(query), account, region, body };
  const answer = macieService(request, call.world ?? world);
  return { status: answer.status, body: answer.body as JsonObject };
}

function findingsOf(region: string, inWorld: SampleWorld = world): JsonObject[] {
  const out: JsonObject[] = [];
  let nextToken: string | undefined;
  do {
    const listed = ask('POST', {
      path: '/findings',
      region,
      world: inWorld,
      body: { maxResults: 50, ...(nextToken ? { nextToken } : {}) },
    }).body;
    const findingIds = listed['findingIds'] as string[];
    out.push(
      ...(ask('POST', { path: '/findings/describe', region, world: inWorld, body: { findingIds } }).body['findings'] as JsonObject[]),
    );
    nextToken = listed['nextToken'] as string | undefined;
  } while (nextToken);
  return out;
}

describe("the sample's Macie", () => {
  it.each([
    ['GET', '/macie', sdk.GetMacieSessionResponse$],
    ['GET', '/automated-discovery/configuration', sdk.GetAutomatedDiscoveryConfigurationResponse$],
    ['GET', '/classification-export-configuration', sdk.GetClassificationExportConfigurationResponse$],
    ['GET', '/findingsfilters', sdk.ListFindingsFiltersResponse$],
    ['POST', '/datasources/s3', sdk.DescribeBucketsResponse$],
    ['POST', '/datasources/s3/statistics', sdk.GetBucketStatisticsResponse$],
    ['POST', '/jobs/list', sdk.ListClassificationJobsResponse$],
    ['POST', '/findings', sdk.ListFindingsResponse$],
  ])('answers %s %s in the form that the SDK knows', (method, path, schema) => {
    for (const region of world.regions) {
      const { status, body } = ask(method, { path, region });
      expect(status).toBe(200);
      expect(deviationsFrom(schema, body)).toEqual([]);
    }
  });

  it('describes jobs and findings in the form that the SDK knows', () => {
    for (const region of world.regions) {
      const jobs = ask('POST', { path: '/jobs/list', region }).body['items'] as JsonObject[];
      expect(jobs).toHaveLength(4);
      for (const job of jobs) {
        const described = ask('GET', { path: `/jobs/${String(job['jobId'])}`, region }).body;
        expect(deviationsFrom(sdk.DescribeClassificationJobResponse$, described)).toEqual([]);
      }
      const findings = findingsOf(region);
      expect(findings.flatMap((finding) => deviationsFrom(sdk.Finding$, finding))).toEqual([]);
      expect(findings.length).toBeGreaterThan(20);
    }
  });

  it('has findings of every kind that a reader should meet', () => {
    const findings = [...findingsOf('eu-west-1'), ...findingsOf('us-east-1')];
    const types = new Set(findings.map((finding) => finding['type']));
    expect(types.size).toBeGreaterThanOrEqual(9);
    expect(findings.some((finding) => finding['archived'] === true)).toBe(true);
    expect(findings.filter((finding) => finding['sample'] === true)).toHaveLength(2);
    expect(findings.some((finding) => Number(finding['count']) > 1)).toBe(true);
    expect(JSON.stringify(findings)).toContain('s3://[export-config-not-set]/');
    expect(JSON.stringify(findings)).toContain('"code":"PARTIAL"');
    const within = findings.every((finding) => String(finding['updatedAt']) >= world.since && String(finding['updatedAt']) < world.until);
    expect(within).toBe(true);
  });

  it('is the same on every run, and larger at a larger scale', () => {
    expect(findingsOf('eu-west-1', sampleWorld())).toEqual(findingsOf('eu-west-1'));
    expect(findingsOf('eu-west-1', sampleWorld(3))).toHaveLength(3 * findingsOf('eu-west-1').length);
  });

  it('names the buckets of the AI systems with their tag', () => {
    const buckets = ask('POST', { path: '/datasources/s3', region: 'us-east-1' }).body['buckets'] as JsonObject[];
    expect(buckets.find((bucket) => bucket['bucketName'] === 'acme-support-knowledge')).toMatchObject({
      tags: [
        { key: 'ai-system', value: 'support-assistant' },
        { key: 'owner', value: 'customer-care' },
      ],
    });
  });

  it('is off in the account without Macie, on every path', () => {
    expect(ask('GET', { path: '/macie' }).status).toBe(200);
    for (const path of ['/macie', '/findingsfilters']) {
      expect(ask('GET', { path, account: '444455556666' })).toMatchObject({ status: 403, body: { message: 'Macie is not enabled' } });
    }
  });

  it('filters by criteria: times in milliseconds, text, and what to leave out', () => {
    const count = (criterion: Json) =>
      (ask('POST', { path: '/findings', body: { maxResults: 50, findingCriteria: { criterion } } }).body['findingIds'] as string[]).length;
    const middle = Date.parse('2026-10-27T00:00:00Z');
    expect(count({ category: { eq: ['POLICY'] } })).toBe(5);
    expect(
      count({ category: { eq: ['POLICY'] }, updatedAt: { gte: middle } }) +
        count({ category: { eq: ['POLICY'] }, updatedAt: { lt: middle } }),
    ).toBe(5);
    expect(count({ category: { neq: ['CLASSIFICATION'] } })).toBe(5);
    expect(count({ archived: { eq: ['true'] } })).toBe(8);
    expect(count({ 'severity.description': { eq: ['Dire'] } })).toBe(0);
  });

  it('counts findings by job', () => {
    const counts = ask('POST', { path: '/findings/statistics', body: { groupBy: 'category' } }).body['countsByGroup'];
    expect(counts).toEqual(
      expect.arrayContaining([
        { count: 72, groupKey: 'CLASSIFICATION' },
        { count: 5, groupKey: 'POLICY' },
      ]),
    );
  });

  it('refuses what the real service refuses', () => {
    const first = ask('POST', { path: '/findings', body: { maxResults: 50 } }).body;
    const again = { path: '/findings', body: { maxResults: 50, nextToken: String(first['nextToken']) } };
    expect(ask('POST', again).status).toBe(200);
    expect(ask('POST', { ...again, region: 'us-east-1' }).status).toBe(400);
    expect(ask('POST', { path: '/findings', body: { maxResults: 51 } }).status).toBe(400);
    expect(ask('POST', { path: '/findings/describe', body: { findingIds: Array.from({ length: 51 }, String) } }).status).toBe(400);
    expect(ask('GET', { path: '/jobs/none' }).status).toBe(404);
    expect(ask('POST', { path: '/elsewhere' }).status).toBe(404);
  });
});
