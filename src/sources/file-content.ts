// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { StoredFile } from './file-bytes.ts';
import { sniffBytes } from './intake/sniff-bytes.ts';

/** Small files that are read whole: reports, digests. AWS writes none of them larger. */
export const wholeFileBytes = 8 * 1024 * 1024;

/** A small file's content, decompressed, and the hashes of both forms (64 hex digits). */
export interface WholeFile {
  readonly content: Buffer;
  readonly contentSha256: string;
  readonly storedSha256: string;
}

/** Reads a file whole; null when its content is larger than `wholeFileBytes` or is no JSON. Rejects when it cannot be read. */
export async function readWholeFile(absolute: string): Promise<WholeFile | null> {
  const file = await StoredFile.open(absolute);
  try {
    const sniffed = sniffBytes(file.head);
    if (!('kind' in sniffed)) return null;
    const parts: Uint8Array[] = [];
    let size = 0;
    for await (const part of file.chunks(sniffed.kind)) {
      size += part.length;
      if (size > wholeFileBytes) return null;
      parts.push(part);
    }
    const content = Buffer.concat(parts);
    const contentSha256 = createHash('sha256').update(content).digest('hex');
    return { content, contentSha256, storedSha256: file.sha256 };
  } finally {
    await file.close();
  }
}

/** SHA-256 of a file's content, decompressed, of any size, in flat memory. Rejects when it cannot be read. */
export async function hashContent(absolute: string): Promise<string> {
  const file = await StoredFile.open(absolute);
  try {
    const sniffed = sniffBytes(file.head);
    const hash = createHash('sha256');
    for await (const part of file.chunks('kind' in sniffed ? sniffed.kind : 'json')) hash.update(part);
    return hash.digest('hex');
  } finally {
    await file.close();
  }
}
