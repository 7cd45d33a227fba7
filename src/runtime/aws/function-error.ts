// SPDX-License-Identifier: Apache-2.0
import { AimsError } from '../../evidence/errors.ts';

/** Codes of functions that are not built or deployed as they must be, and of what was handed to them. */
export type FunctionErrorCode = 'FUNCTION_INCOMPLETE' | 'FUNCTION_SOURCE_UNKNOWN' | 'MESSAGE_MALFORMED' | 'AUDIT_UNFINISHED';

/** A function that cannot do its work. */
export class FunctionError extends AimsError<FunctionErrorCode> {}
