// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { Observation, RawItem } from '../../../src/evidence/observation.ts';
import { noDeclarations } from '../../../src/evidence/scope-file.ts';
import { createCloudTrail } from '../../../src/sources/cloudtrail.ts';
import { recogniseItem } from '../../../src/sources/intake/recognise-item.ts';
import { folderOf, readFolder, trailRecord } from '../../support/intake.ts';

const source = createCloudTrail({ tables: {}, declarations: noDeclarations });
const context = { partition: 'aws', account: '999999999999', region: 'us-west-2', sweptAt: '2026-11-20T12:00:00Z' };
const channel = { kind: 'api', requestId: 'r' } as const;

function observe(text: string, shape = 'event'): Observation {
  const item: RawItem = { source: 'cloudtrail', shape, text, channel, context };
  const [found] = source.interpret(item, JSON.parse(text));
  if (found === undefined || 'gap' in found) throw new Error(`no observation of ${text}`);
  return found.observation;
}

function resourcesOf(eventSource: string, requestParameters: unknown, members: object = {}) {
  return observe(trailRecord('e', { eventSource: `${eventSource}.amazonaws.com`, requestParameters, ...members })).resources;
}

describe('the observation of a CloudTrail record', () => {
  it('has the identity, place and time of the record', () => {
    expect(observe(trailRecord('1b2c'))).toMatchObject({
      kind: 'activity',
      partition: 'aws',
      account: '111122223333',
      region: 'eu-west-1',
      sourceIdentity: '1b2c',
      versionKey: [],
      findingKey: null,
      occurredAt: '2026-11-19T10:00:00Z',
      title: 'sagemaker CreateEndpoint',
    });
  });

  it('has one identity by LookupEvents, by EventBridge and by log file', async () => {
    const record = trailRecord('1b2c');
    const lookedUp = recogniseItem(
      { EventId: '1b2c', CloudTrailEvent: record },
      JSON.stringify({ EventId: '1b2c', CloudTrailEvent: record }),
    );
    const event = `{"id":"x","detail-type":"AWS API Call via CloudTrail","source":"aws.sagemaker","detail":${record}}`;
    const bridged = recogniseItem(JSON.parse(event), event);
    const { items } = await readFolder(await folderOf({ 'log.json': `{"Records":[${record}]}` }));
    const texts = [...lookedUp, ...bridged]
      .map((one) => ('recognised' in one ? one.recognised.text : ''))
      .concat(items.map((item) => item.text));
    expect(texts).toEqual([record, record, record]);
    expect(new Set(texts.map((text) => JSON.stringify(observe(text)))).size).toBe(1);
  });

  it('reads old records that lack what newer ones have', () => {
    const old =
      '{"eventVersion":"1.05","eventTime":"2016-02-11T21:58:38Z","eventSource":"s3.amazonaws.com","eventName":"CreateBucket","userIdentity":{"accountId":"101010101111"},"awsRegion":"us-east-1","eventID":"o"}';
    expect(observe(old)).toMatchObject({
      account: '101010101111',
      region: 'us-east-1',
      occurredAt: '2016-02-11T21:58:38Z',
      sourceIdentity: 'o',
    });
  });

  it('keeps a record without an id, told apart by its content', () => {
    expect(
      observe('{"eventVersion":"1.0","eventTime":"2016-02-11T21:58:38Z","eventSource":"s3.amazonaws.com","eventName":"X"}'),
    ).toMatchObject({
      versionKey: 'content',
      sourceIdentity: '999999999999|us-west-2|s3.amazonaws.com|X|2016-02-11T21:58:38Z',
    });
  });

  it('takes the time where a log shipper put it, and none where there is none', () => {
    expect(observe('{"@timestamp":"2020-09-14T00:44:23.000Z","eventID":"a"}').occurredAt).toBe('2020-09-14T00:44:23.000Z');
    expect(observe('{"eventTime":"yesterday","eventID":"a"}').occurredAt).toBeNull();
  });

  it('says that a call was refused, and tells Insights from activity', () => {
    expect(observe(trailRecord('e', { errorCode: 'AccessDenied' })).title).toBe('sagemaker CreateEndpoint: AccessDenied');
    expect(observe('{"eventType":"AwsCloudTrailInsight","eventID":"i"}', 'insight').kind).toBe('finding');
  });

  it('knows the partition by the Region', () => {
    const partitionOf = (awsRegion: string) => observe(trailRecord('e', { awsRegion })).partition;
    expect(['eu-west-1', 'cn-north-1', 'us-gov-west-1'].map(partitionOf)).toEqual(['aws', 'aws-cn', 'aws-us-gov']);
  });
});

