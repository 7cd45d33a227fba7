// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod';
import { sourceIds } from '../../evidence/observation.ts';

const accountId = z.string().regex(/^\d{12}$/, 'an AWS account id has twelve digits');
const arn = z.string().regex(/^arn:[^:]+:[^:]+:/, 'not an ARN');
const s3Uri = z.string().regex(/^s3:\/\/[^/]+\/?/, 'not s3://bucket/prefix');
const bucketName = z.string().min(3).max(63);

/** Accounts to collect from: a list, or the organisation (or the units of it) as AWS Organizations tells it at each run. Empty: the account itself. */
const accountsSchema = z.union([
  z.array(accountId),
  z.strictObject({ organization: z.literal(true) }),
  z.strictObject({ organizationalUnits: z.array(z.string().regex(/^(r-|ou-)/)).min(1) }),
]);

/** A place in S3 and the key that opens it. */
export interface Place {
  readonly location: string;
  readonly keyArn?: string | undefined;
  /** Account whose runs list it; where none is named, the home's own or, if that is not read, the first of the list. */
  readonly account?: string | undefined;
}

/** A place that reports, log files or digests are read from, and the key that opens it. Nothing else in S3 is granted. */
const placeSchema = z.union([
  s3Uri.transform((location): Place => ({ location })),
  z.strictObject({ location: s3Uri, keyArn: arn.optional(), account: accountId.optional() }),
]);
/** The log files of a place say themselves whose they are: each account's runs read its own. */
const trailPlaceSchema = z.union([
  s3Uri.transform((location): Place => ({ location })),
  z.strictObject({ location: s3Uri, keyArn: arn.optional() }),
]);

/** What survives a deleted stack and is taken over by a new one. */
const adoptSchema = z.strictObject({
  bucketName,
  tableName: z.string().min(3),
  signingKeyArn: arn,
  secretKeyArn: arn,
  vaultKeyArn: arn.optional(),
});

const vaultSchema = z.strictObject({
  /** Days that every object is kept; three years, one certification cycle, and a month by default. */
  retentionDays: z.number().int().min(1).max(36_500).default(1_100),
  /** COMPLIANCE cannot be shortened by anyone, not even by AWS support: only by explicit choice. */
  lockMode: z.enum(['GOVERNANCE', 'COMPLIANCE']).default('GOVERNANCE'),
  /** `customer` makes a KMS key of its own for the bucket; `s3` uses S3's keys. */
  encryption: z.enum(['s3', 'customer']).default('s3'),
  adopt: adoptSchema.optional(),
});

/** Members of the configuration that only a deployment reads. */
const deploymentMembers = {
  accounts: accountsSchema.default([]),
  /** The role that the member stack makes in each account. The external id is a name both sides know, not a secret. */
  member: z
    .strictObject({
      roleName: z.string().min(1).max(64).default('AimsEvidenceRead'),
      externalId: z.string().min(2).max(1224).default('aims-evidence'),
      /** Home account and its Region, where they are known when the member template is made; else parameters of that template. */
      homeAccount: accountId.optional(),
      homeRegion: z.string().min(1).optional(),
      /** Whether each account and Region with a member stack sends its events to the home. Polling proves completeness without. */
      forwardEvents: z.boolean().default(false),
      /** `o-…`: whose accounts may send events where `accounts` is no list. */
      organizationId: z
        .string()
        .regex(/^o-[a-z0-9]{10,32}$/, 'an organisation id is o- and 10 to 32 letters or digits')
        .optional(),
    })
    .prefault({}),
  /** EventBridge Scheduler expressions that replace a source's own. */
  schedules: z.partialRecord(z.enum(sourceIds), z.string().regex(/^(rate|cron)\(.+\)$/)).default({}),
  /** `s3://bucket/prefix` of CloudTrail log files (`…/AWSLogs/…`), read instead of LookupEvents for the accounts whose logs lie there. */
  trailBuckets: z.array(trailPlaceSchema).default([]),
  vault: vaultSchema.prefault({}),
  /** `dev`: a deployment that can be destroyed completely; its evidence proves nothing to anyone. */
  profile: z.enum(['production', 'dev']).default('production'),
  /** Whether EventBridge rules shorten the way from AWS to the record. Polling proves completeness with or without. */
  events: z.boolean().default(true),
  /** Mail address that alarms and the daily checkpoint are sent to. */
  alarmEmail: z.email().optional(),
  /** Accounts that may subscribe to the same: an auditor's queue there keeps checkpoints where this account cannot reach them. */
  checkpointAccounts: z.array(accountId).default([]),
  /**
   * Which signing key of this stack is in use. One more makes a new key, and the old one stays in KMS: name that as `previousSigningKeyArn` in
   * the same deployment. A stack that adopts uses the adopted key at 1.
   */
  signingKeyNumber: z.number().int().min(1).max(1_000).default(1),
  /** Signing key that was replaced, until the first checkpoint with the new one is signed. */
  previousSigningKeyArn: arn.optional(),
  tracing: z.boolean().default(false),
  logRetentionDays: z.number().int().min(1).default(365),
} as const;

/** What a person may configure; every member has a default that works for one account. Paths are relative to the file. */
export const configurationSchema = z.strictObject({
  home: z.string().min(1).optional(),
  regions: z.array(z.string().min(1)).default([]),
  sources: z.array(z.enum(sourceIds)).default([...sourceIds]),
  /** `s3://bucket/prefix` of monitoring reports that no AWS call names, or `{ location, keyArn, account }`. */
  reportLocations: z.array(placeSchema).default([]),
  scopeFile: z.string().min(1).optional(),
  thresholdsFile: z.string().min(1).optional(),
  approvalsFile: z.string().min(1).optional(),
  ...deploymentMembers,
});
/** A configuration with its defaults filled in. */
export type Configuration = z.infer<typeof configurationSchema>;
