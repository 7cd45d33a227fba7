// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import * as z from 'zod';
import { QueueIntake } from '../../lib/constructs/queue-intake.ts';
import { parseConfiguration } from '../../lib/parse-configuration.ts';
import { requirePattern } from '../../lib/policies/event-pattern.ts';
import { sourceIds } from '../../src/evidence/observation.ts';
import { placePatterns } from '../../src/runtime/deployment/place-events.ts';
import { deployedSources } from '../../src/runtime/deployment/source-declarations.ts';
import { planTimerSchema } from '../../src/runtime/deployment/timer-input.ts';
import { deployHome } from '../support/deployed-stack.ts';

const sources = deployedSources(parseConfiguration());
const reference = z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.string()]) });
const mappings = () =>
  Object.values(deployHome().template.findResources('AWS::Lambda::EventSourceMapping')).map(({ Properties }) => Properties);
const resource = (id: string) => deployHome().template.toJSON()['Resources'][id].Properties;

describe('queues', () => {
  it('hand a message out again only after six times the timeout of the function that takes it', () => {
    const all = mappings();
    expect(all).toHaveLength(11);
    for (const { EventSourceArn, FunctionName } of all) {
      const queue = resource(reference.parse(EventSourceArn)['Fn::GetAtt'][0]);
      const { Timeout } = resource(z.object({ Ref: z.string() }).parse(FunctionName).Ref);
      expect(Timeout).toBeGreaterThanOrEqual(300);
      expect(queue.VisibilityTimeout).toBeGreaterThanOrEqual(6 * Timeout);
      expect(queue.RedrivePolicy.maxReceiveCount).toBe(5);
      const dead = resource(queue.RedrivePolicy.deadLetterTargetArn['Fn::GetAtt'][0]);
      expect(dead).toMatchObject({ MessageRetentionPeriod: 1_209_600, SqsManagedSseEnabled: true });
      expect(dead.FifoQueue).toBe(queue.FifoQueue);
    }
  });

  it('cannot be listened to with a shorter time', () => {
    const { collectors } = deployHome({ sources: ['macie'] }).stack;
    const [collector] = collectors;
    if (collector === undefined) throw new Error('no collector');
    const listen = (queue: typeof collector.runs.queue) =>
      new QueueIntake(new Stack(new App(), 'Other'), 'Take', { function: collector.collector, queue, batchSize: 1 });
    expect(() => listen(collector.runs.queue)).not.toThrow();
    expect(() => listen(collector.runs.deadLetters)).toThrow(/hands a message out again after 30 s; its function needs at least 3600 s/);
  });

  it('try again only what failed of a batch', () => {
    for (const mapping of mappings()) expect(mapping.FunctionResponseTypes).toEqual(['ReportBatchItemFailures']);
  });

  it('keep planned runs in order and events without', () => {
    const { template } = deployHome();
    template.resourcePropertiesCountIs('AWS::SQS::Queue', { FifoQueue: true, RedrivePolicy: Match.anyValue() }, sourceIds.length);
    template.resourcePropertiesCountIs(
      'AWS::SQS::Queue',
      { FifoQueue: Match.absent(), RedrivePolicy: Match.anyValue() },
      sourceIds.length + 1,
    );
    deployHome({ events: false }).template.resourcePropertiesCountIs(
      'AWS::SQS::Queue',
      { FifoQueue: Match.absent(), RedrivePolicy: Match.anyValue() },
      1,
    );
  });
});

describe('functions', () => {
  it('run Node.js 24 on arm64 with a log of their own that is kept for as long as configured', () => {
    const { template } = deployHome({ logRetentionDays: 400 });
    template.resourceCountIs('AWS::Lambda::Function', 9);
    template.allResourcesProperties('AWS::Lambda::Function', {
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      LoggingConfig: { LogGroup: { Ref: Match.anyValue() } },
    });
    template.resourceCountIs('AWS::Logs::LogGroup', 9);
    template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 400 });
  });

  it('keep logs for the next longer time that CloudWatch knows', () => {
    deployHome({ logRetentionDays: 100 }).template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 120 });
  });

  it('trace only where that is configured', () => {
    const traced = { TracingConfig: { Mode: 'Active' } };
    deployHome({ tracing: true }).template.allResourcesProperties('AWS::Lambda::Function', traced);
    deployHome().template.resourcePropertiesCountIs('AWS::Lambda::Function', traced, 0);
  });
});