describe('the resources of a CloudTrail record', () => {
  it('are named by ARN, as scope patterns need them', () => {
    expect(resourcesOf('sagemaker', { endpointName: 'Credit' })).toEqual([
      { arn: 'arn:aws:sagemaker:eu-west-1:111122223333:endpoint/credit', type: 'AWS::SageMaker::Endpoint' },
    ]);
    expect(resourcesOf('bedrock', { guardrailIdentifier: 'gr1' })).toEqual([
      { arn: 'arn:aws:bedrock:eu-west-1:111122223333:guardrail/gr1', type: 'AWS::Bedrock::Guardrail' },
    ]);
    expect(resourcesOf('bedrock', { guardrailIdentifier: 'arn:aws:bedrock:eu-west-1:1:guardrail/gr1' })).toEqual([
      { arn: 'arn:aws:bedrock:eu-west-1:1:guardrail/gr1', type: 'AWS::Bedrock::Guardrail' },
    ]);
    expect(resourcesOf('s3', { bucketName: 'data' })).toEqual([{ arn: 'arn:aws:s3:::data', type: 'AWS::S3::Bucket' }]);
    expect(resourcesOf('kms', { keyId: 'alias/x' })).toEqual([
      { arn: 'arn:aws:kms:eu-west-1:111122223333:alias/x', type: 'AWS::KMS::Key' },
    ]);
    expect(resourcesOf('dynamodb', { tableName: 't' })).toEqual([
      { arn: 'arn:aws:dynamodb:eu-west-1:111122223333:table/t', type: 'AWS::DynamoDB::Table' },
    ]);
  });

  it('tell a foundation model from a cross-Region profile', () => {
    expect(resourcesOf('bedrock', { modelId: 'anthropic.claude-x' })).toEqual([
      { arn: 'arn:aws:bedrock:eu-west-1::foundation-model/anthropic.claude-x', type: 'AWS::Bedrock::FoundationModel' },
    ]);
    expect(resourcesOf('bedrock', { modelId: 'eu.anthropic.claude-x' })).toEqual([
      { arn: 'arn:aws:bedrock:eu-west-1:111122223333:inference-profile/eu.anthropic.claude-x', type: 'AWS::Bedrock::InferenceProfile' },
    ]);
  });

  it('hold those the record lists, those of the answer, and each once', () => {
    const listed = [{ accountId: '1', type: 'AWS::S3::Bucket', ARN: 'arn:aws:s3:::data' }, { ARN: 'arn:aws:s3:::data/x' }, null, 'x'];
    expect(resourcesOf('s3', { bucketName: 'data' }, { resources: listed }).map((one) => one.arn)).toEqual([
      'arn:aws:s3:::data',
      'arn:aws:s3:::data/x',
    ]);
    const created = { responseElements: { modelPackageArn: 'arn:aws:sagemaker:eu-west-1:1:model-package/credit/7' } };
    expect(resourcesOf('sagemaker', { modelPackageGroupName: 'credit' }, created).map((one) => one.type)).toEqual([
      'AWS::SageMaker::ModelPackage',
      'AWS::SageMaker::ModelPackageGroup',
    ]);
  });

  it('carry the tags of the request, and leave out roles that are only used', () => {
    const [model, ...others] = resourcesOf('sagemaker', {
      modelName: 'm',
      executionRoleArn: 'arn:aws:iam::1:role/x',
      tags: [{ key: 'ai-system', value: 'credit' }, { key: 1 }],
    });
    expect(model).toMatchObject({ type: 'AWS::SageMaker::Model', tags: { 'ai-system': 'credit' } });
    expect(others).toEqual([]);
    expect(resourcesOf('bedrock', { name: 'g', tags: { 'ai-system': 'support' } })[0]?.tags).toEqual({ 'ai-system': 'support' });
  });

  it('name the AI service where a call of it names nothing, and nothing elsewhere', () => {
    expect(resourcesOf('bedrock', null)).toEqual([{ arn: 'bedrock.amazonaws.com', type: 'AWS::Bedrock::Service' }]);
    expect(resourcesOf('comprehend', { text: 'x' })).toEqual([{ arn: 'comprehend.amazonaws.com', type: 'AWS::Comprehend::Service' }]);
    expect(resourcesOf('ec2', { dryRun: true })).toEqual([]);
  });
});
