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

/** Loads the named configuration, or the first `aims.config.*` in `directory`, or the defaults. Throws CONFIG_UNREADABLE and CONFIG_INVALID. */
export async function loadConfiguration(directory: string, named?: string): Promise<LoadedConfiguration> {
  const found = named === undefined ? defaultNames.map((name) => resolve(directory, name)).find(existsSync) : resolve(directory, named);
  if (found === undefined) return { path: null, configuration: configurationSchema.parse({}), declarations: noDeclarations };
  const configuration = check(configurationSchema, await readData(found), found);
  return { path: found, configuration, declarations: await loadDeclarations(configuration, dirname(found)) };
}

async function loadDeclarations(configuration: Configuration, base: string): Promise<Declarations> {
  const read = async <T>(schema: z.ZodType<T>, path: string | undefined): Promise<T | null> =>
    path === undefined ? null : check(schema, await readData(resolve(base, path)), path);
  return {
    scope: (await read(scopeFileSchema, configuration.scopeFile)) ?? noDeclarations.scope,
    thresholds: await read(thresholdsFileSchema, configuration.thresholdsFile),
    approvals: await read(approvalsFileSchema, configuration.approvalsFile),
  };
}

async function readData(path: string): Promise<unknown> {
  try {
    if (path.endsWith('.ts') || path.endsWith('.js')) {
      const loaded: { readonly default?: unknown } = await import(pathToFileURL(path).href);
      return loaded.default;
    }
    const text = readFileSync(path, 'utf8');
    return path.endsWith('.json') ? JSON.parse(text) : parseYaml(text);
  } catch (cause) {
    throw new UsageError('CONFIG_UNREADABLE', `cannot read ${path}: ${Error.isError(cause) ? cause.message : String(cause)}`, { cause });
  }
}

function check<T>(schema: z.ZodType<T>, value: unknown, path: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.') || '(whole file)'}: ${issue.message}`);
  throw new UsageError('CONFIG_INVALID', `${path}: ${problems.join('; ')}`, { cause: parsed.error });
}
