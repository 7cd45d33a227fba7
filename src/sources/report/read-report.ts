// SPDX-License-Identifier: Apache-2.0
import { type Gap, gapMessage } from '../../evidence/gap.ts';
import type { Json } from '../../evidence/json.ts';
import { remedyOf } from '../gap-remedy.ts';
import { type AwsFailure, gapOfFailure } from '../source-error.ts';
import { parseLenientJson } from './lenient-json.ts';
import { isBelow, unnamedReportGap } from './named-places.ts';
import { parseS3Uri, type S3, type S3Object } from './open-s3.ts';

/** A report that was read: its bytes in S3, their text, and what it parses to. */
export interface ReadReport {
  readonly object: S3Object;
  readonly text: string;
  readonly value: Json;
}

/** A report, or that there is none, or why it could not be read. */
export type ReportResult = ReadReport | 'absent' | { readonly gap: Gap };

/** Reads one JSON report. An object that does not exist is an answer; what is denied, too large or no JSON is a gap. */
export async function readReport(s3: S3, uri: string): Promise<ReportResult> {
  const object = await s3.get(uri);
  if ('tooLarge' in object) return { gap: tooLargeGap(uri, object.tooLarge) };
  if ('failure' in object) return isMissing(object.failure) ? 'absent' : { gap: objectGap(uri, object.failure, s3.namedPlaces) };
  const text = decode(object.bytes);
  const value = text === null ? undefined : parseLenientJson(text);
  if (text === null || value === undefined) return { gap: malformedGap(object) };
  return { object, text, value };
}

function isMissing({ code, status }: AwsFailure): boolean {
  return code === 'NoSuchKey' || code === 'NotFound' || (status === 404 && code !== 'NoSuchBucket');
}

// Without s3:ListBucket S3 answers 403 for a key that does not exist, so denied and absent look alike.
function objectGap(uri: string, failure: AwsFailure, namedPlaces: readonly string[] | undefined): Gap {
  const gap = gapOfFailure('s3:GetObject', failure);
  if (gap.reason === 'denied' && namedPlaces !== undefined && !isBelow(uri, namedPlaces)) return unnamedReportGap(uri, gap.detail);
  const hint = gap.reason === 'denied' ? ' (or it does not exist: allow s3:ListBucket to tell the two apart)' : '';
  const message = gapMessage(`${uri} was not read: ${failure.message}${hint}`, remedyOf('s3:GetObject', failure, gap.reason));
  return { ...gap, message, detail: { ...gap.detail, uri } };
}

/** A gap for an object that a call named and that is not there. */
export function missingGap(uri: string, namedBy: string): Gap {
  return {
    reason: 'unavailable',
    extent: 'scope',
    what: 's3:GetObject',
    message: `${uri}, named by ${namedBy}, does not exist; a person must say where it went.`,
    code: 'NoSuchKey',
    detail: { uri, bucket: parseS3Uri(uri)?.bucket ?? '' },
  };
}

function tooLargeGap(uri: string, bytes: number): Gap {
  return {
    reason: 'unsupported',
    extent: 'item',
    what: uri,
    message: gapMessage(
      `${uri} has ${bytes} bytes, more than any report; it was not read.`,
      'say what it is, or name a narrower place without it',
    ),
    code: 'REPORT_TOO_LARGE',
    detail: { uri, bytes },
  };
}

function malformedGap({ uri, sha256, bytes }: S3Object): Gap {
  return {
    reason: 'malformed',
    extent: 'item',
    what: uri,
    message: `${uri} is not readable as JSON.`,
    code: 'REPORT_MALFORMED',
    detail: { uri, sha256, bytes: bytes.byteLength },
  };
}

function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    // Only invalid UTF-8 is malformed; anything else is ours to know of.
    if (Error.isError(error) && error.name === 'TypeError') return null;
    throw error;
  }
}

/** Counts alike gaps and keeps the first of each: a denied bucket is one gap with a number, not one for each hour of a year. */
export class GapTally {
  readonly #gaps = new Map<string, { readonly first: Gap; count: number }>();

  add(gap: Gap): void {
    const key = `${gap.what} ${gap.reason} ${gap.code ?? ''}`;
    const known = this.#gaps.get(key);
    if (known === undefined) this.#gaps.set(key, { first: gap, count: 1 });
    else known.count++;
  }

  /** Whether there is nothing to tell. */
  get isEmpty(): boolean {
    return this.#gaps.size === 0;
  }

  /** One gap for each kind, with how often it was met; then nothing is counted any more. */
  *drain(): Iterable<{ readonly gap: Gap }> {
    for (const { first, count } of this.#gaps.values()) {
      yield { gap: count === 1 ? first : { ...first, detail: { ...first.detail, times: count } } };
    }
    this.#gaps.clear();
  }
}
