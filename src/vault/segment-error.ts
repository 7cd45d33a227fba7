// SPDX-License-Identifier: Apache-2.0
import { AimsError } from '../evidence/errors.ts';

/** Codes of segments that cannot be made or read. */
export type SegmentErrorCode = 'SEGMENT_DAMAGED' | 'SEGMENT_KEY_INVALID' | 'SEGMENT_RECORD_INVALID';

/** A segment that cannot be made or read. */
export class SegmentError extends AimsError<SegmentErrorCode> {}
