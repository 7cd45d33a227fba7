// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { arrayAt, at, isJsonObject, type Json, type JsonObject, stringAt } from '../../../src/evidence/json.ts';
import type { SourceId } from '../../../src/evidence/observation.ts';
import { noDeclarations } from '../../../src/evidence/scope-file.ts';
import { compilePattern, matchesPattern } from '../../../src/mapping/compile-pattern.ts';
import { configurationSchema } from '../../../src/runtime/deployment/configuration-schema.ts';
import { placePatterns } from '../../../src/runtime/deployment/place-events.ts';
import { polledEventSources } from '../../../src/sources/cloudtrail/event-sources.ts';
import { createSources } from '../../../src/sources/registry.ts';
import {
  apiCallViaCloudTrail,
  findingsImportedV2,
  macieFinding,
  objectCreated,
  sageMakerChange,
  securityHubImported,
} from '../../fixtures/events/samples.ts';
import { tables } from '../../support/pack-tables.ts';

const sources = createSources({ tables, declarations: noDeclarations });
const run = 'credit/schedule/2026/11/03/01';
const call = (eventSource: string) => ({
  eventVersion: '1.11',
  eventSource,
  eventName: 'CreateEndpoint',
  eventID: 'e',
  eventTime: '2026-11-03T01:41:05Z',
});

/** Sources that subscribe to an event. */
function subscribers(event: JsonObject): SourceId[] {
  const matches = (pattern: Json) => matchesPattern(compilePattern(isJsonObject(pattern) ? pattern : {}), event);
  return [...sources.values()].filter(({ eventPatterns }) => eventPatterns.some(matches)).map(({ id }) => id);
}

describe('the patterns that a deployment subscribes to', () => {
  it.each([
    ['a finding of Security Hub CSPM', securityHubImported({ Id: 'f' }), 'securityhub'],
    ['a finding of the newer Security Hub', findingsImportedV2({ class_uid: 2003 }), 'securityhub'],
    ['a finding of Macie', macieFinding({ id: 'f' }), 'macie'],
    ['a call of SageMaker', apiCallViaCloudTrail(call('sagemaker.amazonaws.com')), 'cloudtrail'],
    ['a call of Bedrock', apiCallViaCloudTrail(call('bedrock.amazonaws.com'), 'bedrock'), 'cloudtrail'],
    ['a sign-in', apiCallViaCloudTrail(call('signin.amazonaws.com'), 'signin', 'AWS Console Sign In via CloudTrail'), 'cloudtrail'],
    [
      'a sign-in as the guide spells it',
      apiCallViaCloudTrail(call('signin.amazonaws.com'), 'signin', 'AWS Console Signin via CloudTrail'),
      'cloudtrail',
    ],
    ['an insight', apiCallViaCloudTrail({ eventType: 'AwsCloudTrailInsight' }, 'cloudtrail', 'AWS Insight via CloudTrail'), 'cloudtrail'],
    ['violations of a run', objectCreated('reports', `${run}/constraint_violations.json`), 'sagemaker-model-monitor'],
    ['violations as own containers spell them', objectCreated('reports', `${run}/constraints_violations.json`), 'sagemaker-model-monitor'],
    ['an analysis', objectCreated('reports', `${run}/analysis.json`), 'sagemaker-clarify'],
    ['a changed schedule', sageMakerChange('SageMaker Monitoring Schedule State Change'), 'sagemaker-model-monitor'],
    ['a changed processing job', sageMakerChange('SageMaker Processing Job State Change'), 'sagemaker-clarify'],
  ])('take %s as AWS documents it', (_name, event, id) => {
    expect(subscribers(event)).toEqual([id]);
  });

  it.each([
    ['the traffic of a service that no rule needs at once', apiCallViaCloudTrail(call('ec2.amazonaws.com'), 'ec2')],
    ['any other object in a bucket', objectCreated('reports', `${run}/captured.jsonl`)],
    [
      'another SageMaker event',
      { ...sageMakerChange('SageMaker Processing Job State Change'), 'detail-type': 'SageMaker Endpoint State Change' },
    ],
    ['another finding service', { ...macieFinding({}), source: 'aws.guardduty', 'detail-type': 'GuardDuty Finding' }],
    ['calls of Macie itself, which CloudTrail tells of', { ...macieFinding({}), source: 'aws.macie2' }],
  ])('leave out %s', (_name, event) => {
    expect(subscribers(event)).toEqual([]);
  });

  it('are as short as EventBridge takes them, and few', () => {
    for (const { eventPatterns } of sources.values()) {
      expect(eventPatterns.length).toBeLessThanOrEqual(3);
      for (const pattern of eventPatterns) expect(JSON.stringify(pattern).length).toBeLessThanOrEqual(2_048);
    }
  });
});

