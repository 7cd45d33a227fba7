// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../src/evidence/json.ts';
import { eventResources } from '../../../src/sources/cloudtrail/event-resources.ts';

const place = { partition: 'aws', account: '111122223333', region: 'eu-west-1' };

interface Call {
  readonly source: string;
  readonly name: string;
  readonly request?: JsonObject;
  readonly answer?: JsonObject;
  readonly errorCode?: string;
}

function resourcesOf({ source, name, request, answer, errorCode }: Call) {
  const detail = { eventName: name, requestParameters: request ?? null, responseElements: answer ?? null, errorCode };
  return eventResources(detail, `${source}.amazonaws.com`, place);
}

const arnsOf = (call: Call) => resourcesOf(call).map(({ arn }) => arn);
const here = (service: string, name: string) => `arn:aws:${service}:eu-west-1:111122223333:${name}`;

describe('ARNs in the lists of a call', () => {
  const model = 'arn:aws:sagemaker:eu-west-1:111122223333:model-package-group/credit';

  it('are resources of the call, by the type that they say', () => {
    const request = { name: 'models', resourceArns: [model, 7, 'not an ARN', null], principals: ['arn:aws:iam::444455556666:root'] };
    expect(resourcesOf({ source: 'ram', name: 'CreateResourceShare', request })).toEqual([
      { arn: model, type: 'AWS::SageMaker::ModelPackageGroup' },
    ]);
  });

  it('are not resources where they let in, inform or are used', () => {
    const topic = here('sns', 'alarms');
    const request = { alarmName: 'errors', alarmActions: [topic], resourceArns: ['arn:aws:iam::111122223333:role/x', topic] };
    expect(arnsOf({ source: 'monitoring', name: 'PutMetricAlarm', request })).toEqual([here('cloudwatch', 'alarm:errors'), topic]);
    expect(arnsOf({ source: 'monitoring', name: 'PutMetricAlarm', request: { alarmActions: [topic] } })).toEqual([]);
  });

  it('are read up to the hundredth entry', () => {
    const resourceArns = Array.from({ length: 150 }, (_, i) => `arn:aws:ec2:eu-west-1:1:subnet/subnet-${i}`);
    expect(arnsOf({ source: 'ram', name: 'CreateResourceShare', request: { resourceArns } })).toEqual(resourceArns.slice(0, 100));
    const alarmNames = Array.from({ length: 150 }, (_, i) => `a${i}`);
    expect(arnsOf({ source: 'monitoring', name: 'DeleteAlarms', request: { alarmNames } })).toHaveLength(100);
  });
});

describe('a name that only some calls of a service give in this way', () => {
  it('is a member of the request, in these calls and no others', () => {
    const request = { name: 'credit' };
    expect(arnsOf({ source: 'codepipeline', name: 'StartPipelineExecution', request })).toEqual([here('codepipeline', 'credit')]);
    expect(arnsOf({ source: 'codepipeline', name: 'DeleteWebhook', request })).toEqual([]);
    expect(arnsOf({ source: 'glue', name: 'CreateJob', request })).toEqual([here('glue', 'job/credit')]);
    expect(arnsOf({ source: 'glue', name: 'StartCrawler', request })).toEqual([here('glue', 'crawler/credit')]);
  });

  it('stands in an object or in a list of objects', () => {
    expect(arnsOf({ source: 'codepipeline', name: 'CreatePipeline', request: { pipeline: { name: 'credit' } } })).toEqual([
      here('codepipeline', 'credit'),
    ]);
    const instancesSet = { items: [{ instanceId: 'i-1' }, 'x', { instanceId: 2 }, { instanceId: 'i-2' }] };
    expect(arnsOf({ source: 'ec2', name: 'StopInstances', request: { instancesSet } })).toEqual([
      here('ec2', 'instance/i-1'),
      here('ec2', 'instance/i-2'),
    ]);
  });

  it('is read in the answer before the request, as tags are those of what was made', () => {
    const share = here('ram', 'resource-share/1');
    const request = { resourceArns: ['arn:aws:s3:::data'], tags: [{ key: 'ai-system', value: 'credit' }] };
    expect(
      resourcesOf({ source: 'ram', name: 'CreateResourceShare', request, answer: { resourceShare: { resourceShareArn: share } } }),
    ).toEqual([
      { arn: share, type: 'AWS::RAM::ResourceShare', tags: { 'ai-system': 'credit' } },
      { arn: 'arn:aws:s3:::data', type: 'AWS::S3::Bucket' },
    ]);
  });

  it('stands for itself only where no ARN of its kind was found', () => {
    const request = { backupPlan: { backupPlanName: 'ai' } };
    const plan = here('backup', 'backup-plan:1');
    expect(resourcesOf({ source: 'backup', name: 'CreateBackupPlan', request })).toEqual([{ arn: 'ai', type: 'AWS::Backup::BackupPlan' }]);
    expect(arnsOf({ source: 'backup', name: 'CreateBackupPlan', request, answer: { backupPlanArn: plan } })).toEqual([plan]);
  });

  it('is not guessed from what has another form', () => {
    const target = (name: string) => resourcesOf({ source: 'ssm', name: 'StartSession', request: { target: name } });
    expect(target('i-0a1b')).toEqual([{ arn: here('ec2', 'instance/i-0a1b'), type: 'AWS::EC2::Instance' }]);
    expect(target('mi-0a1b')).toEqual([{ arn: here('ssm', 'managed-instance/mi-0a1b'), type: 'AWS::SSM::ManagedInstance' }]);
    expect(target('sagemaker-cluster:aa11bbbbb222_workers-i-0a1b')).toEqual([
      { arn: here('sagemaker', 'cluster/aa11bbbbb222'), type: 'AWS::SageMaker::Cluster' },
    ]);
    expect(target('ecs:cluster_task_container')).toEqual([]);
    expect(
      arnsOf({
        source: 'backup',
        name: 'CreateRestoreTestingSelection',
        request: { restoreTestingSelection: { protectedResourceArns: ['*'] } },
      }),
    ).toEqual([]);
  });
});

