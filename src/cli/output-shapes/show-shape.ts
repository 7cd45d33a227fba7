// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod';
import { recordSchema } from '../../evidence/record-schema.ts';
import { recordProofSchemaId } from '../../ledger/verify-proof.ts';
import { claim, count, hex64, words } from './member-shapes.ts';

const auditPath = (what: string) =>
  z
    .looseObject({ index: count.describe('Place in the tree, from 0'), path: z.array(hex64).describe('RFC 6962 audit path') })
    .describe(what);

const proof = z.looseObject({
  schema: z.literal(recordProofSchemaId),
  record: auditPath('From the record’s leaf hash to the root of its segment'),
  leaf: z
    .looseObject({
      key: words.describe('Key of the segment'),
      sha256: hex64.describe('Of its bytes as stored'),
      recordRoot: hex64.describe('RFC 6962 root over its records'),
      records: count.describe('How many records it has'),
    })
    .describe('What the ledger says of the segment'),
  ledger: auditPath('From the segment’s leaf to the root that the checkpoint signs'),
  checkpoint: words.describe('The signed note'),
});

/** `aims show ID --json` */
export const showShape = z.looseObject({
  record: recordSchema.describe('The record as it was sealed: [its format](evidence-format.md#a-record)'),
  mapping: z.array(claim.extend({ why: words.describe('The rule’s reason') })).describe('What the record claims, as its `core.controls`'),
  segment: words.describe('Key of the segment that holds it'),
  line: count.describe('Line in the segment, from 0'),
  proof: proof.nullable().describe('That the record is sealed; null as long as no checkpoint covers it'),
  proofHolds: z
    .boolean()
    .nullable()
    .describe('Whether record, segment, ledger and signature fit; false without a proof, null where the home is a copy without its key'),
  verifierKey: words.nullable().describe('Key that the proof was checked with, taken from the home itself; null in a copy without it'),
});