describe('the patterns of the places that a configuration names', () => {
  const configuration = configurationSchema.parse({ trailBuckets: ['s3://trail/audit/AWSLogs/'] });
  const [pattern, ...others] = placePatterns({ id: 'cloudtrail' }, configuration);
  const takes = (bucket: string, key: string) =>
    isJsonObject(pattern) && matchesPattern(compilePattern(pattern), objectCreated(bucket, key));
  const file = (folder: string) => `111122223333/${folder}/eu-west-1/2026/11/03/x.json.gz`;

  it('take log and digest files there, as AWS documents the event, of an organisation too', () => {
    expect(others).toEqual([]);
    for (const folder of ['CloudTrail', 'CloudTrail-Digest', 'CloudTrail-Insight']) {
      expect(takes('trail', `audit/AWSLogs/${file(folder)}`)).toBe(true);
      expect(takes('trail', `audit/AWSLogs/o-exampleorgid/${file(folder)}`)).toBe(true);
    }
  });

  it.each([
    ['another bucket', 'trail-2', `audit/AWSLogs/${file('CloudTrail')}`],
    ['another prefix', 'trail', `AWSLogs/${file('CloudTrail')}`],
    ['another service', 'trail', `audit/AWSLogs/${file('Config')}`],
    ['another kind of file', 'trail', 'audit/AWSLogs/111122223333/CloudTrail/x.csv'],
  ])('leave out %s', (_name, bucket, key) => {
    expect(takes(bucket, key)).toBe(false);
  });
});

describe('the services whose calls are subscribed to', () => {
  const pack: { rules: { source: string; pattern: Json }[] } = JSON.parse(readFileSync('mappings/pack.json', 'utf8'));
  const named = new Set(pack.rules.filter(({ source }) => source === 'cloudtrail').flatMap(({ pattern }) => eventSourcesIn(pattern)));
  const isSubscribed = (eventSource: string) => subscribers(apiCallViaCloudTrail(call(eventSource))).includes('cloudtrail');
  const signIn = 'signin.amazonaws.com';

  it('are every service that a rule names, or it is said why not', () => {
    expect(named.size).toBeGreaterThan(80);
    const unsaid = [...named].filter((name) => name !== signIn && !isSubscribed(name) && polledEventSources[name] === undefined);
    expect(unsaid).toEqual([]);
  });

  it('are no service twice, and none that no rule names', () => {
    const both = Object.keys(polledEventSources).filter(isSubscribed);
    expect(both).toEqual([]);
    const patterns = sources.get('cloudtrail')?.eventPatterns ?? [];
    const subscribed = patterns.flatMap((pattern) => arrayAt(pattern, 'detail', 'eventSource').map(String));
    expect(subscribed.length).toBeGreaterThan(20);
    expect([...subscribed, ...Object.keys(polledEventSources)].filter((name) => !named.has(name))).toEqual([]);
  });
});

/** Exact event sources anywhere in a pattern; a prefix stands for the services it begins. */
function eventSourcesIn(pattern: Json): string[] {
  const own = arrayAt(pattern, 'eventSource').flatMap((one) => {
    const text = typeof one === 'string' ? one : undefined;
    const prefix = stringAt(one, 'prefix');
    return text ?? (prefix === undefined ? [] : `${prefix}.amazonaws.com`);
  });
  const inner = Array.isArray(pattern)
    ? pattern
    : isJsonObject(pattern)
      ? Object.keys(pattern).map((name) => at(pattern, name) ?? null)
      : [];
  return [...own, ...inner.flatMap((one: Json) => eventSourcesIn(one))];
}
