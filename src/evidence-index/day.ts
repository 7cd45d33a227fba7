// SPDX-License-Identifier: Apache-2.0

const msPerDay = 86_400_000;

/** UTC day number since 1970 of an instant in milliseconds. */
export function dayOf(at: number): number {
  return Math.floor(at / msPerDay);
}

/** First millisecond of a day. */
export function startOfDay(day: number): number {
  return day * msPerDay;
}

/** The number of a day written `YYYY-MM-DD`. */
export function dayIn(day: string): number {
  const instant = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(instant)) throw new RangeError(`not a day as YYYY-MM-DD: ${JSON.stringify(day)}`);
  return dayOf(instant);
}

/** A day as `YYYY-MM-DD`. */
export function dayText(day: number): string {
  return new Date(startOfDay(day)).toISOString().slice(0, -'T00:00:00.000Z'.length);
}
