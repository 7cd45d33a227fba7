// SPDX-License-Identifier: Apache-2.0
import type { Gap } from '../../evidence/gap.ts';
import type { JsonObject } from '../../evidence/json.ts';
import type { Scope } from '../source.ts';
import { gapOfFailure } from '../source-error.ts';
import type { S3, S3Listed } from './open-s3.ts';
import { type ReadReport, readReport } from './read-report.ts';
import { type RecognisedReport, recogniseReport } from './recognise-report.ts';
import { directoryOf } from './report-place.ts';
import { violationsBeside } from './violation-entries.ts';

/** A report found below a declared prefix. */
export interface LocatedReport {
  readonly report: ReadReport;
  readonly recognised: RecognisedReport;
  /** Reports in the same directory that others are read with. */
  readonly siblings: JsonObject;
}

/**
 * Reads the reports below the declared prefixes that were written in the window. Only `.json` files are fetched: captured payloads,
 * ground truth and record-level explanations are `.jsonl` and `.csv`. What is no report is counted, in one gap for each prefix.
 */
export async function* readLocations(s3: S3, scope: Scope): AsyncGenerator<LocatedReport | { readonly gap: Gap }> {
  for (const location of scope.reportLocations) {
    const strangers: string[] = [];
    for await (const directory of directoriesOf(s3, location, scope)) {
      if ('gap' in directory) yield directory;
      else yield* readDirectory(s3, directory.files, strangers);
    }
    if (strangers.length > 0) yield { gap: strangersGap(location, strangers) };
  }
}

/** What is known of a report that no call named. */
export function locatedContext({ report, siblings }: LocatedReport): JsonObject {
  const { uri, sha256, lastModified } = report.object;
  return { path: uri, sha256, siblings, ...(lastModified === null ? {} : { lastModified, effectiveAt: lastModified }) };
}

async function* directoriesOf(
  s3: S3,
  location: string,
  { window }: Scope,
): AsyncGenerator<{ readonly files: readonly S3Listed[] } | { readonly gap: Gap }> {
  let files: S3Listed[] = [];
  for await (const object of s3.list(location)) {
    if ('failure' in object) {
      yield { gap: { ...gapOfFailure('s3:ListBucket', object.failure), message: `${location} was not listed: ${object.failure.message}` } };
      break;
    }
    if (!object.uri.endsWith('.json') || !isInWindow(object.lastModified, window)) continue;
    if (files[0] !== undefined && directoryOf(files[0].uri) !== directoryOf(object.uri)) {
      yield { files };
      files = [];
    }
    files.push(object);
  }
  if (files.length > 0) yield { files };
}

function isInWindow(time: string | null, window: Scope['window']): boolean {
  if (time === null) return true;
  return Date.parse(time) >= Date.parse(window.since) && Date.parse(time) < Date.parse(window.until);
}

// Violations first: they say which metrics of the other files are counted already.
async function* readDirectory(
  s3: S3,
  files: readonly S3Listed[],
  strangers: string[],
): AsyncGenerator<LocatedReport | { readonly gap: Gap }> {
  const isViolations = ({ uri }: S3Listed) => /constraints?_violations[^/]*\.json$/.test(uri);
  const ordered = [...files.filter(isViolations), ...files.filter((file) => !isViolations(file))];
  let siblings: JsonObject = {};
  for (const { uri } of ordered) {
    const report = await readReport(s3, uri);
    if (report === 'absent') continue;
    if ('gap' in report) {
      yield report;
      continue;
    }
    const recognised = recogniseReport(report.value);
    if (recognised === null) {
      strangers.push(uri);
      continue;
    }
    if (recognised.shape === 'violations') siblings = { violations: violationsBeside({ violations: report.value }) };
    yield { report, recognised, siblings };
  }
}

function strangersGap(location: string, strangers: readonly string[]): Gap {
  return {
    reason: 'unsupported',
    extent: 'scope',
    what: location,
    message: `${strangers.length} JSON files below ${location} are no report of Model Monitor, Clarify or fmeval; declare a narrower prefix.`,
    code: 'REPORT_UNRECOGNISED',
    detail: { files: strangers.length, first: strangers.slice(0, 10) },
  };
}
