// SPDX-License-Identifier: Apache-2.0
import { AimsError } from '../evidence/errors.ts';

/** A pattern that cannot be compiled, or an event that is no JSON object. */
export class MappingError extends AimsError<'MAPPING_PATTERN_INVALID' | 'MAPPING_EVENT_INVALID'> {}

/** The error for a pattern: where in it, and what is wrong there. */
export function invalidPattern(path: string, reason: string): MappingError {
  return new MappingError('MAPPING_PATTERN_INVALID', `at ${path === '' ? 'the top' : path}: ${reason}`);
}
