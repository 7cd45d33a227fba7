// SPDX-License-Identifier: Apache-2.0
import type { Json, JsonObject } from '../../evidence/json.ts';

/** A schedule with the answers that its runs, reports and alerts are read with. */
export interface JoinedSchedule {
  readonly name: string;
  readonly arn: string;
  readonly schedule: JsonObject;
  /** What the contexts of all items of this schedule share. */
  readonly context: JsonObject;
}

/** One run as listed, with the run with a result before it. */
export interface ListedRun {
  readonly joined: JoinedSchedule;
  readonly run: Json;
  readonly answer: { readonly body: string; readonly requestId: string };
  readonly runTime: string | null;
  readonly previousRun: string | null;
}
