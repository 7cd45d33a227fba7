// SPDX-License-Identifier: Apache-2.0
import type { S3 } from '../report/open-s3.ts';
import type { Span } from './event-span.ts';
import { dayBounds, deliveredAt, type LogPlace } from './log-place.ts';
import { lateMs, quietMs } from './unlogged-spans.ts';

/** A log file by its address and time of delivery; epoch milliseconds. */
export interface Delivery {
  readonly uri: string;
  readonly at: number;
}

/** Which log files of a window lie in one folder. */
export interface Deliveries {
  readonly folder: string;
  /** When its log files begin, or the window where that is later; epoch milliseconds. */
  readonly since: number;
  /** Delivery times, in order. */
  readonly times: readonly number[];
  /** The files delivered within an hour from the end of a silence on: they hold what happened just before. */
  readonly closing: readonly Delivery[];
  /** False where the folder could not be listed to its end. */
  readonly isWhole: boolean;
}

/**
 * Log files of a span, folder by folder, without reading them. Of a folder that cannot be listed to its end those before are given: what seems to
 * have no files is looked up then, so that nothing is hidden. Reading the folder tells of the failure.
 */
export async function listDeliveries(s3: S3, places: readonly LogPlace[], span: Span): Promise<readonly Deliveries[]> {
  const found: Deliveries[] = [];
  for (const { folder, since } of places) {
    const times: number[] = [];
    const closing: Delivery[] = [];
    const from = Math.max(since, span.start);
    let closingFrom = Number.NEGATIVE_INFINITY;
    let isWhole = true;
    for await (const listed of filesOf(s3, folder, span)) {
      isWhole = listed !== 'failure';
      if (listed === 'failure') break;
      const { uri, at } = listed;
      if (at - (times.at(-1) ?? from) > quietMs) closingFrom = at;
      if (at <= closingFrom + lateMs) closing.push({ uri, at });
      times.push(at);
    }
    found.push({ folder, since: from, times, closing, isWhole });
  }
  return found;
}

/** The newest log file of a folder that was delivered in the day before a time; null where none was, or none can be listed. */
export async function newestOfDayBefore(s3: S3, folder: string, end: number): Promise<string | null> {
  let newest: string | null = null;
  for await (const listed of filesOf(s3, folder, { start: end - dayMs, end })) if (listed !== 'failure') newest = listed.uri;
  return newest;
}

const dayMs = 86_400_000;

async function* filesOf(s3: S3, folder: string, span: Span): AsyncGenerator<Delivery | 'failure'> {
  const bounds = dayBounds(folder, span);
  for await (const object of s3.list(folder, { after: bounds.after })) {
    if ('failure' in object) yield 'failure';
    else if (object.uri > bounds.before) return;
    else {
      const at = deliveredAt(object.uri);
      if (at !== null && at >= span.start && at < span.end) yield { uri: object.uri, at };
    }
  }
}
