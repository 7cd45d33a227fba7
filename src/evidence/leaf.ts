// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import { AimsError } from './errors.ts';
import { sliceMembers } from './json-slices.ts';
import { recordSchemaId } from './record.ts';

/** A line that is no record. */
export class RecordLineError extends AimsError<'RECORD_LINE_MALFORMED'> {}

/** Commitment to one compartment: SHA-256 over its salt's 32 hex digits and its canonical text; 64 hex digits. */
export function commitment(salt: string, canonicalText: string): string {
  return hash('sha256', salt + canonicalText);
}

/** RFC 6962 leaf hash over the three commitments (192 hex digits): core, subjects, raw. 64 hex digits. */
export function leafHash(core: string, subjects: string, raw: string): string {
  return hash('sha256', `\u0000${core}${subjects}${raw}`);
}

const saltsForm = /^\{"core":"([0-9a-f]{32})","raw":"([0-9a-f]{32})","subjects":"([0-9a-f]{32})"\}$/;

/**
 * Leaf hash of a stored record line, 32 bytes, computed from the line's own bytes: nothing is parsed and written again.
 * Throws RECORD_LINE_MALFORMED when the line does not have exactly the record's members in canonical order.
 */
export function recordLeafHash(line: string): Uint8Array {
  const members = sliceMembers(line);
  const [core, raw, saltsText, schema, subjects] = members;
  const names = members.map((m) => m.name).join();
  if (names !== 'core,raw,salts,schema,subjects' || !core || !raw || !saltsText || !schema || !subjects)
    throw malformed(`members ${names}`);
  const found = saltsForm.exec(saltsText.text);
  if (found === null || schema.text !== `"${recordSchemaId}"`) throw malformed('salts or schema');
  const [, coreSalt = '', rawSalt = '', subjectsSalt = ''] = found;
  const written = `{"core":${core.text},"raw":${raw.text},"salts":${saltsText.text},"schema":${schema.text},"subjects":${subjects.text}}`;
  if (written !== line) throw malformed('bytes outside the compartments');
  return Buffer.from(
    leafHash(commitment(coreSalt, core.text), commitment(subjectsSalt, subjects.text), commitment(rawSalt, raw.text)),
    'hex',
  );
}

function malformed(why: string): RecordLineError {
  return new RecordLineError('RECORD_LINE_MALFORMED', `not a line of ${recordSchemaId}: ${why}`);
}
