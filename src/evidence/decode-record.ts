// SPDX-License-Identifier: Apache-2.0
import { isJsonObject, type Json, member } from './json.ts';
import { RecordLineError } from './leaf.ts';
import { type EvidenceRecord, recordSchemaId } from './record.ts';

/**
 * Reads a line that this program sealed. The leaf hash is what vouches for its members, so only the schema is looked at here;
 * throws RECORD_LINE_MALFORMED for anything else.
 */
export function decodeRecord(line: string): EvidenceRecord {
  let value: Json;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw new RecordLineError('RECORD_LINE_MALFORMED', 'a record line is not JSON', { cause });
  }
  const named = member(value, 'schema');
  if (!isJsonObject(value) || named !== recordSchemaId || !isJsonObject(member(value, 'core'))) {
    throw new RecordLineError('RECORD_LINE_MALFORMED', `a record line names schema ${String(named)}, known is ${recordSchemaId}`);
  }
  return value as unknown as EvidenceRecord;
}

const rawAt = ',"raw":{"detail":';
const factsAt = ',"facts":';
const formAt = ',"form":"';
const subjectsAt = `,"schema":"${recordSchemaId}","subjects":`;

/**
 * As `decodeRecord`, without the answer itself where the record is an observation: the index needs none of it, and it is most of the line.
 * The member names searched for cannot stand inside a string, whose quotes are escaped; where the parts found are not JSON, the whole line is read.
 */
export function decodeForIndex(line: string): EvidenceRecord {
  const raw = line.indexOf(rawAt);
  const subjects = line.lastIndexOf(subjectsAt);
  const form = line.lastIndexOf(formAt, subjects);
  const facts = line.lastIndexOf(factsAt, form);
  if (raw < 0 || facts < raw || subjects < 0) return decodeRecord(line);
  try {
    const core = JSON.parse(line.slice('{"core":'.length, raw));
    if (core.kind === 'gap' || core.kind === 'plan' || core.kind === 'receipt') return decodeRecord(line);
    return {
      schema: recordSchemaId,
      core,
      raw: { detail: null, facts: JSON.parse(line.slice(facts + factsAt.length, form)), form: 'json', redactions: [], salt: '' },
      subjects: JSON.parse(line.slice(subjects + subjectsAt.length, -1)),
    };
  } catch (error) {
    if (error instanceof SyntaxError || Error.isError(error)) return decodeRecord(line);
    throw error;
  }
}
