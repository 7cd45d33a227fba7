// SPDX-License-Identifier: Apache-2.0
import { AimsError } from '../../src/evidence/errors.ts';

/** A script was called in a way that it cannot serve, or would overwrite something. */
export class ScaffoldError extends AimsError<'SCAFFOLD_USAGE' | 'SCAFFOLD_EXISTS' | 'SCAFFOLD_ANCHOR_ABSENT'> {}
