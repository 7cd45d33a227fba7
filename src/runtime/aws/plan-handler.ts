// SPDX-License-Identifier: Apache-2.0
import { type PlanReport, planCollection, wasPlanned } from '../../collect/plan-collection.ts';
import type { RunQueue } from '../../collect/run-queue.ts';
import type { SourceId } from '../../evidence/observation.ts';
import { type PlanTimer, planTimerSchema } from '../deployment/timer-input.ts';
import { samplePresent } from '../sample-declarations.ts';
import { type FunctionHandler, functionChain } from './function-chain.ts';
import { openFunctionCollection, polledFrom, type RecordingParts } from './function-collection.ts';
import { FunctionError } from './function-error.ts';
import { placeOfArn } from './function-settings.ts';
import { type ListAccounts, planTargets } from './plan-targets.ts';
import type { Telemetry } from './telemetry.ts';

/** What `plan` works with. */
export interface PlanParts extends RecordingParts {
  readonly queue: RunQueue;
  readonly listAccounts: ListAccounts;
}

/** What `plan` answers. */
export interface PlanAnswer {
  readonly planned: number;
  readonly gaps: number;
  readonly ended: number;
  /** Targets that wait for the first run of a source which tells AI accounts. */
  readonly held: number;
  /** Targets of which an earlier run has not ended. */
  readonly underWay: number;
}

/** The function that plans the runs of one source when its schedule fires. */
export function planHandler(telemetry: () => Telemetry, open: () => Promise<PlanParts>): FunctionHandler<PlanAnswer> {
  return functionChain({
    name: 'plan',
    event: planTimerSchema,
    telemetry,
    run: async (timer, { invokedFunctionArn: arn }) => {
      const parts = await open();
      const answer = await planAndTell(parts, timer, arn);
      for (const source of await neverPlanned(parts, timer.source, arn)) await planAndTell(parts, { ...timer, source }, arn);
      return answer;
    },
  });
}

async function planAndTell(parts: PlanParts, timer: PlanTimer, arn: string): Promise<PlanAnswer> {
  const { planned, ...others } = await planSource(parts, timer, arn);
  const answer = { planned: planned.length, ...others };
  parts.telemetry.line('planned', { source: timer.source, scheduledAt: timer.scheduledAt, ...answer });
  parts.telemetry.count('runsPlanned', answer.planned, timer.source);
  parts.telemetry.count('gaps', others.gaps, timer.source);
  return answer;
}

// Whether an account holds an AI resource decides what its account-wide events and findings claim, and a record is never written again.
const tellAiAccounts: readonly SourceId[] = ['sagemaker-model-monitor', 'sagemaker-clarify'];

/** What must have been read once before a source is, where that is not what tells AI accounts: a copy of Macie's findings in Security Hub is told by Macie's own. */
const firstOnes: Readonly<Partial<Record<SourceId, readonly SourceId[]>>> = {
  'sagemaker-model-monitor': [],
  'sagemaker-clarify': [],
  securityhub: [...tellAiAccounts, 'macie'],
};

function comesAfter(id: SourceId, { configuration }: PlanParts): readonly SourceId[] {
  return (firstOnes[id] ?? tellAiAccounts).filter((one) => configuration.sources.includes(one));
}

/** In a new home: sources that waited for others when their schedule fired. The next one may be hours away. */
async function neverPlanned(parts: PlanParts, but: SourceId, arn: string): Promise<readonly SourceId[]> {
  const candidates = parts.configuration.sources.filter((source) => source !== but && comesAfter(source, parts).length > 0);
  if (candidates.length === 0) return [];
  const { targets } = await planTargets(parts.configuration, placeOfArn(arn), parts.listAccounts);
  const waiting: SourceId[] = [];
  for (const source of candidates) if (!(await wasPlanned(parts.index, source, targets))) waiting.push(source);
  return waiting;
}

async function planSource(parts: PlanParts, { source: id, scheduledAt }: PlanTimer, arn: string): Promise<PlanReport> {
  const source = parts.pack.timings.find((timing) => timing.id === id);
  if (source === undefined)
    throw new FunctionError('FUNCTION_SOURCE_UNKNOWN', `a schedule fired for ${id}, which this deployment does not know`);
  const isSample = parts.kind === 'sample';
  const sweptAt = isSample ? samplePresent : scheduledAt;
  const { collection } = await openFunctionCollection(parts, null, sweptAt);
  const { targets, listing } = await planTargets(parts.configuration, placeOfArn(arn), parts.listAccounts);
  return await planCollection(collection, {
    source,
    targets,
    listing,
    after: comesAfter(id, parts),
    scheduledAt,
    sweptAt,
    from: polledFrom(parts),
    queue: parts.queue,
  });
}
