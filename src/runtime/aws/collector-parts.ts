// SPDX-License-Identifier: Apache-2.0
import type { Connected } from '../../collect/read-run.ts';
import type { RunQueue } from '../../collect/run-queue.ts';
import type { TimeReserve } from '../../collect/time-left.ts';
import type { Source } from '../../sources/source.ts';
import type { RecordingParts } from './function-collection.ts';
import type { Place } from './function-settings.ts';

/** What a collector works with. */
export interface CollectorParts extends RecordingParts {
  readonly source: Source;
  readonly queue: RunQueue;
  /** Connects to an account and Region; `home` is where the function itself runs. */
  readonly connect: (target: Place, home: Place) => Promise<Connected>;
  readonly reserve?: TimeReserve;
}
