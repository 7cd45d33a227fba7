// SPDX-License-Identifier: Apache-2.0

import { stringAt } from '../evidence/json.ts';
import type { EvidenceIndex } from '../evidence-index/evidence-index.ts';
import type { SeriesEntry, Source, TimeWindow } from '../sources/source.ts';
import { receiptKey } from './own-record.ts';
import { isSweep, noMemory, type WindowMemory } from './window-memory.ts';

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
  /** Hours to wait before what standing gaps hid is looked for again; 0 where a person runs the collection, who has just mended them. */
  readonly patienceHours: number;
}

/** A window, and what the receipt of a run over it must remember for the next one. */
export interface PlannedWindow {
  readonly window: TimeWindow;
  readonly memory: WindowMemory;
  /** True where no run of this scope ever ended. */
  readonly isFirst: boolean;
}

/**
 * The window of the next run: from the end of the last run of the same scope, less the source's overlap, to now. It reaches back over all that
 * earlier runs could not see, since only a run that covers a gap can close it; where the gaps stand (Macie off, a right missing) once a
 * day is enough. From time to time it reaches back as far as a first one (`fullSweepDays`), since some changes move no timestamp.
 * Never longer than AWS keeps the data; a scope never read before starts `firstWindowDays` ago.
 */
export async function nextWindow(index: EvidenceIndex, target: WindowTarget, asked: AskedWindow, now: string): Promise<PlannedWindow> {
  const until = asked.until ?? now;
  const planned = await planWindow(index, target, until);
  const { memory, isFirst } = planned;
  return asked.since === undefined ? planned : plannedFrom(Date.parse(asked.since), until, { memory, isFirst, source: target.source });
}

/** As `nextWindow` where nobody asked for one. */
export async function planWindow(index: EvidenceIndex, target: WindowTarget, until: string): Promise<PlannedWindow> {
  const { source, account, region } = target;
  const [newest] = await index.series(receiptKey({ source: source.id, account, region }), { before: '9999', limit: 1 });
  const end = Date.parse(until);
  const first = end - Math.min(firstWindowDays, source.window.retentionDays) * day;
  const last = newest === undefined ? null : earlierRun(newest);
  if (last === null) return plannedFrom(first, until, { memory: noMemory, isFirst: newest === undefined, source });
  const next = last.until - source.window.overlapHours * hour;
  const { lastSweep, owedSince } = last.memory;
  const isSweepDue = lastSweep === null || end - Date.parse(lastSweep) >= source.window.fullSweepDays * day;
  const owed = owedSince === null ? next : Date.parse(owedSince);
  const isPatient = !last.isOver && last.triedAt !== null && end - last.triedAt < target.patienceHours * hour;
  const from = isPatient ? next : Math.min(next, owed, isSweepDue ? first : next);
  const oldest = end - source.window.retentionDays * day;
  return plannedFrom(Math.max(from, oldest), until, { memory: last.memory, isFirst: false, source });
}

interface EarlierRun {
  readonly until: number;
  readonly memory: WindowMemory;
  /** When a run last reached back over all that is owed; milliseconds since 1970. */
  readonly triedAt: number | null;
  /** True where the run had no gaps that stand, so that what is owed may be seen now. */
  readonly isOver: boolean;
}

function earlierRun({ facts }: SeriesEntry): EarlierRun | null {
  const until = stringAt(facts, 'until');
  if (until === undefined) return null;
  const [lastSweep = null, owedSince = null, owedTriedAt = null] = ['lastSweep', 'owedSince', 'owedTriedAt'].map((name) =>
    stringAt(facts, name),
  );
  const triedAt = owedTriedAt === null ? null : Date.parse(owedTriedAt);
  return { until: Date.parse(until), memory: { lastSweep, owedSince, owedTriedAt }, triedAt, isOver: facts['standing'] !== true };
}

type Known = Pick<PlannedWindow, 'memory' | 'isFirst'> & Pick<WindowTarget, 'source'>;

function plannedFrom(from: number, until: string, { memory, isFirst, source }: Known): PlannedWindow {
  // A clock that went backwards must not make a window of negative length.
  const window = { since: new Date(Math.min(from, Date.parse(until))).toISOString(), until };
  const lastSweep = isSweep(window, source.window.fullSweepDays) ? until : memory.lastSweep;
  return { window, memory: { ...memory, lastSweep }, isFirst };
}
