// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import * as z from 'zod';
import { type SourceId, sourceIds } from '../../evidence/observation.ts';
import type { Pack } from '../../mapping/pack.ts';
import type { Source } from '../../sources/source.ts';
import { FunctionError } from './function-error.ts';

/** Name of the file beside a function's bundle that holds what `functionPack` made, compressed: a tenth of its size at each cold start. */
export const packFileName = 'pack.json.zst';

/** When a source is read, as it declares: all that planning needs of it. */
export type SourceTiming = Pick<Source, 'id' | 'schedule' | 'window'>;

/** What a function is built with: the rules and tables of its own source, under the id and digest of the whole pack. */
export interface FunctionPack extends Pack {
  /** Name and version of the program, as every record names its collector. */
  readonly collector: string;
  /** Of every source, so that a function which reads none needs none of their SDK clients. */
  readonly timings: readonly SourceTiming[];
}

/** What a function pack is made of. */
export interface FunctionPackParts {
  readonly pack: Pack;
  readonly sources: Iterable<Source>;
  readonly collector: string;
}

/** The part of a pack that one function needs; for `null`, a function that maps nothing and only names the pack in its records. */
export function functionPack({ pack, sources, collector }: FunctionPackParts, source: SourceId | null): FunctionPack {
  const { id, version, digest } = pack;
  // Titles and reasons are for people, who read them in the whole pack: they are a sixth of it.
  const rules = pack.rules.filter((rule) => rule.source === source).map((rule) => ({ ...rule, title: '', why: '' }));
  const tables = Object.fromEntries(Object.entries(pack.tables).filter(([name]) => name.startsWith(`${source}.`)));
  const timings = [...sources].map((one) => ({ id: one.id, schedule: one.schedule, window: one.window }));
  return { id, version, digest, collector, timings, rules, tables };
}

// Rules were checked when the pack was compiled and are compiled again when the function starts; what is read here came in the same archive.
const packSchema = z.object({
  id: z.string().min(1),
  version: z.string().min(1),
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  collector: z.string().min(1),
  rules: z.array(
    z.custom<Pack['rules'][number]>((rule) => typeof rule === 'object' && rule !== null && 'pattern' in rule && 'controls' in rule),
  ),
  tables: z.record(z.string(), z.json()),
  timings: z.array(
    z.object({
      id: z.enum(sourceIds),
      schedule: z.string().min(1),
      window: z.object({ overlapHours: z.number(), retentionDays: z.number(), fullSweepDays: z.number() }),
    }),
  ),
});

/** Reads the pack beside a bundle. Throws FUNCTION_INCOMPLETE. */
export function readFunctionPack(directory: string): FunctionPack {
  return packSchema.parse(readBeside(directory, packFileName));
}

/** JSON of a file that is shipped beside a bundle, compressed where its name ends in `.zst`. Throws FUNCTION_INCOMPLETE. */
export function readBeside(directory: string, name: string): unknown {
  try {
    const bytes = readFileSync(join(directory, name));
    return JSON.parse((name.endsWith('.zst') ? zstdDecompressSync(bytes) : bytes).toString('utf8'));
  } catch (cause) {
    throw new FunctionError('FUNCTION_INCOMPLETE', `cannot read ${name} beside the function's code: build and deploy it again`, { cause });
  }
}
