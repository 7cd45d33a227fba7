// SPDX-License-Identifier: Apache-2.0
import { at, isJsonObject, type Json, type JsonObject, stringAt } from '../../evidence/json.ts';
import { type MonitorType, monitorTypeNamed } from '../report/monitor-type.ts';

/** The call that knows a job definition, by monitor type. */
export const definitionOperations = {
  DataQuality: 'DescribeDataQualityJobDefinition',
  ModelQuality: 'DescribeModelQualityJobDefinition',
  ModelBias: 'DescribeModelBiasJobDefinition',
  ModelExplainability: 'DescribeModelExplainabilityJobDefinition',
} as const;

/** The monitor type whose call gave a job definition. */
export function monitorTypeOfOperation(operation: string | undefined): MonitorType {
  return monitorTypeNamed(operation?.replace(/^Describe/, '').replace(/JobDefinition$/, ''));
}

/** What a monitor compares with: constraints and statistics files in S3, or the job that makes them. */
export interface Baseline {
  readonly constraintsUri: string | null;
  readonly statisticsUri: string | null;
  readonly jobName: string | null;
}

/** The baseline of a job definition (`DataQualityBaselineConfig` and the like) or of one written into a schedule (`BaselineConfig`). */
export function baselineOf(definition: Json | undefined): Baseline {
  const config = partOf(definition, 'BaselineConfig');
  return {
    constraintsUri: stringAt(config, 'ConstraintsResource', 'S3Uri') ?? null,
    statisticsUri: stringAt(config, 'StatisticsResource', 'S3Uri') ?? null,
    jobName: stringAt(config, 'BaseliningJobName') ?? null,
  };
}

/** The fact `baseline`: UNKNOWN where no definition could be read. */
export function baselineState(definition: Json | undefined): 'PRESENT' | 'ABSENT' | 'UNKNOWN' {
  if (!isJsonObject(definition)) return 'UNKNOWN';
  const { constraintsUri, jobName } = baselineOf(definition);
  return constraintsUri === null && jobName === null ? 'ABSENT' : 'PRESENT';
}

/** The endpoint that a monitor reads; null for batch transform. */
export function watchedEndpoint(definition: Json | undefined): string | null {
  const input = partOf(definition, 'JobInput');
  const inline = at(definition, 'MonitoringInputs');
  const first = Array.isArray(inline) ? (inline[0] as Json | undefined) : undefined;
  return stringAt(input, 'EndpointInput', 'EndpointName') ?? stringAt(first, 'EndpointInput', 'EndpointName') ?? null;
}

/** The definition written into a schedule, in the older form of the API. */
export function inlineDefinition(schedule: Json | undefined): JsonObject | undefined {
  const inline = at(schedule, 'MonitoringScheduleConfig', 'MonitoringJobDefinition');
  return isJsonObject(inline) ? inline : undefined;
}

function partOf(definition: Json | undefined, ending: string): Json | undefined {
  if (!isJsonObject(definition)) return undefined;
  const name = Object.keys(definition).find((key) => key.endsWith(ending));
  return name === undefined ? undefined : definition[name];
}