describe('timers', () => {
  it.each(sources)('plan $id on its own schedule, and tell the planner when that was due', ({ id, schedule }) => {
    const { template } = deployHome();
    const input = JSON.stringify({ source: id, scheduledAt: '<aws.scheduler.scheduled-time>' });
    template.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: schedule,
      Target: Match.objectLike({ Input: input, DeadLetterConfig: Match.anyValue() }),
    });
    const filled = input.replace(/<[^>]+>/, '2026-11-21T10:15:00Z');
    expect(planTimerSchema.parse(JSON.parse(filled))).toEqual({ source: id, scheduledAt: '2026-11-21T10:15:00Z' });
  });

  it('follow the configuration where it says another time', () => {
    const { template } = deployHome({ schedules: { macie: 'rate(3 hours)' } });
    template.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'rate(3 hours)',
      Target: Match.objectLike({ Input: Match.stringLikeRegexp('macie') }),
    });
    template.resourcePropertiesCountIs('AWS::Scheduler::Schedule', { ScheduleExpression: 'rate(3 hours)' }, 1);
  });

  it('seal often and, every night, everything; and audit every night', () => {
    const { template } = deployHome();
    template.resourceCountIs('AWS::Scheduler::Schedule', sourceIds.length + 3);
    const due = (ScheduleExpression: string, input: string) =>
      template.hasResourceProperties('AWS::Scheduler::Schedule', {
        ScheduleExpression,
        Target: Match.objectLike({ Input: Match.stringLikeRegexp(input) }),
      });
    due('rate(15 minutes)', '"extent":"open-days"');
    due('cron(20 1 * * ? *)', '"extent":"everything"');
    due('cron(50 2 * * ? *)', '"task":"audit"');
  });

  it('lose no firing: what a function refuses to the end is kept', () => {
    const { template } = deployHome();
    template.resourceCountIs('AWS::Lambda::EventInvokeConfig', 3);
    template.allResourcesProperties('AWS::Lambda::EventInvokeConfig', {
      DestinationConfig: { OnFailure: { Destination: Match.anyValue() } },
    });
  });
});

describe('event rules', () => {
  it.each(sources)('are the patterns of $id, word for word', ({ eventPatterns }) => {
    expect(eventPatterns.length).toBeGreaterThan(0);
    for (const EventPattern of eventPatterns) deployHome().template.hasResourceProperties('AWS::Events::Rule', { EventPattern });
  });

  it('are short enough for EventBridge, and keep what it cannot deliver', () => {
    const rules = Object.values(deployHome().template.findResources('AWS::Events::Rule')).map(({ Properties }) => Properties);
    expect(rules.length).toBeGreaterThan(8);
    for (const { EventPattern } of rules) expect(JSON.stringify(EventPattern).length).toBeLessThanOrEqual(2_048);
    const toQueues = rules.filter(({ Targets }) => Targets[0].Id === 'Queue');
    expect(toQueues.every(({ Targets }) => Targets[0].DeadLetterConfig !== undefined)).toBe(true);
  });

  it('are refused at synth where EventBridge would refuse them', () => {
    const pattern = (length: number) => ({ source: ['x'.repeat(length - '{"source":[""]}'.length)] });
    expect(requirePattern(pattern(2_048))).toEqual(pattern(2_048));
    expect(() => requirePattern(pattern(2_049))).toThrow(/2049 characters/);
  });

  it('are none where the configuration wants none, but for new segments and tampering', () => {
    deployHome({ events: false }).template.resourceCountIs('AWS::Events::Rule', 3);
  });

  it('tell of new log files and digests in the named places, and of nothing else there', () => {
    const trailBuckets = ['s3://trail', 's3://trail/AWSLogs/', 's3://org-trail/audit/AWSLogs/o-exampleorgid'];
    const patterns = placePatterns({ id: 'cloudtrail' }, parseConfiguration({ trailBuckets }));
    const key = (root: string) => ({
      key: ['CloudTrail', 'CloudTrail-Insight', 'CloudTrail-Digest'].map((folder) => ({ wildcard: `${root}*/${folder}/*.json.gz` })),
    });
    expect(patterns).toMatchObject([
      { detail: { bucket: { name: ['trail'] }, object: key('AWSLogs/') } },
      { detail: { bucket: { name: ['org-trail'] }, object: key('audit/AWSLogs/o-exampleorgid/') } },
    ]);
    const { template } = deployHome({ trailBuckets });
    for (const EventPattern of patterns) template.hasResourceProperties('AWS::Events::Rule', { EventPattern });
    const count = (given: ReturnType<typeof deployHome>) => Object.keys(given.template.findResources('AWS::Events::Rule')).length;
    expect(count(deployHome({ trailBuckets })) - count(deployHome())).toBe(patterns.length);
    expect(count(deployHome({ trailBuckets, events: false }))).toBe(count(deployHome({ events: false })));
    expect(placePatterns({ id: 'macie' }, parseConfiguration({ trailBuckets }))).toEqual([]);
  });

  it('project each new segment of the vault, and nothing of the ledger', () => {
    deployHome().template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.s3'],
        'detail-type': ['Object Created'],
        detail: { bucket: { name: [{ Ref: Match.stringLikeRegexp('^VaultBucket') }] }, object: { key: [{ prefix: 'vault/' }] } },
      },
    });
  });
});

it('a duration of six times fifteen minutes is within what SQS allows', () => {
  expect(Duration.minutes(15).toSeconds() * 6).toBeLessThanOrEqual(Duration.hours(12).toSeconds());
});
