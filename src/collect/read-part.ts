// SPDX-License-Identifier: Apache-2.0
import type { Gap } from '../evidence/gap.ts';
import type { Connection, Scope, Source } from '../sources/source.ts';
import type { SourceRun } from './source-run.ts';
import { orLate, type TimeLeft, type TimeReserve } from './time-left.ts';

/** How reading ended: all was read, or time ran short and reading can go on after `resumeAfter` (null: nowhere). */
export type PartRead = { readonly end: 'all' } | { readonly end: 'late'; readonly resumeAfter: string | null };

/** What one part of a reading works with. */
export interface PartToRead {
  readonly source: Source;
  readonly connection: Connection;
  readonly scope: Scope;
  readonly time: TimeLeft;
  readonly reserve: TimeReserve;
}

/** Takes what the source yields until there is no more or time runs short: then at the next mark, or at once where even that would be too late. */
export async function readPart(run: SourceRun, part: PartToRead): Promise<PartRead> {
  const { source, connection, scope, time, reserve } = part;
  const readings = source.read(connection, scope)[Symbol.asyncIterator]();
  let mark: string | null = null;
  for (;;) {
    const next = await orLate(readings.next(), time, reserve.stopMs);
    if (next === 'late') return { end: 'late', resumeAfter: mark };
    if (next.done === true) return { end: 'all' };
    const reading = next.value;
    if ('gap' in reading) await run.takeGap(reading.gap);
    else if ('item' in reading) await run.takeItem(reading.item);
    else mark = reading.mark;
    if ('mark' in reading && time.remainingMs() < reserve.markMs) {
      await readings.return?.(undefined);
      return { end: 'late', resumeAfter: mark };
    }
  }
}

/** What is not read because time ended before the source had a place to go on from. The next window covers it: the run is not complete. */
export function unreadGap(source: Pick<Source, 'id'>, scope: Pick<Scope, 'window' | 'resumeAfter'>): Gap {
  const { since, until } = scope.window;
  return {
    reason: 'interrupted',
    extent: 'scope',
    what: `${source.id} window`,
    message: 'Time ended before the source came to a place from which reading can go on; the next run reads this window again.',
    code: 'RUN_OUT_OF_TIME',
    detail: { unreadFrom: since, unreadUntil: until, after: scope.resumeAfter ?? null },
  };
}
