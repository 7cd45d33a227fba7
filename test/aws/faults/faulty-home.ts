// SPDX-License-Identifier: Apache-2.0
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { beforeAll } from '@jest/globals';
import { DynamoDbIndex } from '../../../src/evidence-index/dynamodb-index.ts';
import type { EvidenceIndex } from '../../../src/evidence-index/evidence-index.ts';
import { DynamoDbLedgerHead } from '../../../src/ledger/dynamodb-ledger-head.ts';
import { openKmsSigner } from '../../../src/ledger/kms-signer.ts';
import { S3LedgerStore } from '../../../src/ledger/s3-ledger-store.ts';
import type { Signer } from '../../../src/ledger/signer.ts';
import { S3Vault } from '../../../src/vault/s3-vault.ts';
import { newTable } from '../../support/dynamodb-tables.ts';
import { serverForFile } from '../s3/s3-servers.ts';
import type { RunningServer } from '../servers/start-server.ts';
import { Fault } from './fault.ts';

const region = 'eu-west-1';
const bucket = 'evidence';
const outermost = { step: 'initialize', name: 'fault', override: true } as const;
const noFault = () => new Fault(0, 'before', null);

/** Adapters of one process. */
interface Process {
  readonly vault: S3Vault;
  readonly ledger: S3LedgerStore;
  readonly index: DynamoDbIndex;
  readonly signer: Signer;
  readonly previousSigner: Signer | null;
}

/** Where a home of a test is: a place in the bucket, a table, keys. */
export interface HomePlace {
  readonly prefix: string;
  readonly table: string;
  readonly signingKey: string;
  readonly previousSigningKey: string | null;
}

/** LocalStack's S3, which enforces Object Lock, with DynamoDB and KMS of MiniStack: what the functions of one test file run on. */
export class FaultyServers {
  readonly #s3 = serverForFile('localstack-s3');
  readonly #others = serverForFile('ministack');
  #homes = 0;

  constructor() {
    beforeAll(async () => {
      const { s3 } = this.clients(noFault());
      const location = { LocationConstraint: region } as const;
      await s3.send(new CreateBucketCommand({ Bucket: bucket, ObjectLockEnabledForBucket: true, CreateBucketConfiguration: location }));
      s3.destroy();
    }, 60_000);
  }

  /** An empty home with a table and a key of its own. */
  async newHome(): Promise<HomePlace> {
    return {
      prefix: `home-${++this.#homes}/`,
      table: await this.newTable(),
      signingKey: await this.newKey(),
      previousSigningKey: null,
    };
  }

  async newTable(): Promise<string> {
    const { dynamodb } = this.clients(noFault());
    return await newTable(dynamodb).finally(() => dynamodb.destroy());
  }

  async newKey(): Promise<string> {
    const { kms } = this.clients(noFault());
    const request = new CreateKeyCommand({ KeySpec: 'ECC_NIST_EDWARDS25519', KeyUsage: 'SIGN_VERIFY' });
    const { KeyMetadata: made } = await kms.send(request).finally(() => kms.destroy());
    if (made?.Arn === undefined) throw new Error('the server made no key');
    return made.Arn;
  }

  clients(fault: Fault) {
    const common = ({ endpoint, credentials }: RunningServer) => ({ region, endpoint, credentials, maxAttempts: 1 });
    const s3 = new S3Client({ ...common(this.#s3()), forcePathStyle: true });
    const dynamodb = new DynamoDBClient(common(this.#others()));
    const kms = new KMSClient(common(this.#others()));
    s3.middlewareStack.add(
      (next, { commandName }) =>
        (args) =>
          fault.around(commandName, () => next(args)),
      outermost,
    );
    dynamodb.middlewareStack.add(
      (next, { commandName }) =>
        (args) =>
          fault.around(commandName, () => next(args)),
      outermost,
    );
    kms.middlewareStack.add(
      (next, { commandName }) =>
        (args) =>
          fault.around(commandName, () => next(args)),
      outermost,
    );
    return { s3, dynamodb, kms };
  }

  /** Opens a home as a process that was just started does. */
  async open(place: HomePlace, fault: Fault): Promise<Process & { readonly close: () => void }> {
    const { s3, dynamodb, kms } = this.clients(fault);
    const { prefix, table, signingKey, previousSigningKey } = place;
    const stored = { client: s3, bucket, retention: { mode: 'GOVERNANCE', days: 30 }, encryptionKeyArn: null } as const;
    return {
      vault: new S3Vault({ ...stored, prefix: `${prefix}vault/` }),
      ledger: new S3LedgerStore({ ...stored, prefix: `${prefix}ledger/`, head: new DynamoDbLedgerHead({ client: dynamodb, table }) }),
      index: await DynamoDbIndex.open({ client: dynamodb, table, isAiResource: () => false, wait: async () => {} }),
      signer: await openKmsSigner({ client: kms, keyArn: signingKey }),
      previousSigner: previousSigningKey === null ? null : await openKmsSigner({ client: kms, keyArn: previousSigningKey }),
      close: () => {
        for (const client of [s3, dynamodb, kms]) client.destroy();
      },
    };
  }
}

/** Stands for the adapters of whichever process runs now, so that functions which were made once survive its death. */
export class Processes {
  readonly vault: S3Vault;
  readonly index: EvidenceIndex;
  readonly ledger: S3LedgerStore;
  readonly fault: Fault;
  place: HomePlace;
  readonly #servers: FaultyServers;
  #now: Awaited<ReturnType<FaultyServers['open']>>;

  private constructor(servers: FaultyServers, place: HomePlace, fault: Fault, first: Awaited<ReturnType<FaultyServers['open']>>) {
    this.#servers = servers;
    this.place = place;
    this.fault = fault;
    this.#now = first;
    this.vault = through(first.vault, () => this.#now.vault);
    this.index = through(first.index, () => this.#now.index);
    this.ledger = through(first.ledger, () => this.#now.ledger);
  }

  static async start(servers: FaultyServers, place: HomePlace, fault: Fault): Promise<Processes> {
    const processes = new Processes(servers, place, fault, await servers.open(place, noFault()));
    await processes.restart();
    return processes;
  }

  get signer(): Signer {
    return this.#now.signer;
  }

  get previousSigner(): Signer | null {
    return this.#now.previousSigner;
  }

  /** Ends the process and starts another, with nothing in memory. */
  async restart(): Promise<void> {
    this.#now.close();
    this.fault.revive();
    this.#now = await this.#servers.open(this.place, this.fault);
  }

  close(): void {
    this.#now.close();
  }
}

function through<Adapter extends object>(first: Adapter, now: () => Adapter): Adapter {
  return new Proxy(first, {
    get: (_, name) => {
      const member: unknown = Reflect.get(now(), name);
      return typeof member === 'function' ? member.bind(now()) : member;
    },
  });
}
