// SPDX-License-Identifier: Apache-2.0
import { UsageError } from '../home-error.ts';

const minutesOf: Readonly<Record<string, number>> = { minute: 1, hour: 60, day: 1_440 };
const spans = { minute: [0, 59], hour: [0, 23], day: [1, 31], month: [1, 12], weekday: [1, 7] } as const;

/**
 * How often an EventBridge Scheduler expression fires in a day, on average: `rate(15 minutes)` 96 times, `cron(0 6 ? * MON-FRI *)` five times in
 * seven days. Throws CONFIG_INVALID for an expression that is neither.
 */
export function runsPerDay(expression: string): number {
  const rate = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression);
  const minutes = minutesOf[rate?.[2] ?? ''];
  if (rate !== null && minutes !== undefined && Number(rate[1]) > 0) return 1_440 / (Number(rate[1]) * minutes);
  const cron = /^cron\((\S+) (\S+) (\S+) (\S+) (\S+) (\S+)\)$/.exec(expression);
  if (cron === null) throw notASchedule(expression);
  const [, minute = '', hour = '', day = '', month = '', weekday = ''] = cron;
  const count = (field: string, span: readonly [number, number]) => countOf(field, span, expression);
  const days = isAny(day) ? 1 : count(day, spans.day) / 30.4375;
  const weekdays = isAny(weekday) ? 1 : count(weekday, spans.weekday) / 7;
  return count(minute, spans.minute) * count(hour, spans.hour) * days * weekdays * (count(month, spans.month) / 12);
}

function isAny(field: string): boolean {
  return field === '*' || field === '?';
}

const names: Readonly<Record<string, number>> = Object.fromEntries([
  ...['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'].map((name, i) => [name, i + 1]),
  ...['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'].map((name, i) => [name, i + 1]),
]);

/** How many values a cron field names: `*`, `5`, `1,15`, `MON-FRI`, or a span with a step such as every tenth minute. */
function countOf(field: string, [least, most]: readonly [number, number], expression: string): number {
  const values = new Set<number>();
  for (const part of field.split(',')) {
    const form = /^(\*|\?|\w+)(?:-(\w+))?(?:\/(\d+))?$/.exec(part);
    if (form === null) throw notASchedule(expression);
    const [, from = '', to, step] = form;
    const first = isAny(from) ? least : numberOf(from);
    const last = isAny(from) || (to === undefined && step !== undefined) ? most : numberOf(to ?? from);
    if (!(first >= least && last <= most && first <= last) || step === '0') throw notASchedule(expression);
    for (let value = first; value <= last; value += Number(step ?? 1)) values.add(value);
  }
  return values.size;
}

function numberOf(text: string): number {
  return names[text.toUpperCase()] ?? Number(text);
}

function notASchedule(expression: string): UsageError {
  const message = `${expression} is no schedule of EventBridge Scheduler: write rate(6 hours) or cron(0 6 ? * MON-FRI *)`;
  return new UsageError('CONFIG_INVALID', message);
}
