// SPDX-License-Identifier: Apache-2.0
import { countLines, openSegmentBytes } from '../vault/open-segment.ts';
import type { Vault } from '../vault/vault.ts';
import { parseCheckpoint } from './checkpoint.ts';
import { decodeLeaf, keyOfLeaf } from './ledger-leaf.ts';
import { LedgerError, type LedgerStore } from './ledger-store.ts';
import { hashBytes, sameHash } from './merkle.ts';
import { inclusionProof } from './merkle-proof.ts';
import { parseNote } from './note.ts';
import { leavesOfSegment } from './summarise-segment.ts';
import { TileReader } from './tile-reader.ts';
import { tileWidth } from './tiles.ts';
import { type RecordProof, recordProofSchemaId } from './verify-proof.ts';

/** Where proofs are read from. */
export interface ProofParts {
  readonly vault: Pick<Vault, 'get'>;
  readonly store: Pick<LedgerStore, 'getTile' | 'newestCheckpoint'>;
}

/** What a caller may know already. */
export interface ProofOptions {
  /** Signed note to prove against; the newest kept one by default. */
  readonly checkpoint?: string;
  /** Index of a segment's leaf where the caller keeps one; the entry bundles are searched where it answers null or wrongly. */
  readonly leafIndexOf?: (key: string) => Promise<number | null>;
}

/**
 * Proves that the record at `index` (from 0) of a segment is covered by a checkpoint: record → segment → ledger.
 * Throws LEDGER_LEAF_ABSENT where the segment is in no signed tree yet, SEGMENT_DAMAGED and VAULT_KEY_ABSENT where it cannot be read.
 */
export async function proveRecord(
  parts: ProofParts,
  record: { readonly key: string; readonly index: number },
  options: ProofOptions = {},
): Promise<RecordProof> {
  const { key, index } = record;
  const note = options.checkpoint ?? (await parts.store.newestCheckpoint())?.note;
  if (note === undefined) throw new LedgerError('LEDGER_LEAF_ABSENT', `no checkpoint was signed yet that could cover ${key}: seal first`);
  const { size, root } = parseCheckpoint(parseNote(note).text);
  const reader = new TileReader(parts.store, size);
  if (!sameHash(await reader.root({ start: 0, end: size }), root)) {
    throw new LedgerError('LEDGER_DAMAGED', `the tiles do not give the root of the checkpoint of ${size} leaves`);
  }
  const leafIndex = await findLeaf(reader, key, options);
  const data = (await reader.entries(Math.floor(leafIndex / tileWidth)))[leafIndex % tileWidth];
  const leaf = data === undefined ? null : decodeLeaf(data);
  if (leaf === null) throw new LedgerError('LEDGER_DAMAGED', `leaf ${leafIndex} is none that we write`);
  const leaves = await leavesOf(parts.vault, key);
  if (!Number.isInteger(index) || index < 0 || index >= leaves.length) throw new RangeError(`${key} has no record ${index}`);
  const ledgerPath = await reader.proof({ start: leafIndex, end: leafIndex + 1 });
  return {
    schema: recordProofSchemaId,
    record: { index, path: inclusionProof(leaves, index).map(toHex) },
    leaf,
    ledger: { index: leafIndex, path: ledgerPath.map(toHex) },
    checkpoint: note,
  };
}

async function leavesOf(vault: Pick<Vault, 'get'>, key: string): Promise<Uint8Array[]> {
  const ndjson = await openSegmentBytes(key, await vault.get(key));
  const lines = countLines(key, ndjson);
  const joined = leavesOfSegment(key, ndjson, lines);
  return Array.from({ length: lines }, (_, i) => joined.subarray(i * hashBytes, (i + 1) * hashBytes));
}

/** Index of a segment's leaf. Throws LEDGER_LEAF_ABSENT. */
async function findLeaf(reader: TileReader, key: string, { leafIndexOf }: ProofOptions): Promise<number> {
  const hint = (await leafIndexOf?.(key)) ?? null;
  if (hint !== null && hint >= 0 && hint < reader.size) {
    const leaf = (await reader.entries(Math.floor(hint / tileWidth)))[hint % tileWidth];
    if (leaf !== undefined && keyOfLeaf(leaf) === key) return hint;
  }
  for (let bundle = 0; bundle * tileWidth < reader.size; bundle++) {
    const at = (await reader.entries(bundle)).findIndex((leaf) => keyOfLeaf(leaf) === key);
    if (at >= 0) return bundle * tileWidth + at;
  }
  throw new LedgerError(
    'LEDGER_LEAF_ABSENT',
    `no leaf among the first ${reader.size} is for ${key}: seal first, or take a newer checkpoint`,
  );
}

/** The proof that the tree of `newer` leaves begins with that of `older`. Empty for an `older` of 0 or of the same size. */
export async function proveConsistency(store: Pick<LedgerStore, 'getTile'>, older: number, newer: number): Promise<string[]> {
  if (older === 0 || older === newer) return [];
  const proof = await new TileReader(store, newer).proof({ start: 0, end: older });
  return proof.map(toHex);
}

function toHex(hash: Uint8Array): string {
  return Buffer.from(hash).toString('hex');
}
