// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod';
import { polarities, strengths } from './claim.ts';
import { observationKinds, recordSourceIds } from './observation.ts';
import { type EvidenceRecord, recordSchemaId } from './record.ts';

const hex = (digits: number) => z.string().regex(new RegExp(`^[0-9a-f]{${digits}}$`));
const salt = hex(32).describe('Makes the hash of this compartment tell nothing of it while it is withheld');
const instant = z.iso.datetime({ offset: false }).describe('ISO 8601, UTC');
const json: z.ZodType = z.json();

const channel = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('api'), requestId: z.string() }),
    z.strictObject({ kind: z.literal('event'), eventId: z.string() }),
    z.strictObject({ kind: z.literal('file'), sha256: hex(64), path: z.string() }),
    z.strictObject({ kind: z.literal('sample'), requestId: z.string() }),
  ])
  .nullable()
  .describe('How the answer reached us; null for plans, receipts and gaps');

const core = z.strictObject({
  account: z.string(),
  channel,
  collectedAt: instant,
  collector: z.string().describe('Name and version of the collector'),
  controls: z
    .array(
      z.strictObject({
        control: z.string().describe('Clause or Annex A control of ISO/IEC 42001:2023'),
        polarity: z.enum(polarities),
        rule: z.string(),
        strength: z.enum(strengths),
      }),
    )
    .describe('What the record claims, by which rule, how strongly and which way'),
  id: hex(64),
  kind: z.enum([...observationKinds, 'gap', 'plan', 'receipt']),
  observedAt: z.string().nullable(),
  occurredAt: z.string().nullable(),
  pack: z.strictObject({ digest: hex(64), id: z.string() }),
  partition: z.string(),
  readAs: z.string().nullable().describe('ARN of the identity that read; null for files'),
  region: z.string(),
  run: z.string(),
  salt,
  severity: z.string().nullable(),
  source: z.enum(recordSourceIds),
  sourceIdentity: z.string(),
  versionKey: z.union([
    z.array(z.string()),
    z.literal('content'),
    z.strictObject({ contentAnd: z.array(z.string()), facts: z.array(z.string()).optional() }),
  ]),
});

const subjects = z.strictObject({
  aiSystems: z.array(z.string()),
  findingKey: z.string().nullable(),
  resources: z.array(z.strictObject({ arn: z.string(), type: z.string() })),
  salt,
  title: z.string(),
});

const raw = z.strictObject({
  detail: json.describe('The answer as read; a string with its text where `form` is `text`'),
  facts: z.record(z.string(), json),
  form: z.enum(['json', 'text', 'encrypted']),
  redactions: z.array(z.strictObject({ path: z.string().describe('JSON Pointer, RFC 6901'), rule: z.string() })),
  salt,
});

/** The record format `aims-evidence/record/1`; its JSON Schema is generated from here. */
export const recordSchema = z.strictObject({
  core,
  raw,
  schema: z.literal(recordSchemaId),
  subjects,
});

/** Reads a record line; throws a ZodError that names the member. */
export function parseRecord(line: string): EvidenceRecord {
  return recordSchema.parse(JSON.parse(line)) as EvidenceRecord;
}
