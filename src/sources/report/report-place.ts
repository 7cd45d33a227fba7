// SPDX-License-Identifier: Apache-2.0

/** What the place of a report says about the run that wrote it. */
export interface ReportPlace {
  /** Tells runs apart, alike for an S3 key and for a folder copied from it; empty where the place names no run. */
  readonly runKey: string;
  readonly endpoint: string | null;
  readonly schedule: string | null;
  /** Start of the run's hour, ISO 8601 UTC. */
  readonly runTime: string | null;
}

// `<endpoint>/<schedule>/YYYY/MM/DD/HH/`: the layout of Model Monitor's outputs, by its developer guide and by real listings.
const year = /^(?:19|20)\d{2}$/;
const twoDigits = /^\d{2}$/;
const dated = /(?:^|\D)(?:19|20)\d{2}-?(?:0[1-9]|1[0-2])-?(?:0[1-9]|[12]\d|3[01])/;

/**
 * Reads the place of a report: an S3 URI or a path. Bucket and file name play no part. Where the layout of Model Monitor
 * is not found, the last directory with a date in its name (and what lies below it) tells runs apart.
 */
export function reportPlace(path: string): ReportPlace {
  const directories = path
    .replace(/^s3:\/\/[^/]*\//, '')
    .split('/')
    .filter((step) => step !== '' && step !== '.')
    .slice(0, -1);
  const start = directories.findLastIndex((_, i) => isRunHour(directories.slice(i, i + 4)));
  if (start >= 0) return monitoringPlace(directories, start);
  const last = directories.findLastIndex((step) => dated.test(step));
  return { runKey: last < 0 ? '' : directories.slice(last).join('/'), endpoint: null, schedule: null, runTime: null };
}

function isRunHour(steps: readonly string[]): boolean {
  return steps.length === 4 && year.test(steps[0] ?? '') && steps.slice(1).every((step) => twoDigits.test(step)) && runTime(steps) !== null;
}

function runTime(steps: readonly string[]): string | null {
  const [y, month, day, hour] = steps;
  const time = new Date(`${y}-${month}-${day}T${hour}:00:00Z`);
  return Number.isNaN(time.getTime()) ? null : time.toISOString();
}

function monitoringPlace(directories: readonly string[], start: number): ReportPlace {
  return {
    // Without the endpoint: schedule names are unique in a Region, and a folder often starts at the schedule.
    runKey: directories.slice(Math.max(0, start - 1)).join('/'),
    endpoint: start > 1 ? (directories[start - 2] ?? null) : null,
    schedule: start > 0 ? (directories[start - 1] ?? null) : null,
    runTime: runTime(directories.slice(start, start + 4)),
  };
}

/** The directory of a path or URI, without the file's name. */
export function directoryOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
