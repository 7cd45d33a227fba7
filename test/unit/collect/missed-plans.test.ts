// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { intervalMs } from '../../../src/collect/missed-plans.ts';

const hour = 3_600_000;

describe('the longest time between two firings of a schedule', () => {
  it.each([
    ['rate(15 minutes)', hour / 4],
    ['rate(1 hour)', hour],
    ['rate(2 days)', 48 * hour],
    ['cron(5 * * * ? *)', hour],
    ['cron(0/10 * * * ? *)', hour / 6],
    ['cron(0 0/6 * * ? *)', 6 * hour],
    ['cron(20 1 * * ? *)', 24 * hour],
    ['cron(20 1 ? * MON *)', 7 * 24 * hour],
    ['cron(20 1 1 * ? *)', 31 * 24 * hour],
  ])('%s', (expression, expected) => {
    expect(intervalMs(expression)).toBe(expected);
  });
});
