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
