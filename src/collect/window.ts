// SPDX-License-Identifier: Apache-2.0

import { stringAt } from '../evidence/json.ts';
import type { EvidenceIndex } from '../evidence-index/evidence-index.ts';
import type { Source, TimeWindow } from '../sources/source.ts';
import { receiptKey } from './own-record.ts';

const hour = 3_600_000;
const day = 24 * hour;

/** Days that a first collection reaches back when nobody says otherwise; less where AWS keeps less. */
const firstWindowDays = 30;

/** What a person asked for; ISO 8601 UTC. */
export interface AskedWindow {
  readonly since?: string;
  readonly until?: string;
}

/** Whose window is asked for. */
export interface WindowTarget {
  readonly source: Pick<Source, 'id' | 'window'>;
  readonly account: string;
  readonly region: string;
}

/** A window, and until when the last sweep read everything once a run over this window is complete; null where that is not known. */
export interface PlannedWindow {
  readonly window: TimeWindow;
  readonly lastSweep: string | null;
  /** True where no run of this scope ever ended. */
  readonly isFirst: boolean;
}

/**
 * The window of the next run: from the end of the last complete run of the same scope, less the source's overlap, to now. From time to time it
 * reaches back as far as a first one (`fullSweepDays` of the source), since some changes move no timestamp.
 * It covers the windows of the runs that had gaps since, so that it can close them. Never longer than AWS keeps the data; a scope never read
 * before starts `firstWindowDays` ago.
 */
export async function nextWindow(index: EvidenceIndex, target: WindowTarget, asked: AskedWindow, now: string): Promise<TimeWindow> {
  const until = asked.until ?? now;
  if (asked.since !== undefined) return { since: asked.since, until };
  return (await planWindow(index, target, until)).window;
}

/** As `nextWindow` where nobody asked for one, with what the receipt must say so that the window after it costs one short query. */
export async function planWindow(index: EvidenceIndex, { source, account, region }: WindowTarget, until: string): Promise<PlannedWindow> {
  const end = Date.parse(until);
  const oldest = end - source.window.retentionDays * day;
  const first = end - Math.min(firstWindowDays, source.window.retentionDays) * day;
  const every = source.window.fullSweepDays * day;
  const { complete, unfinishedSince, isNone } = await earlierSpans(index, receiptKey({ source: source.id, account, region }), every);
  const last = complete[0];
  const next = last === undefined ? first : last.until - source.window.overlapHours * hour;
  const lastSweep = last?.lastSweep ?? complete.find((one) => one.until - one.since >= every)?.until ?? null;
  const isDue = lastSweep === null || end - lastSweep >= every;
  // Only a run that covers the window of one that had gaps can close them.
  const since = Math.max(Math.min(next, isDue ? first : next, unfinishedSince), oldest);
  return { ...planned(since, until, { every, lastSweep }), isFirst: isNone };
}

interface Span {
  readonly since: number;
  readonly until: number;
  readonly lastSweep: number | null;
}

interface EarlierSpans {
  /** Newest first. */
  readonly complete: readonly Span[];
  /** Where the first of the runs began that came after the newest complete one and had gaps. */
  readonly unfinishedSince: number;
  /** True where no run ever ended. */
  readonly isNone: boolean;
}

// Nearly always the newest receipts say all; those of laptops do not name the last sweep, so they are searched for it.
async function earlierSpans(index: EvidenceIndex, key: string, every: number): Promise<EarlierSpans> {
  const newest = await spansOf(index, key, 20);
  const isEnough = newest.complete[0]?.lastSweep != null || newest.complete.some((one) => one.until - one.since >= every);
  return isEnough ? newest : await spansOf(index, key, 1_000);
}

async function spansOf(index: EvidenceIndex, key: string, limit: number): Promise<EarlierSpans> {
  const complete: Span[] = [];
  let unfinishedSince = Number.POSITIVE_INFINITY;
  const receipts = await index.series(key, { before: '9999', limit });
  for (const { facts } of receipts) {
    const [since, until, lastSweep] = [stringAt(facts, 'since'), stringAt(facts, 'until'), stringAt(facts, 'lastSweep')];
    if (since === undefined || until === undefined) continue;
    const span = { since: Date.parse(since), until: Date.parse(until), lastSweep: lastSweep === undefined ? null : Date.parse(lastSweep) };
    if (facts['complete'] === true) complete.push(span);
    else if (complete.length === 0) unfinishedSince = Math.min(unfinishedSince, span.since);
  }
  return { complete, unfinishedSince, isNone: receipts.length === 0 };
}

function planned(
  from: number,
  until: string,
  sweep: { readonly every: number; readonly lastSweep: number | null },
): Omit<PlannedWindow, 'isFirst'> {
  const end = Date.parse(until);
  // A clock that went backwards must not make a window of negative length.
  const since = Math.min(from, end);
  const lastSweep = end - since >= sweep.every ? end : sweep.lastSweep;
  return {
    window: { since: new Date(since).toISOString(), until },
    lastSweep: lastSweep === null ? null : new Date(lastSweep).toISOString(),
  };
}
