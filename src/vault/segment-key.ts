// SPDX-License-Identifier: Apache-2.0
import { SegmentError } from './segment-error.ts';

/** What the key of a segment tells. */
export interface SegmentKey {
  /** Day of writing, UTC, `YYYY-MM-DD`. */
  readonly writtenOn: string;
  readonly source: string;
  /** Of the compressed bytes, 64 hex digits. */
  readonly sha256: string;
}

const segmentKeyPrefix = 'written=';

const form = /^written=(\d{4}-\d{2}-\d{2})\/source=([a-z0-9]+(?:-[a-z0-9]+)*)\/([0-9a-f]{64})\.ndjson\.zst$/;

/** Content-addressed key, partitioned in Hive's way so that Athena and DuckDB read the vault in place. */
export function formatSegmentKey({ writtenOn, source, sha256 }: SegmentKey): string {
  const key = `${segmentKeyPrefix}${writtenOn}/source=${source}/${sha256}.ndjson.zst`;
  parseSegmentKey(key);
  return key;
}

/** Reads a segment's key. Throws SEGMENT_KEY_INVALID for anything else, a day that no calendar has included. */
export function parseSegmentKey(key: string): SegmentKey {
  const [, writtenOn, source, sha256] = form.exec(key) ?? [];
  if (writtenOn === undefined || source === undefined || sha256 === undefined || !isDay(writtenOn)) {
    throw new SegmentError('SEGMENT_KEY_INVALID', `not the key of a segment: ${JSON.stringify(key.slice(0, 200))}`);
  }
  return { writtenOn, source, sha256 };
}

/** True for the key of a segment. */
export function isSegmentKey(key: string): boolean {
  const day = form.exec(key)?.[1];
  return day !== undefined && isDay(day);
}

function isDay(text: string): boolean {
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}
