// SPDX-License-Identifier: Apache-2.0
import { type Catalog, loadCatalog } from './catalog.ts';
import { CatalogError } from './catalog-error.ts';
import { type ControlId, parseControlId } from './control-id.ts';

/** What a row of the seed mapping stands for in the standard. */
export interface SeedAlias {
  readonly alias: string;
  readonly title: string;
  /** How the row relates to the standard, such as `renumbered` or `not-in-standard`. */
  readonly fit: string;
  /** Where the row's topic lives; empty where the standard has no such control. */
  readonly primary: readonly ControlId[];
  readonly supporting: readonly ControlId[];
  readonly reason: string;
}

/** Resolves `seed:A.12` to ids of the standard. Throws MAPPING_UNKNOWN_SEED_ALIAS, naming the aliases there are. */
export function resolveSeedAlias(alias: string, catalog: Catalog = loadCatalog()): SeedAlias {
  const row = catalog.seed.rows.find((candidate) => candidate.alias === alias);
  if (row === undefined) {
    const known = catalog.seed.rows.map((candidate) => candidate.alias).join(', ');
    throw new CatalogError('MAPPING_UNKNOWN_SEED_ALIAS', `${JSON.stringify(alias)} is no row of the seed mapping; known: ${known}`);
  }
  const { title, fit, reason } = row;
  return { alias, title, fit, reason, primary: row.primary.map(parseControlId), supporting: row.supporting.map(parseControlId) };
}
