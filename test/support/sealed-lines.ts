// SPDX-License-Identifier: Apache-2.0
import { canonicalJson } from '../../src/evidence/canonical-json.ts';
import type { Json } from '../../src/evidence/json.ts';
import { recordLeafHash } from '../../src/evidence/leaf.ts';
import { recordSchemaId } from '../../src/evidence/record.ts';
import { buildSegment, type SealedLine, type Segment } from '../../src/vault/segment.ts';

/** A line with the outer form of a record, around any raw answer. */
export function sealedLine(name: string, detail: Json = { name }): SealedLine {
  const salt = (compartment: string): string => Buffer.from(`${compartment}${name}`.padEnd(16, '.')).toString('hex').slice(0, 32);
  const line = canonicalJson({
    core: { id: name, pack: { id: 'p', digest: 'd' }, salt: salt('c') },
    raw: { detail, facts: {}, form: 'json', redactions: [], salt: salt('r') },
    schema: recordSchemaId,
    subjects: { salt: salt('s'), title: `about ${name}` },
  });
  return { line, leafHash: Buffer.from(recordLeafHash(line)).toString('hex') };
}

/** A segment of `records` records; its name makes it another one than any other. */
export async function segmentOf(name: string, records = 2, writtenOn = '2026-11-21'): Promise<Segment> {
  const lines = Array.from({ length: records }, (_, i) => sealedLine(`${name}-${i}`));
  return await buildSegment(lines, { writtenOn, source: 'cloudtrail' });
}
