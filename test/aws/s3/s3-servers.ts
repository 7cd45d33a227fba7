// SPDX-License-Identifier: Apache-2.0
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll } from '@jest/globals';
import type { S3Place } from '../../../src/vault/s3-place.ts';
import { type RunningServer, type ServerName, startServer } from '../servers/start-server.ts';

/** A bucket with Object Lock on a server that enforces it, for one test file. */
export interface LockedBucket {
  readonly name: string;
  /** Where a test may write, with a prefix that no other test has. */
  readonly place: (folder: 'vault' | 'ledger') => S3Place;
  readonly client: () => S3Client;
  /** Another client of the same server, for a process of its own; destroyed after the file's last test. */
  readonly newClient: () => S3Client;
}

/** The servers that enforce Object Lock. What each of them does not: LocalStack checks no signature and no policy, Ceph ignores `If-None-Match`. */
export const lockServers = ['localstack-s3', 'ceph-rgw'] as const satisfies readonly ServerName[];

const bucket = 'evidence';

/** Starts a server before the first test of the file and stops it after the last. */
export function serverForFile(name: ServerName): () => RunningServer {
  let server: RunningServer | null = null;
  beforeAll(async () => {
    server = await startServer(name);
  }, 300_000);
  afterAll(async () => await server?.stop());
  return () => {
    if (server === null) throw new Error(`${name} was not started`);
    return server;
  };
}

/** As `serverForFile`, with a bucket that has versioning and Object Lock. */
export function lockedBucket(name: (typeof lockServers)[number]): LockedBucket {
  const server = serverForFile(name);
  let client: S3Client | null = null;
  let prefixes = 0;
  const clients: S3Client[] = [];
  const newClient = () => {
    const made = new S3Client({
      endpoint: server().endpoint,
      credentials: server().credentials,
      region: 'us-east-1',
      forcePathStyle: true,
      // Ceph 16 knows no other checksum than MD5; ours are given with each put.
      requestChecksumCalculation: 'WHEN_REQUIRED',
    });
    clients.push(made);
    return made;
  };
  beforeAll(async () => {
    client = newClient();
    await client.send(new CreateBucketCommand({ Bucket: bucket, ObjectLockEnabledForBucket: true }));
  }, 30_000);
  afterAll(() => {
    for (const one of clients) one.destroy();
  });
  const ready = () => {
    if (client === null) throw new Error(`${name} was not started`);
    return client;
  };
  return {
    name: bucket,
    client: ready,
    newClient,
    place: (folder) => ({
      client: ready(),
      bucket,
      prefix: `test-${++prefixes}/${folder}/`,
      retention: { mode: 'GOVERNANCE', days: 30 },
      encryptionKeyArn: null,
    }),
  };
}
