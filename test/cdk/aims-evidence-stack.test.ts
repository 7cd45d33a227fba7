// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { parseConfiguration } from '../../lib/parse-configuration.ts';
import { readSettings } from '../../lib/read-settings.ts';
import { AimsEvidenceStack } from '../../lib/stacks/aims-evidence-stack.ts';
import { sourceIds } from '../../src/evidence/observation.ts';
import { queueRetentionDays } from '../../src/runtime/deployment/collect-message.ts';
import { queueName } from '../../src/runtime/deployment/queue-names.ts';
import { deployHome, emptyBundles } from '../support/deployed-stack.ts';

const adopt = {
  bucketName: 'kept-vault',
  tableName: 'kept-index',
  signingKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/signing',
  secretKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/secret',
  vaultKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/vault',
};

const ref = (prefix: string) => ({ Ref: Match.stringLikeRegexp(`^${prefix}`) });
const arn = (prefix: string) => ({ 'Fn::GetAtt': [Match.stringLikeRegexp(`^${prefix}`), 'Arn'] });

describe('the AIMS Evidence stack', () => {
  it('says where everything is, under names that never change', () => {
    const { template } = deployHome();
    template.hasOutput('VaultBucket', { Value: ref('VaultBucket') });
    template.hasOutput('LockMode', { Value: 'GOVERNANCE' });
    template.hasOutput('RetentionDays', { Value: '1100' });
    template.hasOutput('IndexTable', { Value: ref('IndexTable') });
    template.hasOutput('SigningKeyArn', { Value: arn('KeysSigning') });
    template.hasOutput('SecretKeyArn', { Value: arn('KeysSecret') });
    template.hasOutput('HomeKind', { Value: 'real' });
    template.hasOutput('TopicArn', { Value: ref('NoticesTopic') });
    const names = [
      'HomeKind',
      'HomeQueueUrls',
      'IndexTable',
      'LockMode',
      'QueueUrls',
      'RetentionDays',
      'SecretKeyArn',
      'SigningKeyArn',
      'TopicArn',
      'VaultBucket',
    ];
    expect(Object.keys(template.findOutputs('*')).sort()).toEqual(names);
  });

  const queuesOf = (output: string): unknown => {
    const parts: unknown[] = deployHome().template.findOutputs(output)[output]?.['Value']['Fn::Join'][1];
    return JSON.parse(parts.map((part) => (typeof part === 'string' ? part : 'https://queue')).join(''));
  };

  it('names the queues of every source as JSON', () => {
    const urls = { queue: 'https://queue', deadLetters: 'https://queue', events: 'https://queue', eventsDeadLetters: 'https://queue' };
    expect(queuesOf('QueueUrls')).toEqual(Object.fromEntries(sourceIds.map((id) => [id, urls])));
  });

  it('names the queue of notices and all that failed to the end', () => {
    const kept = { deadLetters: 'https://queue' };
    const notices = { ...kept, queue: 'https://queue' };
    expect(queuesOf('HomeQueueUrls')).toEqual({ Project: notices, Plan: kept, Seal: kept, SelfAudit: kept, TamperAlerts: kept });
  });

  it('is not deleted by accident, and a development is deleted on request', () => {
    expect(deployHome().stack.terminationProtection).toBe(true);
    expect(deployHome({ profile: 'dev' }).stack.terminationProtection).toBe(false);
  });

  it('deploys only the sources that are configured', () => {
    const { template } = deployHome({ sources: ['macie'] });
    const functions = Object.keys(template.findResources('AWS::Lambda::Function'));
    expect(functions.filter((id) => id.startsWith('MacieCollector'))).toHaveLength(1);
    expect(functions.filter((id) => id.includes('Collector'))).toHaveLength(1);
    template.resourcePropertiesCountIs('AWS::SQS::Queue', { FifoQueue: true }, 2);
    expect(Object.keys(deployHome().template.findResources('AWS::Lambda::Function'))).toHaveLength(9);
  });

  it('takes over what an earlier deployment left, and makes no second vault, table or key', () => {
    const { template } = deployHome({ vault: { adopt } });
    template.resourceCountIs('AWS::S3::Bucket', 0);
    template.resourceCountIs('AWS::S3::BucketPolicy', 0);
    template.resourceCountIs('AWS::DynamoDB::Table', 0);
    // The topic's, which protects no evidence.
    template.resourceCountIs('AWS::KMS::Key', 1);
    template.hasOutput('VaultBucket', { Value: 'kept-vault' });
    template.hasOutput('VaultKeyArn', { Value: adopt.vaultKeyArn });
    template.hasOutput('SigningKeyArn', { Value: adopt.signingKeyArn });
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: Match.objectLike({ AIMS_VAULT_BUCKET: 'kept-vault', AIMS_TABLE: 'kept-index', AIMS_SECRET_KEY_ARN: adopt.secretKeyArn }),
      },
    });
  });

  it('lets the sealer sign with the key that is being replaced, and tells it which', () => {
    const previousSigningKeyArn = 'arn:aws:kms:eu-west-1:111122223333:key/previous';
    const { template } = deployHome({ previousSigningKeyArn });
    template.hasOutput('PreviousSigningKeyArn', { Value: previousSigningKeyArn });
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Action: Match.arrayWith(['kms:Sign']), Resource: Match.arrayWith([previousSigningKeyArn]) }),
        ]),
      },
    });
    expect(JSON.stringify(deployHome().template.findOutputs('*'))).not.toContain('Previous');
  });

  it('reads the sample account only where its address is given, and then says that it holds samples', () => {
    const app = new App();
    const stack = new AimsEvidenceStack(app, 'Sample', { functions: emptyBundles(), sampleEndpoint: 'http://127.0.0.1:4999' });
    const template = Template.fromStack(stack);
    template.hasOutput('HomeKind', { Value: 'sample' });
    template.allResourcesProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ AIMS_SOURCE_ENDPOINT: 'http://127.0.0.1:4999', AIMS_HOME_KIND: 'sample' }) },
    });
    expect(JSON.stringify(deployHome().template)).not.toContain('AIMS_SOURCE_ENDPOINT');
  });
});

