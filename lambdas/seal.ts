// SPDX-License-Identifier: Apache-2.0
import { deployedSeal } from '../src/runtime/aws/deployed-seal.ts';

/** Extends the ledger and signs its head. */
export const handler = deployedSeal();
