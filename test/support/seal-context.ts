// SPDX-License-Identifier: Apache-2.0
import { createSecretKey } from 'node:crypto';
import type { SealContext } from '../../src/evidence/seal-record.ts';

/** What the records of one run of a test share. */
export const sealContext: SealContext = {
  secret: createSecretKey(Buffer.alloc(32, 1)),
  pack: { id: 'p', digest: '0'.repeat(64) },
  run: 'r',
  collector: 'c',
  readAs: null,
  collectedAt: '2026-11-21T00:00:00.000Z',
};
