// SPDX-License-Identifier: Apache-2.0
import type { Node } from 'constructs';
import * as z from 'zod';
import type { AimsEvidenceStackProps } from './stacks/aims-evidence-stack.ts';

// `cdk synth -c retentionDays=400` hands every value over as a string.
const settingsSchema = z.strictObject({
  retentionDays: z.coerce.number().int().min(1).max(36_500).optional(),
  lockMode: z.enum(['GOVERNANCE', 'COMPLIANCE']).optional(),
});

/** What a user may set in the `context` of `cdk.json` or with `-c`: `retentionDays` and `lockMode`. Throws a ZodError naming what is wrong. */
export function readSettings(node: Node): AimsEvidenceStackProps {
  const { retentionDays, lockMode } = settingsSchema.parse({
    retentionDays: node.tryGetContext('retentionDays'),
    lockMode: node.tryGetContext('lockMode'),
  });
  return { vault: { ...(retentionDays === undefined ? {} : { retentionDays }), ...(lockMode === undefined ? {} : { lockMode }) } };
}
