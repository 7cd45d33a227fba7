// SPDX-License-Identifier: Apache-2.0

// Forms that CreateMonitoringSchedule takes (API reference, ScheduleConfig, read 2026-11): hourly, daily, every N hours from an hour, NOW.
const hourly = /^cron\(\d+ \* \? \* \* \*\)$/;
const daily = /^cron\(\d+ \d{1,2} \? \* \* \*\)$/;
const everyHours = /^cron\(\d+ (?:\d{1,2}|\*)\/(\d{1,2}) \? \* \* \*\)$/;

/** Planned hours between runs; null for a run once (NOW) and for an expression that is not known. Without an expression AWS runs daily. */
export function intervalHours(expression: string | undefined): number | null {
  if (expression === undefined) return 24;
  if (hourly.test(expression)) return 1;
  if (daily.test(expression)) return 24;
  const hours = Number(everyHours.exec(expression)?.[1]);
  return hours > 0 ? hours : null;
}

/** Whether a series of runs fell silent: more than two intervals, and the 20 minutes that AWS may be late, rounded up to an hour. */
export function isRunMissing(status: string | undefined, interval: number | null, hoursSinceLastRun: number | null): boolean {
  return status === 'Scheduled' && interval !== null && hoursSinceLastRun !== null && hoursSinceLastRun > 2 * interval + 1;
}
