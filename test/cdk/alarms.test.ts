// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Match } from 'aws-cdk-lib/assertions';
import { sourceIds } from '../../src/evidence/observation.ts';
import { metricNames, metricNamespace } from '../../src/runtime/deployment/metric-names.ts';
import { pascalCase } from '../../src/runtime/deployment/pascal-case.ts';
import { deployHome } from '../support/deployed-stack.ts';

const alarms = () => Object.values(deployHome().template.findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties);
const named = (MetricName: string) => alarms().filter((alarm) => alarm.MetricName === MetricName);

describe('alarms', () => {
  it('tell the topic, and say what is wrong', () => {
    expect(alarms().length).toBeGreaterThan(40);
    for (const { AlarmActions, AlarmDescription } of alarms()) {
      expect(AlarmActions).toEqual([{ Ref: expect.stringMatching(/^NoticesTopic/) }]);
      expect(AlarmDescription).toMatch(/: .+\. See docs\/operations\.md\.$|\. See docs\/operations\.md\.$/);
    }
  });

  it('ring at the first message that failed to the end, in every queue of such', () => {
    const { template } = deployHome();
    const queues = Object.keys(template.findResources('AWS::SQS::Queue')).filter((id) => /DeadLetters|Failures|Undelivered/.test(id));
    const watched = named('ApproximateNumberOfMessagesVisible').map(({ Dimensions }) => Dimensions[0].Value['Fn::GetAtt'][0]);
    expect(queues).toHaveLength(15);
    expect(watched.sort()).toEqual(queues.sort());
    for (const alarm of named('ApproximateNumberOfMessagesVisible')) {
      expect(alarm).toMatchObject({ Threshold: 0, ComparisonOperator: 'GreaterThanThreshold', EvaluationPeriods: 1 });
    }
  });

  it('ring when a message waits, a function fails or is throttled', () => {
    expect(named('ApproximateAgeOfOldestMessage')).toHaveLength(11);
    expect(named('Errors')).toHaveLength(9);
    expect(named('Throttles')).toHaveLength(9);
  });

  it('ring when nothing was heard: of a timer, of a seal', () => {
    const silent = { ComparisonOperator: 'LessThanThreshold', Threshold: 1, TreatMissingData: 'breaching', Period: 3_600 };
    expect(
      named('Invocations')
        .map(({ EvaluationPeriods }) => EvaluationPeriods)
        .sort(),
    ).toEqual([2, 26, 26]);
    for (const alarm of [...named('Invocations'), ...named(metricNames.sealed)]) expect(alarm).toMatchObject(silent);
    expect(named(metricNames.sealed)).toHaveLength(1);
  });

  it.each([metricNames.vaultProblems, metricNames.missedRuns, metricNames.indexDifferences])(
    'ring at the first of %s, of this stack',
    (name) => {
      const dimensions = [{ Name: 'service', Value: 'AimsEvidence' }];
      expect(named(name)).toMatchObject([{ Namespace: metricNamespace, Dimensions: dimensions, Threshold: 0 }]);
      const variables = { POWERTOOLS_SERVICE_NAME: 'AimsEvidence', POWERTOOLS_METRICS_NAMESPACE: metricNamespace };
      deployHome().template.allResourcesProperties('AWS::Lambda::Function', { Environment: { Variables: Match.objectLike(variables) } });
    },
  );
});

