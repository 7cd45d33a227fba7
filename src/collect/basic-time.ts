// SPDX-License-Identifier: Apache-2.0

/** A time in ISO 8601 UTC as it stands in the ids of runs, in basic format and whole seconds: `20261121T023000Z`. */
export function basicTime(time: string): string {
  return time.replace(/[-:]|\.\d+/g, '');
}
