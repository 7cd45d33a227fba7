// SPDX-License-Identifier: Apache-2.0

/** The latest of some ISO 8601 times; null where there is none. */
export function newestTime(times: Iterable<string | null>): string | null {
  let newest: string | null = null;
  for (const time of times) {
    if (time !== null && (newest === null || Date.parse(time) > Date.parse(newest))) newest = time;
  }
  return newest;
}
