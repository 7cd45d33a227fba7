// SPDX-License-Identifier: Apache-2.0
import type { Facts } from '../../evidence/observation.ts';
import type { ThresholdsFile } from '../../evidence/scope-file.ts';
import type { ValueFacts, ValueState } from './metric-value.ts';

/** A measured metric as a limit is looked up for it. */
export interface MeasuredMetric {
  readonly aiSystems: readonly string[];
  readonly section: string;
  readonly metric: string;
  readonly group?: string;
  readonly score?: string;
  readonly valueState: ValueState;
  readonly value?: number;
}

type Limit = ThresholdsFile['metrics'][number];

/** The metric against the limit a person approved; undefined where there is no value to compare. */
export function thresholdOutcome(
  metric: MeasuredMetric,
  thresholds: ThresholdsFile | null,
): 'WITHIN' | 'WORSE' | 'NO_THRESHOLD' | undefined {
  if (metric.valueState !== 'NUMBER' && metric.valueState !== 'INFINITE') return undefined;
  const limit = limitFor(metric, thresholds?.metrics ?? []);
  if (limit === undefined) return 'NO_THRESHOLD';
  if (metric.value === undefined) return limit.allowInfinite ? 'WITHIN' : 'WORSE';
  return isMet(limit, metric.metric, metric.value) ? 'WITHIN' : 'WORSE';
}

function limitFor(metric: MeasuredMetric, limits: readonly Limit[]): Limit | undefined {
  const fitting = limits.filter((limit) => concerns(limit, metric));
  return fitting.reduce<Limit | undefined>((best, limit) => (best === undefined || weight(limit) > weight(best) ? limit : best), undefined);
}

function concerns(limit: Limit, metric: MeasuredMetric): boolean {
  return (
    limit.section === metric.section &&
    limit.metric === metric.metric &&
    (limit.aiSystem === undefined || metric.aiSystems.includes(limit.aiSystem)) &&
    (limit.group === undefined || limit.group === metric.group) &&
    (limit.score === undefined || limit.score === metric.score)
  );
}

// A limit of the system beats one of the group, and that beats one of the score: the most specific counts.
function weight(limit: Limit): number {
  return (limit.aiSystem === undefined ? 0 : 4) + (limit.group === undefined ? 0 : 2) + (limit.score === undefined ? 0 : 1);
}

function isMet(limit: Limit, metric: string, value: number): boolean {
  const [low, high] = typeof limit.value === 'number' ? [limit.value, limit.value] : limit.value;
  switch (limit.operator) {
    case '<':
      return value < low;
    case '<=':
      return value <= low;
    case '>':
      return value > low;
    case '>=':
      return value >= low;
    case 'between':
      return value >= low && value <= high;
    case 'within-distance':
      // Disparate impact is a ratio: 1 means alike; all other bias metrics are differences or distances: 0 does.
      return Math.abs(value - (metric === 'DI' ? 1 : 0)) <= low;
  }
}

/** The fact `thresholdOutcome` of a metric whose value facts are known; nothing where there is no value. */
export function measured(
  metric: Pick<MeasuredMetric, 'aiSystems' | 'section' | 'metric' | 'group' | 'score'>,
  value: ValueFacts,
  thresholds: ThresholdsFile | null,
): Facts {
  const outcome = thresholdOutcome({ ...metric, ...value }, thresholds);
  return outcome === undefined ? {} : { thresholdOutcome: outcome };
}
