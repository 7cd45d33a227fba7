// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import type { SampleSystem, SampleWorld } from '../world.ts';

/** Types of the four monitors of the credit-scoring endpoint. */
export type PlannedType = 'DataQuality' | 'ModelQuality' | 'ModelBias' | 'ModelExplainability';

/** A job definition of a monitor, in force from a day of the sample on. */
export interface PlannedDefinition {
  readonly name: string;
  readonly fromDay: number;
  /** Directory of its baseline files in the report bucket. */
  readonly baseline: string;
}

/** One monitor of one endpoint over the 30 days. */
export interface MonitorPlan {
  readonly type: PlannedType;
  readonly schedule: string;
  readonly endpoint: string;
  readonly bucket: string;
  /** Hour of the daily run, UTC. */
  readonly hour: number;
  /** Last day with a run; 29 is the last of the sample. */
  readonly lastDay: number;
  readonly definitions: readonly PlannedDefinition[];
}

/** One run of a monitor. */
export interface PlannedRun {
  readonly monitor: MonitorPlan;
  readonly day: number;
  /** Epoch milliseconds. */
  readonly scheduled: number;
  readonly status: 'Completed' | 'CompletedWithViolations' | 'Failed' | 'Stopped' | 'InProgress';
  readonly definition: PlannedDefinition;
  readonly job: string;
  /** Key prefix of its output in the report bucket, without a slash at its end. */
  readonly output: string;
}

export const dayMilliseconds = 86_400_000;

/** Days on which each monitor first sees the drift: it begins half-way. */
export const driftDay: Readonly<Record<PlannedType, number>> = {
  DataQuality: 15,
  ModelQuality: 17,
  ModelBias: 16,
  ModelExplainability: 20,
};

/** Day from which data quality is compared with a wider baseline that nobody approved: the violations stop. */
const rebaselineDay = 20;

/** The credit-scoring system of the world. */
export function creditSystem(world: SampleWorld): SampleSystem {
  const system = world.systems.find((one) => one.name === 'credit-scoring');
  if (system === undefined) throw new RangeError('the sample world has no credit-scoring system');
  return system;
}

/** Names of the credit-scoring endpoints, one for each repetition of the population. */
export function creditEndpoints(world: SampleWorld): readonly string[] {
  const name = creditSystem(world).parts['endpoint'] ?? 'credit-scoring-prod';
  return Array.from({ length: world.scale }, (_, i) => suffixed(name, i));
}

function suffixed(name: string, repetition: number): string {
  return repetition === 0 ? name : `${name}-${repetition + 1}`;
}

/** All monitors of the sample, four for each endpoint, ordered by name as SageMaker lists them. */
export function monitorPlans(world: SampleWorld): readonly MonitorPlan[] {
  const { parts } = creditSystem(world);
  const plans = creditEndpoints(world).flatMap((endpoint, i) => {
    const named = (part: string) => suffixed(parts[part] ?? part, i);
    const base = { endpoint, bucket: parts['reportBucket'] ?? 'acme-credit-monitoring', lastDay: 29 };
    return [
      plan({ ...base, type: 'DataQuality', schedule: named('dataQualitySchedule'), hour: 6 }),
      // This series falls silent: its schedule stays on, and five days pass without a run.
      plan({ ...base, type: 'ModelQuality', schedule: named('modelQualitySchedule'), hour: 9, lastDay: 24 }),
      plan({ ...base, type: 'ModelBias', schedule: named('biasSchedule'), hour: 7 }),
      plan({ ...base, type: 'ModelExplainability', schedule: named('explainabilitySchedule'), hour: 8 }),
    ];
  });
  return plans.toSorted((a, b) => (a.schedule < b.schedule ? -1 : 1));
}

function plan(monitor: Omit<MonitorPlan, 'definitions'>): MonitorPlan {
  const first = { name: `${monitor.schedule}-def-1`, fromDay: 0, baseline: `baselines/${monitor.schedule}/v1` };
  const second = { name: `${monitor.schedule}-def-2`, fromDay: rebaselineDay, baseline: `baselines/${monitor.schedule}/v2` };
  return { ...monitor, definitions: monitor.type === 'DataQuality' ? [first, second] : [first] };
}

/** The runs of a monitor, oldest first. */
export function runsOf(world: SampleWorld, monitor: MonitorPlan): readonly PlannedRun[] {
  return Array.from({ length: monitor.lastDay + 1 }, (_, day) => run(world, monitor, day));
}

function run(world: SampleWorld, monitor: MonitorPlan, day: number): PlannedRun {
  const scheduled = Date.parse(world.since) + day * dayMilliseconds + monitor.hour * 3_600_000;
  const stamp = new Date(scheduled).toISOString();
  const definition = monitor.definitions.findLast((one) => one.fromDay <= day) ?? monitor.definitions[0];
  if (definition === undefined) throw new RangeError(`${monitor.schedule} has no definition`);
  return {
    monitor,
    day,
    scheduled,
    status: statusOn(monitor, day),
    definition,
    job: `model-monitoring-${stamp.slice(0, 13).replace(/\D/g, '')}00-${hash('sha256', `${monitor.schedule} ${stamp}`).slice(0, 24)}`,
    output: `reports/${monitor.endpoint}/${monitor.schedule}/${stamp.slice(0, 13).replace(/[-T]/g, '/')}`,
  };
}

function statusOn({ type }: MonitorPlan, day: number): PlannedRun['status'] {
  if (type === 'DataQuality' && day === 9) return 'Failed';
  if (type === 'ModelBias' && day === 12) return 'Stopped';
  if (type === 'ModelExplainability' && day === 29) return 'InProgress';
  const isDrifting = day >= driftDay[type] && !(type === 'DataQuality' && day >= rebaselineDay);
  return isDrifting ? 'CompletedWithViolations' : 'Completed';
}

/** A made-up share between 0 and 1 that is the same on every run. */
export function madeUpShare(...seed: readonly (string | number)[]): number {
  return Number.parseInt(hash('sha256', seed.join('\n')).slice(0, 12), 16) / 0xffffffffffff;
}

/** Epoch seconds, as times go over the wire in AWS JSON 1.1. */
export function epochSeconds(milliseconds: number): number {
  return Math.round(milliseconds) / 1000;
}
