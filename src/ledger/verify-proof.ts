// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod';
import { type Checkpoint, openCheckpoint } from './checkpoint.ts';
import { encodeLeaf, type LedgerLeaf, ledgerLeafSchema } from './ledger-leaf.ts';
import { type Problem, reasonOf } from './ledger-problem.ts';
import { leafHash } from './merkle.ts';
import { verifyInclusion } from './merkle-proof.ts';
import { parseVerifierKey } from './note.ts';

/** Schema id of a record proof. */
export const recordProofSchemaId = 'aims-evidence/proof/1';

/** Proof that a record is what a checkpoint commits to. All hashes are 64 hex digits. */
export interface RecordProof {
  readonly schema: typeof recordProofSchemaId;
  /** Place of the record in its segment, and its RFC 6962 audit path to the leaf's `recordRoot`. */
  readonly record: { readonly index: number; readonly path: readonly string[] };
  /** The segment's leaf in the ledger. */
  readonly leaf: LedgerLeaf;
  /** Place of the leaf in the ledger, and its audit path to the checkpoint's root. */
  readonly ledger: { readonly index: number; readonly path: readonly string[] };
  /** The checkpoint as a signed note. */
  readonly checkpoint: string;
}

const pathSchema = z.strictObject({ index: z.int().min(0), path: z.array(z.string().regex(/^[0-9a-f]{64}$/)).max(64) });

/** Schema of a record proof, for everything that comes from outside. */
export const recordProofSchema = z.strictObject({
  schema: z.literal(recordProofSchemaId),
  record: pathSchema,
  leaf: ledgerLeafSchema,
  ledger: pathSchema,
  checkpoint: z.string().max(1_000_000),
});

/** What came of a proof: the checkpoint that covers the record, or what is wrong. */
export interface ProofVerification {
  readonly checkpoint: Checkpoint | null;
  readonly problems: readonly Problem[];
}

/**
 * Checks a proof from the record's leaf hash (32 bytes, of the record itself or of its commitments) up to a checkpoint signed by one of
 * `verifierKeys`. Uses nothing of the home: the proof, the record and the key are all it takes. Throws for a key that is none.
 */
export function verifyRecordProof(recordLeaf: Uint8Array, proof: RecordProof, verifierKeys: readonly string[]): ProofVerification {
  const { record, leaf, ledger } = proof;
  const problems: Problem[] = [];
  const segmentTree = { size: leaf.records, root: Buffer.from(leaf.recordRoot, 'hex') };
  if (!verifyInclusion({ index: record.index, hash: recordLeaf }, segmentTree, record.path.map(fromHex))) {
    problems.push({
      kind: 'damaged',
      item: `record ${record.index} of ${leaf.key}`,
      reason: 'its audit path does not lead to the root of its segment',
    });
  }
  const keys = verifierKeys.map(parseVerifierKey);
  let checkpoint: Checkpoint | null = null;
  try {
    checkpoint = openCheckpoint(proof.checkpoint, keys);
  } catch (error) {
    problems.push({ kind: 'signature', item: 'checkpoint', reason: reasonOf(error) });
  }
  if (
    checkpoint !== null &&
    !verifyInclusion({ index: ledger.index, hash: leafHash(encodeLeaf(leaf)) }, checkpoint, ledger.path.map(fromHex))
  ) {
    problems.push({
      kind: 'damaged',
      item: `leaf ${ledger.index}, ${leaf.key}`,
      reason: 'its audit path does not lead to the root of the checkpoint',
    });
  }
  return { checkpoint, problems };
}

function fromHex(hash: string): Buffer {
  return Buffer.from(hash, 'hex');
}
