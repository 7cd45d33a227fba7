// SPDX-License-Identifier: Apache-2.0
import type { Node } from 'constructs';
import * as z from 'zod';
import type { Configuration } from '../src/runtime/deployment/configuration-schema.ts';

// `cdk synth -c retentionDays=400` hands every value over as a string.
const settingsSchema = z.strictObject({
  retentionDays: z.coerce.number().int().min(1).max(36_500).optional(),
  lockMode: z.enum(['GOVERNANCE', 'COMPLIANCE']).optional(),
  profile: z.enum(['production', 'dev']).optional(),
  sampleEndpoint: z.url().optional(),
});

/** A configuration with what `-c` or the `context` of `cdk.json` sets over it. */
export interface Settings {
  readonly configuration: Configuration;
  readonly sampleEndpoint: string | undefined;
}

/** Reads `retentionDays`, `lockMode`, `profile` and `sampleEndpoint` from the context; they win. Throws a ZodError naming what is wrong. */
export function readSettings(node: Node, configuration: Configuration): Settings {
  const names = Object.keys(settingsSchema.shape);
  const { profile, sampleEndpoint, ...vault } = settingsSchema.parse(
    Object.fromEntries(names.map((name) => [name, node.tryGetContext(name)])),
  );
  const set = Object.fromEntries(Object.entries(vault).filter(([, value]) => value !== undefined));
  return {
    sampleEndpoint,
    configuration: { ...configuration, profile: profile ?? configuration.profile, vault: { ...configuration.vault, ...set } },
  };
}
