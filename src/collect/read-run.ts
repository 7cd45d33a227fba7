// SPDX-License-Identifier: Apache-2.0
import type { Gap } from '../evidence/gap.ts';
import type { Observation } from '../evidence/observation.ts';
import type { Connection, Scope, Source } from '../sources/source.ts';
import type { Collection } from './collection.ts';
import { decidedEarlyGap, HandedOn, type PackedItems, unpackItems } from './handed-on.ts';
import type { PartEnd } from './own-record.ts';
import { nextPartId } from './plan-collection.ts';
import { readPart, unreadGap } from './read-part.ts';
import { recallSegments } from './recall-segments.ts';
import type { PlannedRun } from './run-queue.ts';
import type { RunReport, SourceRun } from './source-run.ts';
import type { TimeLeft, TimeReserve } from './time-left.ts';

/** How to reach an account: a connection and the ARN we read as, or why there is none. */
export type Connected = { readonly connection: Connection; readonly readAs: string } | { readonly gap: Gap };

/** What runs are read with. */
export interface RunReading {
  readonly source: Source;
  readonly connect: (run: PlannedRun) => Promise<Connected>;
  /** What the configuration says of a run's scope: places in S3, Regions read beside this one. */
  readonly places: (run: PlannedRun) => Omit<Scope, 'partition' | 'account' | 'region' | 'window' | 'sweptAt' | 'resumeAfter'>;
  readonly time: TimeLeft;
  readonly reserve: TimeReserve;
  /** Keys of the segments that this invocation stored so far. */
  readonly stored: () => readonly string[];
}

/** A run that was read as far as time allowed, and the run that goes on with the rest. */
export interface RunRead {
  readonly report: RunReport;
  /** False where a gap hid something or another run goes on. */
  readonly complete: boolean;
  readonly next: PlannedRun | null;
  /** Answers of AWS that items came from. */
  readonly calls: number;
}

/** Sizes of what a message carries on, so that it fits the 256 KiB that every SQS takes. */
const carried = { gaps: 600, segments: 400, heldBytes: 120 * 1024 } as const;

/**
 * Reads one planned run, and ends it with a receipt. Where time runs short after a mark, the plan of the run that continues it is sealed first:
 * the caller flushes, then queues it.
 */
export async function readRun(collection: Collection, planned: PlannedRun, reading: RunReading): Promise<RunRead> {
  const connected = await reading.connect(planned);
  await recallSegments(collection, planned.source, planned.earlier.segments);
  const { pipeline } = collection.setting;
  const isForEnd = (one: Observation) => pipeline.derivationsFor(one).some((derivation) => derivation.when === 'run-end');
  const handedOn = new HandedOn(isForEnd);
  const readAs = 'gap' in connected ? null : connected.readAs;
  const run = collection.run(scopeOf(planned), readAs, { handedOn, sweptAt: planned.sweptAt });
  if ('gap' in connected) {
    await run.takeGap(connected.gap);
    return await finish(run, planned, null);
  }
  for (const item of planned.earlier.held === null ? [] : unpackItems(planned.earlier.held)) await run.takeItem(item);
  const { partition, account, region, window, sweptAt, resumeAfter } = planned;
  const scope: Scope = { ...reading.places(planned), partition, account, region, window, sweptAt, resumeAfter };
  const { source, time, reserve } = reading;
  const part = await readPart(run, { source, connection: connected.connection, scope, time, reserve });
  if (part.end === 'all' || part.resumeAfter === null || part.resumeAfter === resumeAfter) {
    if (part.end === 'late') await run.takeGap(unreadGap(source, scope));
    await run.takeHeld();
    return await finish(run, planned, null);
  }
  const held = handedOn.pack(carried.heldBytes);
  const decidedEarly = await run.takeHeld(held.passes);
  if (decidedEarly > 0) await run.takeGap(decidedEarlyGap(source.id, decidedEarly));
  const from = connected.connection.channel === 'api' ? 'aws' : 'sample';
  return await handOn(collection, { run, planned, resumeAfter: part.resumeAfter, held, decidedEarly, from, stored: reading.stored });
}

function scopeOf({ run, source, partition, account, region, window, memory }: PlannedRun) {
  return { run, source, partition, account, region, window, memory };
}

interface Rest {
  readonly run: SourceRun;
  readonly planned: PlannedRun;
  readonly resumeAfter: string;
  readonly held: PackedItems;
  /** Items that should have been handed on and were too many. */
  readonly decidedEarly: number;
  /** The place that the first part's plan names: a gap is closed only by a run that read from the same one. */
  readonly from: string;
  readonly stored: RunReading['stored'];
}

async function handOn(collection: Collection, { run, planned, resumeAfter, held, decidedEarly, from, stored }: Rest): Promise<RunRead> {
  const { earlier } = planned;
  // What this part took so far is stored first, so that the next one can be told where.
  await collection.flush();
  const gaps = [...earlier.gaps, ...run.gapIds];
  const next: PlannedRun = {
    ...planned,
    run: nextPartId(planned),
    part: planned.part + 1,
    resumeAfter,
    earlier: {
      gaps: gaps.slice(0, carried.gaps),
      gapsLeftOut: earlier.gapsLeftOut || gaps.length > carried.gaps,
      scopeGaps: earlier.scopeGaps + run.counts.scopeGaps,
      passingGaps: earlier.passingGaps + run.passingGaps,
      // The oldest are in the index by now.
      segments: [...new Set([...earlier.segments, ...stored()])].slice(-carried.segments),
      held: held.packed,
    },
  };
  await collection.run(scopeOf(next), null).plan(from);
  return await finish(run, planned, next, decidedEarly);
}

async function finish(run: SourceRun, planned: PlannedRun, next: PlannedRun | null, decidedEarly = 0): Promise<RunRead> {
  const { gaps, scopeGaps, passingGaps, gapsLeftOut } = planned.earlier;
  const end: PartEnd = {
    part: planned.part,
    continuedBy: next?.run ?? null,
    earlierGaps: gaps,
    earlierScopeGaps: scopeGaps,
    earlierPassingGaps: passingGaps,
    gapsLeftOut,
  };
  const report = await run.finish(decidedEarly === 0 ? {} : { decidedEarly }, { end });
  return { report, complete: next === null && report.scopeGaps === 0 && scopeGaps === 0 && !gapsLeftOut, next, calls: run.calls };
}
