// SPDX-License-Identifier: Apache-2.0
import { AimsError } from '../evidence/errors.ts';

/** Codes of collections that could not be carried on. */
export type CollectErrorCode = 'RUNS_NOT_QUEUED' | 'RUN_GROUP_STOPPED' | 'EVENTS_OUT_OF_TIME';

/** A collection that could not be carried on; what was read is kept. */
export class CollectError extends AimsError<CollectErrorCode> {}

/** The code that an error carries; `otherwise` for one that carries none. */
export function codeOf(error: unknown, otherwise: string): string {
  return Error.isError(error) && 'code' in error && typeof error.code === 'string' ? error.code : otherwise;
}