describe('settings from the context', () => {
  const settings = (context: Record<string, unknown>) => readSettings(new App({ context }).node, parseConfiguration());

  it('win over the configuration, numbers as text too', () => {
    expect(settings({}).configuration).toEqual(parseConfiguration());
    const { configuration } = settings({ retentionDays: '400', lockMode: 'COMPLIANCE', profile: 'dev' });
    expect(configuration.vault).toMatchObject({ retentionDays: 400, lockMode: 'COMPLIANCE', encryption: 's3' });
    expect(configuration.profile).toBe('dev');
  });

  it.each([{ retentionDays: 'long' }, { lockMode: 'NONE' }, { profile: 'test' }])(
    'are refused where they cannot be used: %j',
    (context) => {
      expect(() => settings({ retentionDays: '400', lockMode: 'GOVERNANCE' })).not.toThrow();
      expect(() => settings(context)).toThrow(new RegExp(Object.keys(context).join()));
    },
  );
});

describe('the queues that the self-audit counts', () => {
  it('have the names by which it looks for those of a source', () => {
    const functions = deployHome().template.findResources('AWS::Lambda::Function');
    const names = Object.values(functions).flatMap(({ Properties }) => {
      const urls: unknown = Properties['Environment']?.['Variables']?.['AIMS_DEAD_LETTER_URLS']?.['Fn::Join']?.[1];
      const text = Array.isArray(urls) ? urls.map((part) => (typeof part === 'string' ? part : 'https://queue')).join('') : '{}';
      return Object.keys(JSON.parse(text));
    });
    const expected = sourceIds.flatMap((id) => [queueName(id, 'Runs'), queueName(id, 'Events')]);
    expect(expected).toContain('SagemakerModelMonitorRuns');
    expect(names).toEqual(expect.arrayContaining(expected));
  });

  it('keep a message as long as the self-audit takes them to', () => {
    const queues = Object.values(deployHome().template.findResources('AWS::SQS::Queue'));
    expect(queues.length).toBeGreaterThan(20);
    const seconds = new Set(queues.map(({ Properties }) => Properties['MessageRetentionPeriod']));
    expect([...seconds]).toEqual([queueRetentionDays * 86_400]);
  });
});
