// SPDX-License-Identifier: Apache-2.0
import { runsPerDay } from './deployment/plan-schedule.ts';

/** Seconds between two runs of `rate(15 minutes)`; null for `cron(…)`, whose runs need not be evenly apart. */
export function secondsBetweenRuns(schedule: string): number | null {
  return schedule.startsWith('rate(') ? 86_400 / runsPerDay(schedule) : null;
}
