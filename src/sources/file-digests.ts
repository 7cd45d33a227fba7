// SPDX-License-Identifier: Apache-2.0
import { type JsonObject, stringAt } from '../evidence/json.ts';
import { type DigestInput, verifyDigest } from './cloudtrail/verify-digest.ts';
import { StoredFile } from './file-bytes.ts';
import { hashContent } from './file-content.ts';
import { FileReadError } from './file-decompress.ts';
import { DigestLogs } from './file-digest-logs.ts';
import { type DigestFile, type DigestItem, digestsIn, type MetDigest, type MetDigests } from './file-met-digests.ts';
import { gapOfBrokenFile } from './file-read-gap.ts';
import type { FileBatch, FileReading } from './intake/file-batch.ts';
import { sniffBytes } from './intake/sniff-bytes.ts';

/**
 * Second step over a folder: each digest, cut out of its file again, with the result of its check in the context (`check`), file by file.
 * Chain and hashes only: the signature is S3 metadata and the key comes from ListPublicKeys, so no chain is called valid from files.
 */
export async function* digestReadings(root: string, met: MetDigests): AsyncGenerator<FileReading> {
  const before = digestsBefore(met.all);
  const logs = new DigestLogs(root, met);
  for (const file of met.files) {
    try {
      for await (const { item, text } of itemsOf(file)) {
        const found = digestsIn(text);
        for (const [i, digest] of item.digests.entries()) {
          const one = found[i];
          if (one === undefined) continue;
          const earlier = before.get(digest) ?? [];
          const logFiles = await logs.states({ absolute: file.absolute, digest: one.value, isFirst: earlier.length === 0 });
          const previous = await previousOf(one.value, earlier);
          const input = { digest: one.value, sha256: digest.sha256, signature: null, publicKey: null, previous, logFiles };
          const check = { ...verifyDigest(input) } as unknown as JsonObject;
          yield { batch: batchOf(file, one.text, { ...one.context, check }) };
        }
      }
    } catch (error) {
      yield { problem: { path: file.path, gap: gapOfBrokenFile(file.path, error, 0) } };
    }
  }
}

function batchOf({ path, sha256 }: DigestFile, text: string, context: JsonObject): FileBatch {
  const bytes = new Uint8Array(Buffer.from(text));
  return { base: 0, bytes, starts: Uint32Array.of(0), ends: Uint32Array.of(bytes.length), path, sha256, context };
}

// For each digest those of the hour that its chain had last before it: more than one where a folder holds copies.
function digestsBefore(all: readonly MetDigest[]): ReadonlyMap<MetDigest, readonly MetDigest[]> {
  const before = new Map<MetDigest, readonly MetDigest[]>();
  let [earlier, same]: [MetDigest[], MetDigest[]] = [[], []];
  for (const digest of all.toSorted(
    (a, b) => compare(a.chain, b.chain) || compare(a.endTime, b.endTime) || compare(a.file.path, b.file.path),
  )) {
    const [one] = same;
    if (one?.chain !== digest.chain) [earlier, same] = [[], []];
    else if (one.endTime !== digest.endTime) [earlier, same] = [same, []];
    same.push(digest);
    before.set(digest, earlier);
  }
  return before;
}

async function previousOf(digest: JsonObject, earlier: readonly MetDigest[]): Promise<DigestInput['previous']> {
  const noted = stringAt(digest, 'previousDigestHashValue')?.toLowerCase() ?? '';
  const copies = earlier.filter(({ key }) => key === stringAt(digest, 'previousDigestS3Object'));
  // A copy that does not fit is told, whatever others are there.
  for (const copy of copies) if (!(await isOfHash(copy, noted))) return linkTo(copy, copy.sha256);
  const [one] = copies.length > 0 ? copies : earlier;
  return one === undefined ? null : linkTo(one, copies.length > 0 ? noted : one.sha256);
}

function linkTo({ key, endTime }: MetDigest, sha256: string): DigestInput['previous'] {
  return { digest: { digestS3Object: key, digestEndTime: endTime }, sha256, signature: null };
}

// CloudTrail hashes the whole file. Where a digest is all that a file holds, white space around it may have been hashed along.
async function isOfHash({ file, sha256 }: MetDigest, noted: string): Promise<boolean> {
  if (sha256 === noted) return true;
  if (file.items.length !== 1 || file.items[0]?.digests.length !== 1) return false;
  try {
    return (await hashContent(file.absolute)) === noted;
  } catch (error) {
    // It is told with its own name; what was read of it before does not fit.
    if (Error.isError(error)) return false;
    throw error;
  }
}

async function* itemsOf(file: DigestFile): AsyncGenerator<{ readonly item: DigestItem; readonly text: string }> {
  if (file.items.length === 0) return;
  const stored = await StoredFile.open(file.absolute);
  try {
    const sniffed = sniffBytes(stored.head);
    if (stored.sha256 !== file.sha256 || !('kind' in sniffed))
      throw new FileReadError(
        'FILE_CHANGED',
        'the file changed while the folder was read; run again when nothing writes to it',
        stored.bytes,
      );
    let [position, next]: [number, number] = [0, 0];
    let parts: Uint8Array[] = [];
    for await (const chunk of stored.chunks(sniffed.kind)) {
      const end = position + chunk.length;
      for (let item = file.items[next]; item !== undefined && item.start < end; item = file.items[next]) {
        parts.push(chunk.subarray(Math.max(0, item.start - position), item.end - position));
        if (item.end > end) break;
        yield { item, text: Buffer.concat(parts).toString('utf8') };
        [parts, next] = [[], next + 1];
      }
      position = end;
      if (next === file.items.length) return;
    }
  } finally {
    await stored.close();
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
