// SPDX-License-Identifier: Apache-2.0
import { type Gap, gapMessage } from '../../evidence/gap.ts';
import type { Json, JsonObject } from '../../evidence/json.ts';
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

/** How far the locations were read: everything up to an object was yielded, and so many files of its location were no reports. */
export interface LocationMark {
  /** `<location> <uri>`: neither of the two holds a space that stands before `s3://`. */
  readonly after: string;
  readonly strangers: number;
}

/** What an earlier part of the reading says of itself. */
export interface LocationsBefore {
  readonly after: string | null;
  readonly strangers: Json | undefined;
}

/** Files of a location that are no reports: how many, and the first of them. */
export interface Strangers {
  count: number;
  readonly first: string[];
}

/**
 * Reads the reports below the declared prefixes that were written in the window, with a mark after each directory. Only `.json` files are fetched: captured payloads,
 * ground truth and record-level explanations are `.jsonl` and `.csv`. What is no report is counted, in one gap for each prefix.
 */
export async function* readLocations(
  s3: S3,
  scope: Scope,
  before: LocationsBefore = { after: null, strangers: undefined },
): AsyncGenerator<LocatedReport | LocationMark | { readonly gap: Gap }> {
  const [, last = '', uri = ''] = /^(.*?) (s3:\/\/.*)$/s.exec(before.after ?? '') ?? [];
  const locations = [...new Set(scope.reportLocations)].sort();
  for (const location of locations.slice(Math.max(0, locations.indexOf(last)))) {
    const isContinued = location === last;
    const strangers: Strangers = { count: isContinued && typeof before.strangers === 'number' ? before.strangers : 0, first: [] };
    for await (const directory of directoriesOf(s3, { location, after: isContinued ? uri : null }, scope)) {
      if ('gap' in directory) yield directory;
      else {
        yield* readDirectory(s3, directory.files, strangers);
        yield { after: `${location} ${directory.last}`, strangers: strangers.count };
      }
    }
    if (strangers.count > 0) yield { gap: strangersGap(location, strangers) };
  }
}

/** What is known of a report that no call named. */
export function locatedContext({ report, siblings }: LocatedReport): JsonObject {
  const { uri, sha256, lastModified } = report.object;
  return { path: uri, sha256, siblings, ...(lastModified === null ? {} : { lastModified, effectiveAt: lastModified }) };
}

interface Directory {
  readonly files: readonly S3Listed[];
  /** URI of the last object that was looked at. */
  readonly last: string;
}

/** Objects that may be listed between two marks where none of them is wanted. */
const objectsOfMark = 10_000;

async function* directoriesOf(
  s3: S3,
  { location, after }: { readonly location: string; readonly after: string | null },
  { window }: Scope,
): AsyncGenerator<Directory | { readonly gap: Gap }> {
  let files: S3Listed[] = [];
  let last = '';
  let unmarked = 0;
  for await (const object of s3.list(location, after === null ? {} : { after })) {
    if ('failure' in object) {
      const gap = gapOfFailure('s3:ListBucket', object.failure);
      yield { gap: { ...gap, message: `${location} was not listed: ${gap.message}` } };
      break;
    }
    const isWanted = object.uri.endsWith('.json') && isInWindow(object.lastModified, window);
    // Past all that its prefix holds, a directory is known whole; and another directory's report ends it.
    const directory = files[0] === undefined ? null : directoryOf(files[0].uri);
    const isLeft = directory !== null && (!object.uri.startsWith(`${directory}/`) || (isWanted && directory !== directoryOf(object.uri)));
    if (isLeft || (directory === null && unmarked >= objectsOfMark)) {
      yield { files, last };
      files = [];
      unmarked = 0;
    }
    if (isWanted) files.push(object);
    last = object.uri;
    unmarked++;
  }
  if (files.length > 0) yield { files, last };
}

function isInWindow(time: string | null, window: Scope['window']): boolean {
  if (time === null) return true;
  return Date.parse(time) >= Date.parse(window.since) && Date.parse(time) < Date.parse(window.until);
}

/** Reports among the files of one directory. Violations first: they say which metrics of the other files are counted already. */
export async function* readDirectory(
  s3: S3,
  files: readonly S3Listed[],
  strangers: Strangers,
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
      strangers.count++;
      if (strangers.first.length < strangersNamed) strangers.first.push(uri);
      continue;
    }
    if (recognised.shape === 'violations') siblings = { violations: violationsBeside({ violations: report.value }) };
    yield { report, recognised, siblings };
  }
}

const strangersNamed = 10;

function strangersGap(location: string, { count, first }: Strangers): Gap {
  return {
    reason: 'unsupported',
    extent: 'scope',
    what: location,
    message: gapMessage(
      `${count} JSON files below ${location} are no report of Model Monitor, Clarify or fmeval.`,
      'declare a narrower prefix',
    ),
    code: 'REPORT_UNRECOGNISED',
    detail: { files: count, first },
  };
}
