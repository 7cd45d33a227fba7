// SPDX-License-Identifier: Apache-2.0
import { type Gap, gapMessage } from '../../evidence/gap.ts';
import type { S3, S3Listed } from './open-s3.ts';
import { type LocatedReport, readDirectory, type Strangers } from './read-locations.ts';
import { missingGap } from './read-report.ts';
import type { RecognisedReport } from './recognise-report.ts';
import { directoryOf } from './report-place.ts';

/** Reads a report of a source that an event named, with what stands beside it in its directory. A report of the other source is nobody's here. */
export async function* readNamedReport(
  s3: S3,
  uri: string,
  source: RecognisedReport['source'],
): AsyncGenerator<LocatedReport | { readonly gap: Gap }> {
  const strangers: Strangers = { count: 0, first: [] };
  let isTold = false;
  for await (const located of readDirectory(s3, await neighbours(s3, uri), strangers)) {
    if ('gap' in located) {
      isTold ||= located.gap.detail['uri'] === uri;
      yield located;
    } else if (located.report.object.uri === uri) {
      isTold = true;
      if (located.recognised.source === source) yield located;
    }
  }
  if (!isTold) yield { gap: strangers.first.includes(uri) ? strangerGap(uri) : missingGap(uri, 'an event of S3') };
}

/** A run leaves a handful of files in its directory. */
const mostNeighbours = 50;

// The report itself in any case: the listing may be refused, and then only what stands beside it is not known.
async function neighbours(s3: S3, uri: string): Promise<readonly S3Listed[]> {
  const directory = directoryOf(uri);
  const found: S3Listed[] = [{ uri, bytes: 0, lastModified: null }];
  for await (const object of s3.list(`${directory}/`)) {
    if ('failure' in object || found.length > mostNeighbours) break;
    const isBeside = directoryOf(object.uri) === directory && object.uri.endsWith('.json') && object.uri !== uri;
    if (isBeside) found.push(object);
  }
  return found;
}

function strangerGap(uri: string): Gap {
  const happened = `${uri} has the name of a report and is none of Model Monitor, Clarify or fmeval.`;
  const message = gapMessage(happened, 'say what it is, or name a narrower place in `reportLocations`');
  return { reason: 'unsupported', extent: 'item', what: uri, message, code: 'REPORT_UNRECOGNISED', detail: { uri } };
}
