// SPDX-License-Identifier: Apache-2.0
import { deployedSelfAudit } from '../src/runtime/aws/deployed-self-audit.ts';

/** Compares index, vault and plans every night; fills the index again when asked. */
export const handler = deployedSelfAudit();
