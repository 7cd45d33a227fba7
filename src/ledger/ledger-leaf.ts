// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod';
import { canonicalJson } from '../evidence/canonical-json.ts';
import { isSegmentKey, parseSegmentKey } from '../vault/segment-key.ts';

const sha256Form = /^[0-9a-f]{64}$/;

/** Schema of a leaf, for everything that comes from outside. */
export const ledgerLeafSchema = z.strictObject({
  key: z.string().refine(isSegmentKey),
  sha256: z.string().regex(sha256Form),
  recordRoot: z.string().regex(sha256Form),
  records: z.int().min(1),
});

/** What the ledger says of one segment: its place, its bytes' hash, and the root and count of its records. */
export interface LedgerLeaf {
  readonly key: string;
  /** Of the segment's bytes as stored, 64 hex digits. */
  readonly sha256: string;
  /** RFC 6962 root over the records' leaf hashes, 64 hex digits. */
  readonly recordRoot: string;
  readonly records: number;
}

/** Leaf data: canonical JSON (RFC 8785), so that one leaf has one spelling. */
export function encodeLeaf({ key, sha256, recordRoot, records }: LedgerLeaf): Buffer {
  return Buffer.from(canonicalJson({ key, recordRoot, records, sha256 }), 'utf8');
}

/** The leaf in leaf data, or null where it is none: another spelling, another member, a hash that is not the one in the key. */
export function decodeLeaf(data: Uint8Array): LedgerLeaf | null {
  const text = Buffer.from(data).toString('utf8');
  const parsed = ledgerLeafSchema.safeParse(parseJson(text));
  if (!parsed.success || !encodeLeaf(parsed.data).equals(data)) return null;
  return parseSegmentKey(parsed.data.key).sha256 === parsed.data.sha256 ? parsed.data : null;
}

const keyStart = '{"key":"';

/** The key in leaf data without reading the rest: canonical order puts it first. Null where it does not stand there. */
export function keyOfLeaf(data: Uint8Array): string | null {
  const text = Buffer.from(data.buffer, data.byteOffset, data.length).toString('latin1');
  const end = text.indexOf('"', keyStart.length);
  return text.startsWith(keyStart) && end > 0 ? text.slice(keyStart.length, end) : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON is not a leaf; the caller names the place.
    return null;
  }
}
