// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import { AimsError } from './errors.ts';
import { sliceMembers } from './json-slices.ts';
import { recordSchemaId } from './record.ts';

/** A line that is no record. */
export class RecordLineError extends AimsError<'RECORD_LINE_MALFORMED'> {}

/** Commitment to one compartment: SHA-256 over its canonical text, which holds its salt; 64 hex digits. */
export function commitment(canonicalText: string | Uint8Array): string {
  return hash('sha256', canonicalText);
}

/** RFC 6962 leaf hash over the three commitments (192 hex digits): core, subjects, raw. 64 hex digits. */
export function leafHash(core: string, subjects: string, raw: string): string {
  return hash('sha256', `\u0000${core}${subjects}${raw}`);
}

/**
 * Leaf hash of a stored record line, 32 bytes, computed from the line's own bytes: nothing is parsed and written again.
 * Throws RECORD_LINE_MALFORMED when the line does not have exactly the record's members in canonical order.
 */
export function recordLeafHash(line: string): Uint8Array {
  const members = sliceMembers(line);
  const [core, raw, schema, subjects] = members;
  const names = members.map((m) => m.name).join();
  if (names !== 'core,raw,schema,subjects' || !core || !raw || !schema || !subjects) throw malformed(`members ${names}`);
  if (schema.text !== `"${recordSchemaId}"`) throw malformed(`schema ${schema.text}`);
  const written = `{"core":${core.text},"raw":${raw.text},"schema":${schema.text},"subjects":${subjects.text}}`;
  if (written !== line) throw malformed('bytes outside the compartments');
  return Buffer.from(leafHash(commitment(core.text), commitment(subjects.text), commitment(raw.text)), 'hex');
}

function malformed(why: string): RecordLineError {
  return new RecordLineError('RECORD_LINE_MALFORMED', `not a line of ${recordSchemaId}: ${why}`);
}
