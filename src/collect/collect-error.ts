// SPDX-License-Identifier: Apache-2.0
import { AimsError } from '../evidence/errors.ts';

/** Codes of collections that could not be carried on. */
export type CollectErrorCode = 'RUNS_NOT_QUEUED' | 'RUN_GROUP_STOPPED';

/** A collection that could not be carried on; what was read is kept. */
export class CollectError extends AimsError<CollectErrorCode> {}
