// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../src/evidence/json.ts';
import { noDeclarations } from '../../../src/evidence/scope-file.ts';
import { aiTypesOfEvent, aiTypesOfScope, aiTypesSelected } from '../../../src/sources/cloudtrail/ai-data-events.ts';
import { createCloudTrail } from '../../../src/sources/cloudtrail.ts';

const source = createCloudTrail({ tables: {}, declarations: noDeclarations });
const TrailARN = 'arn:aws:cloudtrail:eu-west-1:111122223333:trail/main';
const sweptAt = '2026-11-20T12:00:00Z';
const seconds = (time: string) => Date.parse(time) / 1000;

function interpret(operation: string, detail: JsonObject, more: JsonObject = {}) {
  const context = { partition: 'aws', account: '111122223333', region: 'eu-west-1', sweptAt, operation, ...more };
  const [found] = source.interpret(
    { source: 'cloudtrail', shape: 'state', text: JSON.stringify(detail), channel: { kind: 'api', requestId: 'r' }, context },
    detail,
  );
  return found;
}

function delivering(detail: JsonObject, validated: boolean): unknown {
  const found = interpret('GetTrailStatus', detail, { trail: { TrailARN, LogFileValidationEnabled: validated } });
  return found !== undefined && 'observation' in found ? found.observation.facts['trailDelivering'] : found;
}

describe('the state of a trail', () => {
  it('delivers when it is on, without errors, and its newest digest is at most two hours old', () => {
    const on = {
      IsLogging: true,
      LatestDigestDeliveryTime: seconds('2026-11-20T10:00:00Z'),
      LatestDeliveryTime: seconds('2026-11-01T00:00:00Z'),
    };
    expect(delivering(on, true)).toBe(true);
    expect(delivering({ ...on, LatestDigestDeliveryTime: seconds('2026-11-20T09:59:59Z') }, true)).toBe(false);
    expect(delivering({ ...on, LatestDeliveryError: '' }, true)).toBe(true);
    expect(delivering({ ...on, LatestDeliveryError: 'NoSuchBucket' }, true)).toBe(false);
    expect(delivering({ ...on, LatestDigestDeliveryError: 'AccessDenied' }, true)).toBe(false);
    expect(delivering({ ...on, IsLogging: false }, true)).toBe(false);
    expect(delivering({ IsLogging: true }, true)).toBe(false);
  });

  it('without validation delivers while its newest log file is at most a day old', () => {
    expect(delivering({ IsLogging: true, LatestDeliveryTime: seconds('2026-11-19T12:00:00Z') }, false)).toBe(true);
    expect(delivering({ IsLogging: true, LatestDeliveryTime: '2026-11-19T11:59:59Z' }, false)).toBe(false);
  });

  it('is one version for each content and verdict, under one key for each trail', () => {
    const found = interpret('GetTrailStatus', { IsLogging: false }, { trail: { TrailARN } });
    const findingKey = `cloudtrail|111122223333|eu-west-1|trail-status|${TrailARN}`;
    expect(found).toMatchObject({
      observation: { kind: 'state', versionKey: { contentAnd: ['false'] }, findingKey, title: 'Trail main is off' },
    });
    expect(interpret('DescribeTrails', { TrailARN })).toMatchObject({
      observation: { versionKey: 'content', resources: [{ arn: TrailARN }] },
    });
  });

  it('is a gap where nobody says which call it answers', () => {
    expect(interpret('GetTrail', { TrailARN })).toMatchObject({
      gap: { reason: 'unsupported', extent: 'item', what: 'cloudtrail:GetTrail' },
    });
  });
});

describe('data events of AI resources', () => {
  const joined = (aiTypesInUse: string[], aiTypesSelected: string[]) =>
    interpret('GetEventSelectors', { TrailARN }, { aiTypesInUse, aiTypesSelected });

  it('are covered all, some or none, and nothing is said when no such type is in use', () => {
    const [endpoint, guardrail] = ['AWS::SageMaker::Endpoint', 'AWS::Bedrock::Guardrail'];
    expect(joined([endpoint], [endpoint, guardrail])).toMatchObject({
      observation: { facts: { aiDataEvents: 'all' }, versionKey: { contentAnd: ['all'] } },
    });
    expect(joined([endpoint, guardrail], [endpoint])).toMatchObject({ observation: { facts: { aiDataEvents: 'some' } } });
    expect(joined([endpoint], [])).toMatchObject({ observation: { facts: { aiDataEvents: 'none' } } });
    expect(joined([], [endpoint])).toMatchObject({ observation: { facts: {} } });
  });

  it('are in use when a call names such a resource, or the scope file does', () => {
    const used = (eventName: string, requestParameters: JsonObject, more: JsonObject = {}) =>
      aiTypesOfEvent({ eventSource: 'bedrock.amazonaws.com', eventName, requestParameters, ...more });
    expect(used('GetGuardrail', { guardrailIdentifier: 'g' })).toEqual(['AWS::Bedrock::Guardrail']);
    expect(used('DeleteGuardrail', { guardrailIdentifier: 'g' })).toEqual([]);
    expect(used('GetGuardrail', { guardrailIdentifier: 'g' }, { errorCode: 'AccessDenied' })).toEqual([]);
    expect(aiTypesOfEvent({ eventSource: 'ec2.amazonaws.com', eventName: 'X', requestParameters: { endpointName: 'e' } })).toEqual([]);
    const system = { name: 's', owner: 'o', tags: [], accounts: [], arns: ['arn:aws:sagemaker:*:*:endpoint/credit*'] };
    expect(aiTypesOfScope({ ...noDeclarations.scope, aiSystems: [system] })).toEqual(['AWS::SageMaker::Endpoint']);
  });

  it('are selected by either form of selectors, but not by one narrowed to single resources', () => {
    const field = (Field: string, ...Equals: string[]) => ({ Field, Equals });
    const advanced = (...FieldSelectors: JsonObject[]) => aiTypesSelected({ AdvancedEventSelectors: [{ FieldSelectors }] });
    const data = [field('eventCategory', 'Data'), field('resources.type', 'AWS::Bedrock::Guardrail')];
    expect(advanced(...data)).toEqual(['AWS::Bedrock::Guardrail']);
    expect(advanced(...data, field('resources.ARN', 'arn:x'))).toEqual([]);
    expect(advanced(field('eventCategory', 'Management'))).toEqual([]);
    expect(
      aiTypesSelected({
        EventSelectors: [{ DataResources: [{ Type: 'AWS::SageMaker::Endpoint', Values: [] }, { Type: 'AWS::S3::Object' }] }],
      }),
    ).toEqual(['AWS::SageMaker::Endpoint']);
  });
});
