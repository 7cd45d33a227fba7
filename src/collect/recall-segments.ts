// SPDX-License-Identifier: Apache-2.0
import type { SourceId } from '../evidence/observation.ts';
import type { EvidenceRecord } from '../evidence/record.ts';
import { isAiResourceType } from '../mapping/ai-resource-type.ts';
import type { Collection } from './collection.ts';
import { readSegment } from './reconcile.ts';

/**
 * Takes as known what lies in these segments and is not in the index yet, so that a continuation sees what its earlier parts saw however far
 * behind the projection is. Throws what the vault and the index throw.
 */
export async function recallSegments(collection: Collection, source: SourceId, keys: readonly string[]): Promise<void> {
  const { stores, accountsWithAi } = collection.setting;
  for (const key of keys) {
    if (await stores.index.hasSegment(key)) continue;
    const records = await readSegment(key, await stores.vault.get(key));
    collection.writer(source).recall(source, records);
    for (const record of records) if (touchesAi(record)) accountsWithAi.add(record.core.account);
  }
}

function touchesAi({ subjects }: EvidenceRecord): boolean {
  return subjects.aiSystems.length > 0 || subjects.resources.some(isAiResourceType);
}
