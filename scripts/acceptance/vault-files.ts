// SPDX-License-Identifier: Apache-2.0
import { chmodSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import * as z from 'zod';

// Reads and damages a home with no code of ours, as an auditor or an intruder would: segments are NDJSON in zstd.
const lineSchema = z.object({
  core: z.object({ kind: z.string(), channel: z.object({ path: z.string().optional() }).nullable() }),
  raw: z.object({ detail: z.unknown() }),
});
const gapSchema = z.object({ what: z.string() });

/** Keys of all segments, the newest last. */
export function segmentKeys(home: string): readonly string[] {
  const vault = join(home, 'vault');
  const keys = readdirSync(vault, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ndjson.zst'));
  return keys.sort((one, other) => statSync(join(vault, one)).mtimeMs - statSync(join(vault, other)).mtimeMs);
}

/** The key of the segment with the most bytes. */
export function largestSegment(home: string): string {
  const size = (key: string) => statSync(join(home, 'vault', key)).size;
  return segmentKeys(home).reduce((largest, key) => (size(key) > size(largest) ? key : largest));
}

/** Paths of the files that records or gaps of a home name. */
export function filesNamed(home: string): ReadonlySet<string> {
  const lines = segmentKeys(home).flatMap((key) => {
    const text = zstdDecompressSync(readFileSync(join(home, 'vault', key))).toString('utf8');
    return text.split('\n').filter((line) => line !== '');
  });
  return new Set(
    lines.flatMap((line) => {
      const { core, raw } = lineSchema.parse(JSON.parse(line));
      if (core.kind === 'gap') return [gapSchema.parse(raw.detail).what];
      return core.channel?.path === undefined ? [] : [core.channel.path];
    }),
  );
}

/** Changes one bit in the middle of a segment. */
export function flipBit(home: string, key: string): void {
  const path = join(home, 'vault', key);
  const bytes = readFileSync(path);
  const middle = Math.floor(bytes.length / 2);
  bytes.writeUInt8(bytes.readUInt8(middle) ^ 1, middle);
  overwrite(path, bytes);
}

/** Takes the last bytes of a segment away. */
export function truncate(home: string, key: string): void {
  const path = join(home, 'vault', key);
  const bytes = readFileSync(path);
  overwrite(path, bytes.subarray(0, bytes.length - 8));
}

export function removeSegment(home: string, key: string): void {
  rmSync(join(home, 'vault', key));
}

function overwrite(path: string, bytes: Uint8Array): void {
  chmodSync(path, 0o644);
  writeFileSync(path, bytes);
}