describe('resources of the Data Catalog', () => {
  it('are the database and the table, wherever a call names both', () => {
    const both = [here('glue', 'database/training'), here('glue', 'table/training/claims')];
    const claims = { databaseName: 'training', tableName: 'claims' };
    expect(arnsOf({ source: 'glue', name: 'DeleteTableVersion', request: claims })).toEqual(both);
    const request = { databaseName: 'training', tableInput: { name: 'claims' } };
    expect(new Set(arnsOf({ source: 'glue', name: 'CreateTable', request }))).toEqual(new Set(both));
    const resource = { table: { databaseName: 'training', name: 'claims' } };
    expect(arnsOf({ source: 'lakeformation', name: 'GrantPermissions', request: { resource } })).toEqual(both);
    const entries = [
      { id: '1', resource: { dataCellsFilter: { ...claims, name: 'no-names' } } },
      { id: '2', resource: {} },
    ];
    expect(arnsOf({ source: 'lakeformation', name: 'BatchGrantPermissions', request: { entries } })).toEqual(both);
  });

  it('lie in the account whose catalog a call names, and are not guessed in a catalog within one', () => {
    const of = (catalogId: string) => arnsOf({ source: 'glue', name: 'GetTable', request: { catalogId, databaseName: 'training' } });
    expect(of('444455556666')).toEqual(['arn:aws:glue:eu-west-1:444455556666:database/training']);
    expect(of('444455556666:lake')).toEqual([]);
  });

  it('are the whole catalog where a call that was carried out names nothing less', () => {
    const call = { source: 'glue', name: 'DeleteResourcePolicy' };
    expect(resourcesOf(call)).toEqual([{ arn: here('glue', 'catalog'), type: 'AWS::Glue::Catalog' }]);
    expect(arnsOf({ ...call, request: { resourceArn: here('glue', 'database/training') } })).toEqual([here('glue', 'database/training')]);
    expect(arnsOf({ ...call, errorCode: 'AccessDenied' })).toEqual([]);
  });
});

describe('calls to the runtime of Augmented AI', () => {
  it('are about AI, by the name of the human loop or by the service', () => {
    expect(resourcesOf({ source: 'a2i-runtime.sagemaker', name: 'StopHumanLoop', request: { humanLoopName: 'loan-4711' } })).toEqual([
      { arn: here('sagemaker', 'human-loop/loan-4711'), type: 'AWS::SageMaker::HumanLoop' },
    ]);
    const refused = resourcesOf({ source: 'a2i-runtime.sagemaker', name: 'DeleteHumanLoop', errorCode: 'AccessDenied' });
    expect(refused.map(({ type }) => type)).toEqual(['AWS::SageMaker::Service']);
  });
});
