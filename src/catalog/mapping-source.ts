// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import * as z from 'zod';
import { CatalogError } from './catalog-error.ts';
import {
  type AnnexFile,
  annexFileSchema,
  type ClauseFile,
  clauseFileSchema,
  type StandardFile,
  standardFileSchema,
} from './catalog-schema.ts';
import { type FactFile, factFileSchema } from './facts-schema.ts';
import { type RuleFile, ruleFileSchema } from './rules-schema.ts';
import { type SeedRowsFile, type SeedServicesFile, seedRowsFileSchema, seedServicesFileSchema } from './seed-schema.ts';

/** A file of `mappings/` in its form, and its name for messages. */
export interface Named<Content> {
  readonly file: string;
  readonly content: Content;
}

/** Everything that people write under `mappings/`, each file in its form; nothing is compared with anything yet. */
export interface MappingSource {
  readonly standard: StandardFile;
  readonly clauses: readonly Named<ClauseFile>[];
  readonly annex: readonly Named<AnnexFile>[];
  readonly seedRows: SeedRowsFile;
  readonly seedServices: SeedServicesFile;
  readonly facts: readonly Named<FactFile>[];
  readonly rules: readonly Named<RuleFile>[];
}

const mappingsDirectory = new URL('../../mappings/', import.meta.url);

/** Reads the YAML files of `mappings/`, sorted by name. Throws MAPPING_FILE_INVALID naming file and place. */
export function readMappingSource(directory: URL = mappingsDirectory): MappingSource {
  return {
    standard: readYaml(directory, 'catalog/standard.yaml', standardFileSchema),
    clauses: readAll(directory, 'catalog', /^clause-.*\.yaml$/, clauseFileSchema),
    annex: readAll(directory, 'catalog', /^annex-.*\.yaml$/, annexFileSchema),
    seedRows: readYaml(directory, 'seed/rows.yaml', seedRowsFileSchema),
    seedServices: readYaml(directory, 'seed/services.yaml', seedServicesFileSchema),
    facts: readAll(directory, 'facts', /\.yaml$/, factFileSchema),
    rules: readAll(directory, 'rules', /\.yaml$/, ruleFileSchema),
  };
}

function readAll<Content>(directory: URL, folder: string, wanted: RegExp, schema: z.ZodType<Content>): readonly Named<Content>[] {
  const names = readdirSync(new URL(`${folder}/`, directory)).filter((name) => wanted.test(name));
  return names.sort().map((name) => {
    const file = `${folder}/${name}`;
    return { file, content: readYaml(directory, file, schema) };
  });
}

/** One YAML file in its form. */
export function readYaml<Content>(directory: URL, file: string, schema: z.ZodType<Content>): Content {
  let value: unknown;
  try {
    value = parse(readFileSync(new URL(file, directory), 'utf8'));
  } catch (cause) {
    throw new CatalogError('MAPPING_FILE_INVALID', `mappings/${file} is not readable as YAML: ${String(cause)}`, { cause });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new CatalogError('MAPPING_FILE_INVALID', `mappings/${file}:\n${z.prettifyError(parsed.error)}`);
}
