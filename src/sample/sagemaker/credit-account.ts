// SPDX-License-Identifier: Apache-2.0
import type { SampleWorld } from '../world.ts';
import { analysisConfig, type PlannedJob, plannedJobs } from './clarify-plan.ts';
import { configKey } from './described.ts';
import { creditEndpoints, type MonitorPlan, monitorPlans, type PlannedRun, runsOf } from './monitor-plan.ts';

/** Everything that SageMaker knows in the account of the credit-scoring system, found by name. */
export interface CreditAccount {
  readonly monitors: readonly MonitorPlan[];
  readonly runsByJob: ReadonlyMap<string, PlannedRun>;
  readonly jobs: readonly PlannedJob[];
  readonly endpoints: readonly string[];
}

const accounts = new WeakMap<SampleWorld, CreditAccount>();

/** The credit-scoring account; made once for each world. */
export function creditAccount(world: SampleWorld): CreditAccount {
  const known = accounts.get(world);
  if (known !== undefined) return known;
  const monitors = monitorPlans(world);
  // Only runs that got a job can be found by it.
  const runs = monitors.flatMap((monitor) => runsOf(world, monitor)).filter((run) => run.status !== 'Failed');
  const made = {
    monitors,
    runsByJob: new Map(runs.map((run) => [run.job, run])),
    jobs: plannedJobs(world),
    endpoints: creditEndpoints(world),
  };
  accounts.set(world, made);
  return made;
}

/** The configuration text at a key of the report bucket, or nothing where no configuration lies there. */
export function configTextAt(world: SampleWorld, key: string): string | undefined {
  const { monitors, jobs } = creditAccount(world);
  const monitor = monitors.find((one) => configKey(one) === key);
  if (monitor !== undefined)
    return JSON.stringify(analysisConfig(world, monitor.type === 'ModelBias' ? 'bias' : 'explanations', true), null, 2);
  const job = jobs.find((one) => one.config === key);
  return job === undefined || job.asks === 'nothing' ? undefined : JSON.stringify(analysisConfig(world, job.asks, false), null, 2);
}
