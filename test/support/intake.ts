// SPDX-License-Identifier: Apache-2.0
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Gap } from '../../src/evidence/gap.ts';
import type { RawItem } from '../../src/evidence/observation.ts';
import { type FileIntakeOptions, fileItems } from '../../src/sources/file-items.ts';
import type { FileBatch, Unrecognised } from '../../src/sources/intake/file-batch.ts';
import { readBatch } from '../../src/sources/intake/read-batch.ts';

/** Everything that reading a folder gave, batches read out. */
export interface ReadFolder {
  readonly items: RawItem[];
  readonly gaps: Gap[];
  readonly unrecognised: Unrecognised[];
  readonly batches: FileBatch[];
}

/** Writes files into a new folder and gives its path. */
export async function folderOf(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'aims-intake-'));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
  return root;
}

/** Reads a folder as a collection does. */
export async function readFolder(root: string, options: FileIntakeOptions = {}): Promise<ReadFolder> {
  const found: ReadFolder = { items: [], gaps: [], unrecognised: [], batches: [] };
  for await (const reading of fileItems(root, options)) {
    if ('unrecognised' in reading) found.unrecognised.push(reading.unrecognised);
    else if ('problem' in reading) found.gaps.push(reading.problem.gap);
    else {
      found.batches.push(reading.batch);
      readOut(reading.batch, found);
    }
  }
  return found;
}

/** One item of a file as a batch of its own. */
export function batchOf(text: string): FileBatch {
  const bytes = new Uint8Array(Buffer.from(text));
  const slices = { base: 0, bytes, starts: Uint32Array.of(0), ends: Uint32Array.of(bytes.length) };
  return { ...slices, path: 'a.json', sha256: '0'.repeat(64), context: {} };
}

function readOut(batch: FileBatch, found: ReadFolder): void {
  for (const read of readBatch(batch, '2026-11-20T12:00:00Z')) {
    if ('item' in read) found.items.push(read.item);
    else if ('gap' in read) found.gaps.push(read.gap);
    else found.unrecognised.push(read.unrecognised);
  }
}

/** A small CloudTrail record as text. */
export function trailRecord(eventID: string, members: object = {}): string {
  return JSON.stringify({
    eventVersion: '1.11',
    userIdentity: { type: 'AssumedRole', arn: 'arn:aws:sts::111122223333:assumed-role/ml/ann', accountId: '111122223333' },
    eventTime: '2026-11-19T10:00:00Z',
    eventSource: 'sagemaker.amazonaws.com',
    eventName: 'CreateEndpoint',
    awsRegion: 'eu-west-1',
    requestParameters: { endpointName: 'Credit' },
    responseElements: null,
    eventID,
    readOnly: false,
    eventCategory: 'Management',
    recipientAccountId: '111122223333',
    ...members,
  });
}
