// SPDX-License-Identifier: Apache-2.0
import { canonicalJson } from '../../src/evidence/canonical-json.ts';
import type { Json } from '../../src/evidence/json.ts';
import { recordLeafHash } from '../../src/evidence/leaf.ts';
import { recordSchemaId } from '../../src/evidence/record.ts';
import { type Segment, type SegmentPlace, sealBatch } from '../../src/vault/segment.ts';

/** A sealed record line and the leaf hash that commits to it. */
export interface SealedLine {
  /** Canonical JSON without a line end. */
  readonly line: string;
  /** RFC 6962 leaf hash, 64 hex digits. */
  readonly leafHash: string;
}

/** Makes a segment of lines that fit its limits. */
export async function buildSegment(lines: readonly SealedLine[], place: SegmentPlace): Promise<Segment> {
  const raw = Buffer.from(lines.map(({ line }) => `${line}\n`).join(''), 'utf8');
  return await sealBatch({ raw, leafHashes: lines.map(({ leafHash }) => leafHash) }, place);
}

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
