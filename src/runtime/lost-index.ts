// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { type EvidenceIndex, IndexError } from '../evidence-index/evidence-index.ts';
import { SqliteIndex } from '../evidence-index/sqlite-index.ts';
import { isAiResourceType } from '../mapping/ai-resource-type.ts';
import { isSegmentKey } from '../vault/segment-key.ts';
import type { Vault } from '../vault/vault.ts';

/**
 * Whether an index knows no segment though the vault holds some: every answer of it would read as "nothing is there, nothing is missing".
 * Costs one question to the index; the vault is asked only where that finds nothing.
 */
export async function isIndexLost({ index, vault }: { readonly index: EvidenceIndex; readonly vault: Vault }): Promise<boolean> {
  return !(await holdsAny(index)) && (await holdsSegments(vault));
}

/**
 * Opens a directory's index without making one. A home that nothing was collected into has an empty one. Throws INDEX_LOST where the vault holds
 * segments and the index is not there or knows none of them, and what opening it throws.
 */
export async function openIndexForReading(path: string, vault: Vault): Promise<EvidenceIndex> {
  // The vault before the file: a first collection may begin meanwhile, and it makes the file first.
  const isNew = !(await holdsSegments(vault));
  if (!existsSync(path)) {
    if (isNew) return SqliteIndex.open({ path: ':memory:', isAiResource: isAiResourceType });
    throw lost(path, 'is not there');
  }
  const index = SqliteIndex.open({ path, isAiResource: isAiResourceType });
  if (isNew || (await holdsAny(index))) return index;
  await index.close();
  throw lost(path, 'holds nothing');
}

/** What a person should know of a deployed home whose index holds nothing: right after the first run it may only be about to. */
export function lostIndexWords(home: string): string {
  return `the index holds nothing, while the vault holds evidence that is not shown here: \`project\` takes it in within minutes; where it does not, run \`aims index rebuild --home ${home}\``;
}

async function holdsAny(index: EvidenceIndex): Promise<boolean> {
  for await (const _ of index.segments()) return true;
  return false;
}

async function holdsSegments(vault: Vault): Promise<boolean> {
  for await (const { key } of vault.list('')) if (isSegmentKey(key)) return true;
  return false;
}

function lost(path: string, how: string): IndexError {
  return new IndexError(
    'INDEX_LOST',
    `the index ${path} ${how}, while the vault holds evidence: make it again with \`aims index rebuild\`, which also names what it cannot read (unless the first collection is under way just now)`,
  );
}
