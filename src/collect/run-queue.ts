// SPDX-License-Identifier: Apache-2.0
import type { SourceId } from '../evidence/observation.ts';
import type { TimeWindow } from '../sources/source.ts';
import type { WindowMemory } from './window-memory.ts';

/** A run that was planned and waits to be read. */
export interface PlannedRun {
  readonly run: string;
  readonly source: SourceId;
  readonly partition: string;
  readonly account: string;
  readonly region: string;
  readonly window: TimeWindow;
  /** What the receipts of this scope remembered when the run was planned. */
  readonly memory: WindowMemory;
  /** ISO 8601 UTC: ages and silences are measured from it. */
  readonly sweptAt: string;
  /** The source's own mark after which reading goes on; null at the beginning. */
  readonly resumeAfter: string | null;
  /** From 1. */
  readonly part: number;
  readonly earlier: EarlierParts;
}

/** What the earlier parts of a reading hand on. */
export interface EarlierParts {
  /** Ids of the gaps they met, as many as fit a message. */
  readonly gaps: readonly string[];
  readonly gapsLeftOut: boolean;
  readonly scopeGaps: number;
  /** How many of these pass by themselves. */
  readonly passingGaps: number;
  /** Keys of the segments they stored. */
  readonly segments: readonly string[];
  /** Items that only the end of the reading can decide, packed. */
  readonly held: string | null;
}

/** Nothing: the first part of a reading. */
export const noEarlierParts: EarlierParts = { gaps: [], gapsLeftOut: false, scopeGaps: 0, passingGaps: 0, segments: [], held: null };

/** A run on its way to a queue. Of two with one deduplication id within minutes, the queue takes the first. */
export interface QueuedRun {
  readonly run: PlannedRun;
  readonly deduplicationId: string;
}

/** A run that a queue did not take, and why. */
export interface RefusedRun {
  readonly run: PlannedRun;
  readonly reason: string;
}

/** Where planned runs wait. Runs of one source, account and Region are handed out in order, never two at once. */
export interface RunQueue {
  /** Resolves with the runs that were not taken although it was tried again; the others are durable. Throws nothing for a queue that refuses. */
  send(runs: readonly QueuedRun[]): Promise<readonly RefusedRun[]>;
}
