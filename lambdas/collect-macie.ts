// SPDX-License-Identifier: Apache-2.0
import { deployedCollector } from '../src/runtime/aws/deployed-collector.ts';
import { createMacie } from '../src/sources/macie.ts';

/** Reads macie: planned runs and events. */
export const handler = deployedCollector(createMacie);
