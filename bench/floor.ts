// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import { constants, zstdCompressSync } from 'node:zlib';
import type { RecordBytes } from './record-bytes.ts';

const segmentBytes = 8 * 1024 * 1024;
const options = { params: { [constants.ZSTD_c_compressionLevel]: 2 } };

/**
 * The least that any program would do with these records, on one thread: JSON.parse, SHA-256, JSON text, zstd at the level we use.
 * Returns milliseconds.
 */
export function floorMilliseconds(records: RecordBytes): number {
  const started = performance.now();
  let batch: string[] = [];
  let bytes = 0;
  let sink = 0;
  const compress = () => {
    sink += zstdCompressSync(Buffer.from(batch.join('\n')), options).length;
    batch = [];
    bytes = 0;
  };
  for (let i = 0; i < records.length; i++) {
    const text = records.text(i);
    const value: unknown = JSON.parse(text);
    sink += hash('sha256', text).length;
    const written = JSON.stringify(value);
    batch.push(written);
    bytes += written.length;
    if (bytes >= segmentBytes) compress();
  }
  if (batch.length > 0) compress();
  if (sink === 0) throw new Error('the floor did nothing');
  return performance.now() - started;
}
