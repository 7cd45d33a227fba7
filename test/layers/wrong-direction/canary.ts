// SPDX-License-Identifier: Apache-2.0
import { target } from './target.ts';

/** Imports what it must not, so that a test can see the cruiser notice. */
export const canary = target;
