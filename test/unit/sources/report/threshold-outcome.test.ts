// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { thresholdsFileSchema } from '../../../../src/evidence/scope-file.ts';
import { thresholdOutcome } from '../../../../src/sources/report/threshold-outcome.ts';

const section = 'post_training_bias_metrics';
const file = (...metrics: readonly object[]) =>
  thresholdsFileSchema.parse({ schema: 'aims-evidence/thresholds/1', approvedBy: 'a person', approvedOn: '2026-10-01', metrics });
const measured = (metric: string, value: number, more: object = {}) => ({
  aiSystems: ['credit-scoring'],
  section,
  metric,
  valueState: 'NUMBER' as const,
  value,
  ...more,
});

describe('a metric against the approved limit', () => {
  it('has no limit where none is approved, by a person or for this metric', () => {
    expect(thresholdOutcome(measured('DI', 1), null)).toBe('NO_THRESHOLD');
    expect(thresholdOutcome(measured('DI', 1), file({ section, metric: 'AD', operator: '<', value: 1 }))).toBe('NO_THRESHOLD');
  });

  it.each([
    ['<', 0.5, 0.5, 'WORSE'],
    ['<=', 0.5, 0.5, 'WITHIN'],
    ['>', 0.5, 0.5, 'WORSE'],
    ['>=', 0.5, 0.5, 'WITHIN'],
    ['between', [0.4, 0.6], 0.6, 'WITHIN'],
    ['between', [0.4, 0.6], 0.61, 'WORSE'],
    ['within-distance', 0.1, -0.1, 'WITHIN'],
    ['within-distance', 0.1, -0.11, 'WORSE'],
  ] as const)('is judged by %s %p: %p is %s', (operator, limit, value, outcome) => {
    expect(thresholdOutcome(measured('AD', value), file({ section, metric: 'AD', operator, value: limit }))).toBe(outcome);
  });

  it('measures disparate impact from one, not from zero', () => {
    const limits = file({ section, metric: 'DI', operator: 'within-distance', value: 0.2 });
    expect(thresholdOutcome(measured('DI', 0.85), limits)).toBe('WITHIN');
    expect(thresholdOutcome(measured('DI', 0.1), limits)).toBe('WORSE');
  });

  it('takes the most specific limit, in whatever order they stand', () => {
    const general = { section, metric: 'AD', operator: '<', value: 0.1 };
    const group = { ...general, group: 'age=young', value: 0.3 };
    const system = { ...general, aiSystem: 'credit-scoring', value: 0.5 };
    for (const limits of [file(general, group, system), file(system, group, general)]) {
      expect(thresholdOutcome(measured('AD', 0.4, { group: 'age=young' }), limits)).toBe('WITHIN');
      expect(thresholdOutcome(measured('AD', 0.2, { group: 'age=young', aiSystems: [] }), limits)).toBe('WITHIN');
      expect(thresholdOutcome(measured('AD', 0.2, { group: 'age=old', aiSystems: [] }), limits)).toBe('WORSE');
    }
  });

  it('is worse where the value is infinite, unless the limit allows it', () => {
    const infinite = { aiSystems: [], section, metric: 'TE', valueState: 'INFINITE' as const };
    expect(thresholdOutcome(infinite, file({ section, metric: 'TE', operator: '<', value: 9 }))).toBe('WORSE');
    expect(thresholdOutcome(infinite, file({ section, metric: 'TE', operator: '<', value: 9, allowInfinite: true }))).toBe('WITHIN');
  });

  it('is nothing where there is no value', () => {
    const none = { aiSystems: [], section, metric: 'CDDPL', valueState: 'NULL' as const };
    expect(thresholdOutcome(none, file({ section, metric: 'CDDPL', operator: '<', value: 9 }))).toBeUndefined();
  });
});
