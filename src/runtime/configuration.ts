// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parse as parseYaml } from 'yaml';
import type * as z from 'zod';
import { approvalsFileSchema, type Declarations, noDeclarations, scopeFileSchema, thresholdsFileSchema } from '../evidence/scope-file.ts';
import { type Configuration, configurationSchema } from './deployment/configuration-schema.ts';
import { UsageError } from './home-error.ts';

/** A configuration as used: where it came from (null for defaults) and the three dated files it points at. */
export interface LoadedConfiguration {
  readonly path: string | null;
  readonly configuration: Configuration;
  readonly declarations: Declarations;
}

const defaultNames = ['aims.config.ts', 'aims.config.json', 'aims.config.yaml'];

/** A configuration without the three dated files: all that reading a home takes. */
export type ReadConfiguration = Omit<LoadedConfiguration, 'declarations'>;

/** Reads the named configuration, or the first `aims.config.*` in `directory`, or the defaults. Throws CONFIG_UNREADABLE and CONFIG_INVALID. */
export async function readConfiguration(directory: string, named?: string): Promise<ReadConfiguration> {
  const path = named === undefined ? defaultNames.map((name) => resolve(directory, name)).find(existsSync) : resolve(directory, named);
  if (path === undefined) return { path: null, configuration: configurationSchema.parse({}) };
  return { path, configuration: check(configurationSchema, await readData(path, path), path) };
}

/** Reads a configuration and the files that it points at. Throws CONFIG_UNREADABLE and CONFIG_INVALID, naming file and setting. */
export async function loadConfiguration(directory: string, named?: string): Promise<LoadedConfiguration> {
  const found = await readConfiguration(directory, named);
  return { ...found, declarations: found.path === null ? noDeclarations : await loadDeclarations(found.configuration, found.path) };
}

async function loadDeclarations(configuration: Configuration, from: string): Promise<Declarations> {
  const read = async <T>(schema: z.ZodType<T>, setting: DeclarationSetting): Promise<T | null> => {
    const named = configuration[setting];
    if (named === undefined) return null;
    const path = resolve(dirname(from), named);
    const what = `${path} (${setting} of ${from})`;
    return check(schema, await readData(path, what), what);
  };
  return {
    scope: (await read(scopeFileSchema, 'scopeFile')) ?? noDeclarations.scope,
    thresholds: await read(thresholdsFileSchema, 'thresholdsFile'),
    approvals: await read(approvalsFileSchema, 'approvalsFile'),
  };
}

type DeclarationSetting = 'scopeFile' | 'thresholdsFile' | 'approvalsFile';

/** `what` names the file to a person, and the setting that asked for it. */
async function readData(path: string, what: string): Promise<unknown> {
  try {
    if (path.endsWith('.ts') || path.endsWith('.js')) {
      const loaded: { readonly default?: unknown } = await import(pathToFileURL(path).href);
      return loaded.default;
    }
    const text = readFileSync(path, 'utf8');
    return path.endsWith('.json') ? JSON.parse(text) : parseYaml(text);
  } catch (cause) {
    throw new UsageError('CONFIG_UNREADABLE', `cannot read ${what}: ${Error.isError(cause) ? cause.message : String(cause)}`, { cause });
  }
}

function check<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.') || '(whole file)'}: ${issue.message}`);
  throw new UsageError('CONFIG_INVALID', `${what}: ${problems.join('; ')}`, { cause: parsed.error });
}
