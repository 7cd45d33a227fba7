// SPDX-License-Identifier: Apache-2.0
import { at, isJsonObject, type Json, type JsonObject, numberAt, stringAt } from '../../evidence/json.ts';
import type { Facts, Interpretation, ItemContext, Observation, RawItem } from '../../evidence/observation.ts';
import { isoTime } from '../report/aws-time.ts';
import { seriesOf } from '../report/first-sight.ts';
import { type MonitorType, monitorTypeNamed } from '../report/monitor-type.ts';
import { resource, sageMakerArn } from '../report/report-file.ts';
import { unreadable } from '../report/unreadable.ts';
import type { Derivation } from '../source.ts';
import { baselineState, inlineDefinition, monitorTypeOfOperation } from './job-definition.ts';

const endedWithResult = ['Completed', 'CompletedWithViolations'];

/** Whether a run ended with a result, so that it should have left a report. */
export function hasResult(status: string | undefined): boolean {
  return status !== undefined && endedWithResult.includes(status);
}

/**
 * One MonitoringExecutionSummary. Its context holds the answers it was joined with: `schedule`, `definition` and
 * `definitionOperation`, `exitMessage` of its processing job, and `report` {read, violations}.
 */
export function interpretExecution(item: RawItem, value: Json): readonly Interpretation[] {
  const name = stringAt(value, 'MonitoringScheduleName');
  const scheduled = isoTime(at(value, 'ScheduledTime'));
  if (!isJsonObject(value) || name === undefined || scheduled === null)
    return [unreadable(item, 'monitoring execution', 'MonitoringScheduleName and ScheduledTime')];
  const { context } = item;
  const identity = `execution:${scheduleArn(value, name, context)}:${scheduled}`;
  const facts = executionFacts(value, context, scheduled);
  const status = stringAt(value, 'MonitoringExecutionStatus') ?? 'unknown status';
  return [
    {
      observation: {
        source: 'sagemaker-model-monitor',
        kind: 'execution',
        partition: context.partition,
        account: context.account,
        region: context.region,
        sourceIdentity: identity,
        versionKey: executionVersion(value, facts),
        findingKey: `sagemaker-model-monitor:${identity}`,
        occurredAt: scheduled,
        observedAt: isoTime(at(value, 'LastModifiedTime')),
        title: `Monitoring run of ${name}: ${status}`,
        severity: null,
        resources: executionResources(value, name, context),
        detail: value,
        text: item.text,
        facts,
      },
    },
  ];
}

// A run names its schedule, not the ARN. Account and Region stand in the ARN of its job, so a copied answer gives the same identity.
function scheduleArn(execution: Json, name: string, context: ItemContext): string {
  const [, partition, , region, account] = stringAt(execution, 'ProcessingJobArn')?.split(':') ?? [];
  const place = partition && region && account ? { ...context, partition, region, account } : context;
  return sageMakerArn(place, 'monitoring-schedule', name);
}

function executionFacts(execution: JsonObject, context: ItemContext, runTime: string): Facts {
  const status = stringAt(execution, 'MonitoringExecutionStatus');
  const violations = numberAt(context, 'report', 'violations') ?? violationsIn(stringAt(context, 'exitMessage'));
  return {
    monitorType: monitorTypeOfRun(execution, context),
    baseline: baselineOfRun(execution, context),
    runTime,
    ...(hasResult(status) ? { reportRead: at(context, 'report', 'read') === true } : {}),
    ...(violations === undefined ? {} : { violations }),
  };
}

/** What a run monitors: its own word, else its schedule's, else the call that knows its definition. */
export function monitorTypeOfRun(execution: Json, context: Json): MonitorType {
  const schedule = at(context, 'schedule');
  const said = [at(execution, 'MonitoringType'), at(schedule, 'MonitoringType'), at(schedule, 'MonitoringScheduleConfig', 'MonitoringType')]
    .map((type) => monitorTypeNamed(typeof type === 'string' ? type : undefined))
    .find((type) => type !== 'UNKNOWN');
  return said ?? monitorTypeOfOperation(stringAt(context, 'definitionOperation'));
}

function baselineOfRun(execution: Json, context: ItemContext): string {
  const definition = at(context, 'definition');
  if (isJsonObject(definition)) return baselineState(definition);
  if (stringAt(execution, 'MonitoringJobDefinitionName') !== undefined) return 'UNKNOWN';
  return baselineState(inlineDefinition(at(context, 'schedule')));
}

// The words of a real ExitMessage: "CompletedWithViolations: Job completed successfully with 60 violations."
function violationsIn(exitMessage: string | undefined): number | undefined {
  const found = /\bwith (\d+) violations?\b/.exec(exitMessage ?? '')?.[1];
  return found === undefined ? undefined : Number(found);
}

function executionVersion(execution: Json, facts: Facts): readonly string[] {
  const told = ['monitorType', 'baseline', 'reportRead', 'violations'].filter((name) => facts[name] !== undefined);
  return [
    stringAt(execution, 'MonitoringExecutionStatus') ?? '',
    isoTime(at(execution, 'LastModifiedTime')) ?? '',
    ...told.map((name) => `${name}=${String(facts[name])}`),
  ];
}

function executionResources(execution: Json, name: string, context: ItemContext): Observation['resources'] {
  const endpoint = stringAt(execution, 'EndpointName') ?? stringAt(context, 'endpointName');
  const arn = stringAt(context, 'scheduleArn') ?? scheduleArn(execution, name, context);
  const schedule = resource(arn, 'AWS::SageMaker::MonitoringSchedule', at(context, 'scheduleTags'));
  if (endpoint === undefined) return [schedule];
  return [schedule, resource(sageMakerArn(context, 'endpoint', endpoint), 'AWS::SageMaker::Endpoint', at(context, 'endpointTags'))];
}

/**
 * A report that was read once stays read: S3 lifecycle rules delete reports long before AWS forgets the run, and what was
 * violated is held already. Without this, a later sweep would turn each old run into one whose report was not read.
 */
export const reportOnceRead: Derivation = {
  id: 'sagemaker-model-monitor.report-once-read',
  when: 'in-order',
  concerns: (observation) => observation.kind === 'execution' && observation.facts['reportRead'] === false,
  derive: async (observation, context) => {
    const read = (await seriesOf(observation, context, 20)).find((entry) => entry.facts['reportRead'] === true);
    if (read === undefined) return observation;
    const { violations } = read.facts;
    const facts = { ...observation.facts, reportRead: true, ...(violations === undefined ? {} : { violations }) };
    return { ...observation, facts, versionKey: executionVersion(observation.detail, facts) };
  },
};
