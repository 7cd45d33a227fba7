// SPDX-License-Identifier: Apache-2.0
import { type Catalog, loadCatalog } from './catalog.ts';
import { CatalogError } from './catalog-error.ts';
import { type ControlId, parseControlId } from './control-id.ts';
import type { SeedRowsFile, SeedServicesFile } from './seed-schema.ts';

type SeedRow = SeedRowsFile['rows'][number];

/** A service that a row of the seed names: what it is evidence for in the standard, and its state on the day `servicesAsOf`. */
export type SeedAliasService = Omit<SeedRow['services'][number], 'standard'> & { readonly standard: readonly ControlId[] } & Omit<
    SeedServicesFile['services'][number],
    'service'
  >;

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
  /** Day on which the states of the services were looked up, YYYY-MM-DD. */
  readonly servicesAsOf: string;
  readonly services: readonly SeedAliasService[];
}

/** Resolves `seed:A.12` to ids of the standard. Throws MAPPING_UNKNOWN_SEED_ALIAS, naming the aliases there are. */
export function resolveSeedAlias(alias: string, catalog: Catalog = loadCatalog()): SeedAlias {
  const row = catalog.seed.rows.find((candidate) => candidate.alias === alias);
  if (row === undefined) {
    const known = catalog.seed.rows.map((candidate) => candidate.alias).join(', ');
    throw new CatalogError('MAPPING_UNKNOWN_SEED_ALIAS', `${JSON.stringify(alias)} is no row of the seed mapping; known: ${known}`);
  }
  const { title, fit, reason } = row;
  return {
    alias,
    title,
    fit,
    reason,
    primary: row.primary.map(parseControlId),
    supporting: row.supporting.map(parseControlId),
    servicesAsOf: catalog.seed.as_of,
    services: row.services.map((named) => seedService(named, catalog)),
  };
}

function seedService(named: SeedRow['services'][number], catalog: Catalog): SeedAliasService {
  const described = catalog.seed.services.find((one) => one.service === named.service);
  if (described === undefined) {
    const message = `catalog.json lacks the state of ${named.service}; run npm run gen, or install again`;
    throw new CatalogError('MAPPING_CATALOG_DAMAGED', message);
  }
  return { ...described, ...named, standard: named.standard.map(parseControlId) };
}
