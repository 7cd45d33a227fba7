// SPDX-License-Identifier: Apache-2.0
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import type { HomeSecret } from '../../evidence/identity.ts';
import { DynamoDbIndex, type DynamoDbIndexOptions } from '../../evidence-index/dynamodb-index.ts';
import { DynamoDbLedgerHead } from '../../ledger/dynamodb-ledger-head.ts';
import { openKmsHomeSecret } from '../../ledger/kms-home-secret.ts';
import { openKmsSigner } from '../../ledger/kms-signer.ts';
import { S3LedgerStore } from '../../ledger/s3-ledger-store.ts';
import type { Signer } from '../../ledger/signer.ts';
import { isAiResourceType } from '../../mapping/ai-resource-type.ts';
import { S3Vault } from '../../vault/s3-vault.ts';
import { bucketPrefixes, envNames } from '../deployment/env-names.ts';
import { HomeError } from '../home-error.ts';
import type { AwsHomeNames } from './aws-home-names.ts';
import { lazily } from './lazily.ts';

/** Passed to each SDK client's constructor as it is: Region, credentials, endpoint, retry settings. */
export type AwsClientConfig = Readonly<Record<string, unknown>>;

/**
 * The parts of a home in AWS, each opened when it is first asked for and kept: a function needs names and rights only of the parts it uses,
 * and the home secret is derived once per process. Make one per process, outside the handler.
 */
export class AwsHome {
  readonly names: AwsHomeNames;
  /** Throws HOME_NAMES_INVALID where the names have no table, INDEX_UNAVAILABLE, INDEX_DAMAGED and INDEX_NEWER. */
  readonly index: () => Promise<DynamoDbIndex>;
  /** Throws HOME_NAMES_INVALID where the names have no key for it, and what `openKmsHomeSecret` throws. */
  readonly secret: () => Promise<HomeSecret>;
  /** Throws HOME_NAMES_INVALID where the names have no key for it, and what `openKmsSigner` throws. */
  readonly signer: () => Promise<Signer>;
  /** The signer that is being replaced; null where none is. */
  readonly previousSigner: () => Promise<Signer | null>;
  readonly #clients: Clients;
  #vault: S3Vault | null = null;
  #ledger: S3LedgerStore | null = null;

  constructor(names: AwsHomeNames, config: AwsClientConfig) {
    this.names = names;
    this.#clients = new Clients(config);
    const { kms } = this.#clients;
    this.index = lazily(() => DynamoDbIndex.open(this.indexOptions));
    this.secret = lazily(() => openKmsHomeSecret({ client: kms(), keyArn: needed(names.secretKeyArn, envNames.secretKey) }));
    this.signer = lazily(() => openKmsSigner({ client: kms(), keyArn: needed(names.signingKeyArn, envNames.signingKey) }));
    this.previousSigner = lazily(async () =>
      names.previousSigningKeyArn === null ? null : openKmsSigner({ client: kms(), keyArn: names.previousSigningKeyArn }),
    );
  }

  /** The vault: `vault/` of the bucket. */
  get vault(): S3Vault {
    this.#vault ??= new S3Vault({ client: this.#clients.s3(), prefix: bucketPrefixes.vault, ...this.#stored() });
    return this.#vault;
  }

  /** The ledger: `ledger/` of the bucket, its head in the table. Throws HOME_NAMES_INVALID where the names have no table. */
  get ledger(): S3LedgerStore {
    const { s3, dynamodb } = this.#clients;
    this.#ledger ??= new S3LedgerStore({
      client: s3(),
      prefix: bucketPrefixes.ledger,
      head: new DynamoDbLedgerHead({ client: dynamodb(), table: needed(this.names.table, envNames.table) }),
      ...this.#stored(),
    });
    return this.#ledger;
  }

  /** What the index is opened with, for making it anew. Throws HOME_NAMES_INVALID where the names have no table. */
  get indexOptions(): Pick<DynamoDbIndexOptions, 'client' | 'table' | 'isAiResource'> {
    return { client: this.#clients.dynamodb(), table: needed(this.names.table, envNames.table), isAiResource: isAiResourceType };
  }

  /** The S3 client of this home. */
  get s3(): S3Client {
    return this.#clients.s3();
  }

  /** Lets go of the connections; no call may follow. */
  close(): void {
    this.#clients.close();
  }

  #stored() {
    const { bucket, lockMode, retentionDays, vaultKeyArn } = this.names;
    const retention = lockMode === 'NONE' ? null : { mode: lockMode, days: retentionDays };
    return { bucket, retention, encryptionKeyArn: vaultKeyArn };
  }
}

/** SDK clients, made when they are first needed. */
class Clients {
  readonly #config: AwsClientConfig;
  #s3: S3Client | null = null;
  #dynamodb: DynamoDBClient | null = null;
  #kms: KMSClient | null = null;

  constructor(config: AwsClientConfig) {
    this.#config = config;
  }

  readonly s3 = (): S3Client => {
    this.#s3 ??= new S3Client(this.#config);
    return this.#s3;
  };

  readonly dynamodb = (): DynamoDBClient => {
    this.#dynamodb ??= new DynamoDBClient(this.#config);
    return this.#dynamodb;
  };

  readonly kms = (): KMSClient => {
    this.#kms ??= new KMSClient(this.#config);
    return this.#kms;
  };

  close(): void {
    for (const client of [this.#s3, this.#dynamodb, this.#kms]) client?.destroy();
  }
}

function needed(name: string | null, variable: string): string {
  if (name !== null) return name;
  throw new HomeError('HOME_NAMES_INVALID', `${variable} is not set: this part of the home cannot be opened here`);
}
