// SPDX-License-Identifier: Apache-2.0
import type { SampleWorld } from '../world.ts';
import { analysisText, evaluationText } from './clarify-plan.ts';
import { configTextAt, creditAccount } from './credit-account.ts';
import { configKey } from './described.ts';
import { creditSystem, type MonitorPlan, type PlannedRun, runsOf } from './monitor-plan.ts';
import { baselineConstraints, baselineStatistics, monitoringAnalysis, statisticsOf, violationsOf } from './monitor-reports.ts';

/** One object of the sample's buckets; its text is made when it is read. */
export interface SampleObject {
  readonly key: string;
  /** Epoch milliseconds. */
  readonly lastModified: number;
  readonly text: () => string;
  /** The object's bytes where they are not its text. */
  readonly bytes?: () => Uint8Array;
}

/** A bucket of the sample: its owner, and its objects by key, in the order of their keys. */
export interface SampleBucket {
  readonly owner: string;
  readonly objects: ReadonlyMap<string, SampleObject>;
}

const buckets = new WeakMap<SampleWorld, ReadonlyMap<string, SampleBucket>>();

/** The buckets that hold reports; made once for each world. */
export function reportBuckets(world: SampleWorld): ReadonlyMap<string, SampleBucket> {
  const known = buckets.get(world);
  if (known !== undefined) return known;
  const { account, parts } = creditSystem(world);
  const evaluated = Date.parse(world.since) + 8 * 86_400_000;
  const evaluation = { key: 'evaluations/2026-10-20/evaluation.json', lastModified: evaluated, text: evaluationText };
  const made = new Map([
    [parts['reportBucket'] ?? '', bucket(account, creditObjects(world))],
    ['acme-support-knowledge', bucket(account, [evaluation])],
  ]);
  buckets.set(world, made);
  return made;
}

function bucket(owner: string, objects: readonly SampleObject[]): SampleBucket {
  const ordered = objects.toSorted((a, b) => (a.key < b.key ? -1 : 1));
  return { owner, objects: new Map(ordered.map((object) => [object.key, object])) };
}

function creditObjects(world: SampleWorld): SampleObject[] {
  const { monitors, jobs } = creditAccount(world);
  const analyses = jobs.filter((job) => job.status === 'Completed' && job.config !== undefined);
  const configs = new Set(jobs.flatMap((job) => job.config ?? []));
  const before = Date.parse(world.since) - 100 * 86_400_000;
  return [
    ...monitors.flatMap((monitor) => [...baselineObjects(world, monitor), ...runsOf(world, monitor).flatMap(runObjects)]),
    ...analyses.flatMap((job) => {
      const lastModified = job.created + (job.minutes - 1) * 60_000;
      const rows = { key: `${job.output}/explanations_shap/out.csv`, lastModified, text: () => 'annual_income,debt_ratio\n0.02,0.01\n' };
      return [{ key: `${job.output}/analysis.json`, lastModified, text: () => analysisText(job) }, rows];
    }),
    ...[...configs].map((key) => ({ key, lastModified: before, text: () => configTextAt(world, key) ?? '' })),
  ];
}

function baselineObjects(world: SampleWorld, monitor: MonitorPlan): SampleObject[] {
  const config = configKey(monitor);
  const isClarify = monitor.type === 'ModelBias' || monitor.type === 'ModelExplainability';
  const before = Date.parse(world.since) - 100 * 86_400_000;
  const configs = isClarify ? [{ key: config, lastModified: before, text: () => configTextAt(world, config) ?? '' }] : [];
  const files = monitor.definitions.flatMap(({ baseline, fromDay }) => {
    const lastModified = fromDay === 0 ? before : Date.parse(world.since) + fromDay * 86_400_000;
    const constraints = { key: `${baseline}/constraints.json`, lastModified, text: () => json(baselineConstraints(monitor, baseline)) };
    if (monitor.type !== 'DataQuality') return [constraints];
    return [constraints, { key: `${baseline}/statistics.json`, lastModified, text: () => json(baselineStatistics(baseline)) }];
  });
  return [...configs, ...files];
}

function runObjects(run: PlannedRun): SampleObject[] {
  if (!run.status.startsWith('Completed')) return [];
  const lastModified = run.scheduled + 19 * 60_000;
  const file = (name: string, text: () => string): SampleObject => ({ key: `${run.output}/${name}`, lastModified, text });
  const violations = file('constraint_violations.json', () => json(violationsOf(run)));
  const isClarify = run.monitor.type === 'ModelBias' || run.monitor.type === 'ModelExplainability';
  if (isClarify) return [violations, file('analysis.json', () => json(monitoringAnalysis(run)))];
  return [violations, file('statistics.json', () => json(statisticsOf(run)))];
}

// Indented as the containers write it.
function json(value: object): string {
  return JSON.stringify(value, null, 2);
}
