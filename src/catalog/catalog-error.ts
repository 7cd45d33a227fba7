// SPDX-License-Identifier: Apache-2.0
import { AimsError } from '../evidence/errors.ts';

/** What can be wrong with the mapping data, or with an id that ought to stand in it. */
type CatalogErrorCode =
  | 'MAPPING_UNKNOWN_CONTROL'
  | 'MAPPING_UNKNOWN_SEED_ALIAS'
  | 'MAPPING_PACK_ABSENT'
  | 'MAPPING_PACK_DAMAGED'
  | 'MAPPING_CATALOG_DAMAGED'
  | 'MAPPING_FILE_INVALID'
  | 'MAPPING_DATA_UNSOUND';

/** An error of the catalogue, the rules or their compiled forms. */
export class CatalogError extends AimsError<CatalogErrorCode> {}
