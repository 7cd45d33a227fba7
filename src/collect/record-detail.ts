// SPDX-License-Identifier: Apache-2.0
import { AimsError } from '../evidence/errors.ts';
import type { Json } from '../evidence/json.ts';
import type { IndexEntry } from '../evidence-index/evidence-index.ts';
import type { Collection } from './collection.ts';
import { readSegment } from './reconcile.ts';

/** The detail of a record as the vault has it. A segment that cannot be read says nothing: the audit names it in any case. */
export async function recordDetail(
  { setting }: Collection,
  { id, segment }: Pick<IndexEntry, 'id' | 'segment'>,
): Promise<Json | undefined> {
  try {
    const records = await readSegment(segment, await setting.stores.vault.get(segment));
    return records.find(({ core }) => core.id === id)?.raw.detail;
  } catch (error) {
    if (!(error instanceof AimsError) || error.code === 'VAULT_UNAVAILABLE') throw error;
    return undefined;
  }
}
