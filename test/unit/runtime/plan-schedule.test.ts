// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { runsPerDay } from '../../../src/runtime/deployment/plan-schedule.ts';

describe('how often a schedule fires in a day', () => {
  it.each([
    ['rate(15 minutes)', 96],
    ['rate(1 hour)', 24],
    ['rate(6 hours)', 4],
    ['rate(1 day)', 1],
    ['rate(7 days)', 1 / 7],
    ['cron(0 6 * * ? *)', 1],
    ['cron(0/15 * * * ? *)', 96],
    ['cron(*/10 8-17 * * ? *)', 60],
    ['cron(0,30 6 ? * * *)', 2],
    ['cron(0 6 ? * MON-FRI *)', 5 / 7],
    ['cron(0 6 1,15 * ? *)', 2 / 30.4375],
    ['cron(0 6 * JAN-JUN ? *)', 1 / 2],
  ])('%s', (expression, times) => {
    expect(runsPerDay(expression)).toBeCloseTo(times, 10);
  });

  it.each([
    'rate(0 minutes)',
    'rate(5 weeks)',
    'cron(0 6 * * *)',
    'cron(61 * * * ? *)',
    'cron(5-1 * * * ? *)',
    'cron(0 FOO * * ? *)',
    'cron(*/0 * * * ? *)',
    'at noon',
  ])('refuses %s by name', (expression) => {
    expect(() => runsPerDay(expression)).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringContaining(expression) }),
    );
  });
});
