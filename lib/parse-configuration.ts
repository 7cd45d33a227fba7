// SPDX-License-Identifier: Apache-2.0
import type * as z from 'zod';
import { type Configuration, configurationSchema } from '../src/runtime/deployment/configuration-schema.ts';

/** A configuration as a person writes it: everything may be left out. */
export type ConfigurationInput = z.input<typeof configurationSchema>;

/** Fills in the defaults. Throws a ZodError naming what is wrong. */
export function parseConfiguration(input: ConfigurationInput = {}): Configuration {
  return configurationSchema.parse(input);
}
