// SPDX-License-Identifier: Apache-2.0

/**
 * Environment variables that the stack gives its functions: spelled once, for both sides. What does not fit into them (accounts,
 * Regions, report locations, the dated files) lies beside the function's code as `deploymentFileName`.
 */
export const envNames = {
  /** Bucket that holds `vault/` and `ledger/`. */
  vaultBucket: 'AIMS_VAULT_BUCKET',
  /** ARN of the KMS key that encrypts the bucket; absent where S3's own keys do. */
  vaultKey: 'AIMS_VAULT_KEY_ARN',
  /** `GOVERNANCE` or `COMPLIANCE`; `NONE` in a `dev` deployment, whose bucket has no Object Lock and refuses puts that ask for it. */
  lockMode: 'AIMS_LOCK_MODE',
  /** Days that every object is kept undeletable; `0` where the lock mode is `NONE`. */
  retentionDays: 'AIMS_RETENTION_DAYS',
  /** Table of the evidence index; it holds the ledger's head too. */
  table: 'AIMS_TABLE',
  /** Key that signs checkpoints (ECC_NIST_EDWARDS25519), and the one it replaces where a replacement is under way. */
  signingKey: 'AIMS_SIGNING_KEY_ARN',
  previousSigningKey: 'AIMS_PREVIOUS_SIGNING_KEY_ARN',
  /** KMS HMAC key that the home secret is derived from. */
  secretKey: 'AIMS_SECRET_KEY_ARN',
  /** Queue of the function's own source, for handing on the rest of a window. */
  queue: 'AIMS_QUEUE_URL',
  /** JSON object of source id → URL of its queue, for the planner. */
  queues: 'AIMS_QUEUE_URLS',
  /** JSON object of name → URL of each queue of dead letters, for the self-audit. */
  deadLetters: 'AIMS_DEAD_LETTER_URLS',
  /** Topic of alarms and of the daily checkpoint. */
  topic: 'AIMS_TOPIC_ARN',
  /** Endpoint of the sources' AWS services where it is not AWS's own: a test environment that serves the sample account. */
  sourceEndpoint: 'AIMS_SOURCE_ENDPOINT',
  /** `real` or `sample`: a home never holds both. */
  homeKind: 'AIMS_HOME_KIND',
} as const;

/** Name of the file with the deployment's configuration beside a function's code. */
export const deploymentFileName = 'deployment.json';

/** Where things lie in the vault bucket. */
export const bucketPrefixes = { vault: 'vault/', ledger: 'ledger/' } as const;
