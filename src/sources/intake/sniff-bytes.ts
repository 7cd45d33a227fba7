// SPDX-License-Identifier: Apache-2.0

/** What the first bytes of a file say: how to read it, or why it holds no evidence of ours. */
export type Sniffed = { readonly kind: 'json' | 'gzip' | 'zstd' } | { readonly reason: string };

interface Magic {
  readonly at: number;
  readonly bytes: string;
  readonly reason: string;
}

/** Signatures of formats that people keep beside evidence, as latin-1 text. */
const magics: readonly Magic[] = [
  { at: 0, bytes: '%PDF-', reason: 'a PDF document: a rendering for people; the figures are read from the JSON beside it' },
  { at: 0, bytes: 'PK\x03\x04', reason: 'a zip archive: unpack it first' },
  { at: 257, bytes: 'ustar', reason: 'a tar archive: unpack it first' },
  { at: 0, bytes: 'PAR1', reason: 'a Parquet file: not read' },
  { at: 0, bytes: 'SQLite format 3\0', reason: 'a SQLite database' },
  { at: 0, bytes: '\x89PNG', reason: 'a picture' },
  { at: 0, bytes: '\xff\xd8\xff', reason: 'a picture' },
  { at: 0, bytes: 'BZh', reason: 'bzip2 data: unpack it first' },
  { at: 0, bytes: '\xfd7zXZ', reason: 'xz data: unpack it first' },
  { at: 0, bytes: '\xff\xfe', reason: 'UTF-16 text: save it as UTF-8 (Windows PowerShell writes UTF-16 by default)' },
  { at: 0, bytes: '\xfe\xff', reason: 'UTF-16 text: save it as UTF-8 (Windows PowerShell writes UTF-16 by default)' },
];

const byteOrderMark = [0xef, 0xbb, 0xbf];
/** Enough to tell what a file is. */
const sniffedBytes = 1024;

/** Index of the first byte that is neither white space nor a leading byte order mark; the length where there is none. */
export function contentStart(bytes: Uint8Array): number {
  let i = byteOrderMark.every((byte, k) => bytes[k] === byte) ? byteOrderMark.length : 0;
  // Record separators stand before each value in JSON text sequences (RFC 7464).
  for (let c = bytes[i]; c !== undefined && (c === 32 || (c >= 9 && c <= 13) || c === 0x1e); c = bytes[++i]);
  return i;
}

/** Judges a file by its first bytes, never by its name: a few hundred are enough, but for white space before the content. */
export function sniffBytes(head: Uint8Array): Sniffed {
  if (head[0] === 0x1f && head[1] === 0x8b) return { kind: 'gzip' };
  if (head[0] === 0x28 && head[1] === 0xb5 && head[2] === 0x2f && head[3] === 0xfd) return { kind: 'zstd' };
  const text = latin1(head, 0);
  const magic = magics.find((m) => text.startsWith(m.bytes, m.at));
  if (magic !== undefined) return { reason: magic.reason };
  const body = latin1(head, contentStart(head));
  if (body === '') return { reason: 'an empty file' };
  if (body.startsWith('{') || body.startsWith('[')) return { kind: 'json' };
  return { reason: reasonOfText(body) };
}

function latin1(bytes: Uint8Array, start: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, Math.min(bytes.byteLength - start, sniffedBytes)).toString('latin1');
}

function reasonOfText(body: string): string {
  if (/[\x00-\x08\x0e-\x1a]/.test(body)) return 'binary data of an unknown kind';
  const line = body.split('\n', 1)[0] ?? '';
  if (body.startsWith('<')) return 'HTML or XML text';
  if (/^[^{[]*([,;\t])[^{[]*\1/.test(line)) return 'comma-separated values: data rows are never collected';
  if (line.split(' ').length >= 10 && line.includes('[')) return 'a text log such as an S3 access log, not JSON';
  return 'not JSON text';
}
