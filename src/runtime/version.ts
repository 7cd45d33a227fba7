// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import * as z from 'zod';

const packageSchema = z.object({ name: z.string(), version: z.string() });

/** Name and version of this program, as every record names its collector. */
export function collectorName(): string {
  const path = new URL('../../package.json', import.meta.url);
  const { name, version } = packageSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  return `${name}/${version}`;
}
