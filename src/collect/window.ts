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

/**
 * The window of the next run: from the end of the last complete run of the same scope, less the source's overlap, to now. From time to time it
 * reaches back as far as a first one (`fullSweepDays` of the source), since some changes move no timestamp.
 * Never longer than AWS keeps the data; a scope never read before starts `firstWindowDays` ago.
 */
export async function nextWindow(
  index: EvidenceIndex,
  target: { readonly source: Source; readonly account: string; readonly region: string },
  asked: AskedWindow,
  now: string,
): Promise<TimeWindow> {
  const { source, account, region } = target;
  const until = asked.until ?? now;
  if (asked.since !== undefined) return { since: asked.since, until };
  const end = Date.parse(until);
  const first = end - Math.min(firstWindowDays, source.window.retentionDays) * day;
  const spans = await completeSpans(index, receiptKey({ source: source.id, account, region }));
  const last = spans[0];
  if (last === undefined) return span(first, until);
  const next = Math.max(last.until - source.window.overlapHours * hour, end - source.window.retentionDays * day);
  return span(isSweepDue(spans, end, source.window.fullSweepDays * day) ? Math.min(next, first) : next, until);
}

interface Span {
  readonly since: number;
  readonly until: number;
}

// Hourly runs between two weekly sweeps are some 170: a thousand receipts reach back over more than one sweep.
async function completeSpans(index: EvidenceIndex, key: string): Promise<readonly Span[]> {
  const receipts = await index.series(key, { before: '9999', limit: 1_000 });
  return receipts.flatMap(({ facts }) => {
    const [since, until] = [stringAt(facts, 'since'), stringAt(facts, 'until')];
    return facts['complete'] === true && since !== undefined && until !== undefined
      ? [{ since: Date.parse(since), until: Date.parse(until) }]
      : [];
  });
}

function isSweepDue(spans: readonly Span[], end: number, every: number): boolean {
  const sweep = spans.find(({ since, until }) => until - since >= every);
  return sweep === undefined || end - sweep.until >= every;
}

function span(since: number, until: string): TimeWindow {
  return { since: new Date(Math.min(since, Date.parse(until))).toISOString(), until };
}