describe('the topic', () => {
  it('is told at once when somebody touches a key or the protection of the vault', () => {
    const { template } = deployHome();
    const heard = (service: string, eventName: string, requestParameters: Record<string, unknown>) =>
      template.hasResourceProperties('AWS::Events::Rule', {
        EventPattern: {
          source: [`aws.${service}`],
          'detail-type': ['AWS API Call via CloudTrail'],
          detail: { eventSource: [`${service}.amazonaws.com`], eventName: Match.arrayWith([eventName]), requestParameters },
        },
        Targets: [
          {
            Id: 'Topic',
            Arn: { Ref: Match.stringLikeRegexp('^NoticesTopic') },
            DeadLetterConfig: { Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^TamperAlertsUndelivered'), 'Arn'] } },
          },
        ],
      });
    for (const call of ['ScheduleKeyDeletion', 'DisableKey']) heard('kms', call, { keyId: Match.anyValue() });
    for (const call of ['PutBucketPolicy', 'DeleteBucketPolicy'])
      heard('s3', call, { bucketName: [{ Ref: Match.stringLikeRegexp('^VaultBucket') }] });
  });

  it('is encrypted with a key that alarms of this account and rules may use, and takes nothing over plain HTTP', () => {
    const { template } = deployHome();
    template.hasResourceProperties('AWS::SNS::Topic', { KmsMasterKeyId: Match.anyValue() });
    const ofAccount = { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } };
    const allowed = (service: string, Action: unknown, Condition: unknown) =>
      Match.objectLike({ Effect: 'Allow', Principal: { Service: `${service}.amazonaws.com` }, Action, Condition });
    for (const [service, condition] of [['cloudwatch', ofAccount] as const, ['events', Match.absent()] as const]) {
      const used = Match.arrayWith([allowed(service, ['kms:Decrypt', 'kms:GenerateDataKey*'], condition)]);
      template.hasResourceProperties('AWS::KMS::Key', { KeyPolicy: { Statement: used } });
      const published = Match.arrayWith([allowed(service, 'sns:Publish', condition)]);
      template.hasResourceProperties('AWS::SNS::TopicPolicy', { PolicyDocument: { Statement: published } });
    }
    expect(JSON.stringify(template.findResources('AWS::SNS::TopicPolicy'))).toContain('aws:SecureTransport');
  });

  it('keeps what it did not take of an alert, in a queue that these rules alone may send to', () => {
    const { template } = deployHome();
    const policies = Object.values(template.findResources('AWS::SQS::QueuePolicy')).map(({ Properties }) => Properties);
    const own = policies.filter(({ Queues }) => JSON.stringify(Queues).includes('TamperAlertsUndelivered'));
    const senders = own.flatMap(({ PolicyDocument }) =>
      PolicyDocument.Statement.filter(({ Effect }: { Effect: string }) => Effect === 'Allow'),
    );
    const rules = Object.keys(template.findResources('AWS::Events::Rule')).filter((id) => id.startsWith('TamperAlerts'));
    expect(senders.map(({ Condition }) => Condition.ArnEquals['aws:SourceArn']['Fn::GetAtt'][0]).sort()).toEqual(rules.sort());
  });

  it('lets the accounts that are named keep what we cannot reach, and no others', () => {
    const subscribe = Match.objectLike({ Effect: 'Allow', Action: 'sns:Subscribe', Principal: { AWS: Match.anyValue() } });
    const policy = { PolicyDocument: { Statement: Match.arrayWith([subscribe]) } };
    const { template } = deployHome({ checkpointAccounts: ['777788889999'] });
    template.hasResourceProperties('AWS::SNS::TopicPolicy', policy);
    expect(JSON.stringify(template.findResources('AWS::SNS::TopicPolicy'))).toContain(':iam::777788889999:root');
    deployHome().template.resourcePropertiesCountIs('AWS::SNS::TopicPolicy', policy, 0);
  });

  it('writes to a person only where an address is given', () => {
    deployHome().template.resourceCountIs('AWS::SNS::Subscription', 0);
    deployHome({ alarmEmail: 'evidence@example.com' }).template.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'email',
      Endpoint: 'evidence@example.com',
    });
  });
});

const sources = sourceIds.map(pascalCase);

/** Names of the alarms of a whole deployment: their ids without the construct that holds them and CloudFormation's hash. */
function deployedAlarms(): readonly string[] {
  const ids = Object.keys(deployHome().template.findResources('AWS::CloudWatch::Alarm'));
  return ids.map((id) => id.replace(/^Alarms/, '').replace(/[0-9A-F]{8}$/, '')).sort();
}

/** Names in the first column of the table of alarms. */
function documentedAlarms(text: string): readonly string[] {
  const section = text.slice(text.indexOf('\n## Alarms\n'), text.indexOf('\n### Dead letters\n'));
  const cells = section.split('\n').flatMap((line) => (line.startsWith('| `') ? [line.split('|')[1] ?? ''] : []));
  const names = cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name));
  return names.flatMap((name) => (name.includes('{Source}') ? sources.map((source) => name.replace('{Source}', source)) : [name])).sort();
}

describe('docs/operations.md', () => {
  const text = readFileSync('docs/operations.md', 'utf8');

  it('says of each alarm of a deployment what it means, and of no other', () => {
    expect(deployedAlarms().length).toBeGreaterThan(40);
    expect(documentedAlarms(text)).toEqual(deployedAlarms());
  });

  it('says of each its cause, the first thing to do and when it clears', () => {
    const rows = text
      .slice(text.indexOf('\n## Alarms\n'), text.indexOf('\n### Dead letters\n'))
      .split('\n')
      .filter((line) => line.startsWith('| `'));
    expect(rows.length).toBeGreaterThan(10);
    for (const row of rows) expect(row.split('|').map((cell) => cell.trim() !== '')).toEqual([false, true, true, true, true, false]);
  });

  it('would be caught if it left one out', () => {
    const without = documentedAlarms(text.replace('| `SealLate` |', '| `SealOnTime` |'));
    expect(without).toContain('SealOnTime');
    expect(without).not.toEqual(deployedAlarms());
  });
});
