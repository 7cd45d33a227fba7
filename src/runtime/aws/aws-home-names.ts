// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod';
import { envNames } from '../deployment/env-names.ts';
import type { HomeKind } from '../home.ts';
import { HomeError } from '../home-error.ts';

/**
 * Names of a deployed home's parts. Null: the deployment has none (customer's own encryption key, replaced signing key), or the function that
 * reads them has no use for it and so no right to it.
 */
export interface AwsHomeNames {
  readonly bucket: string;
  /** Null where S3's own keys encrypt. */
  readonly vaultKeyArn: string | null;
  /** `NONE` in a `dev` deployment, which locks nothing for 0 days. */
  readonly lockMode: 'GOVERNANCE' | 'COMPLIANCE' | 'NONE';
  readonly retentionDays: number;
  readonly table: string | null;
  readonly signingKeyArn: string | null;
  /** The key that `signingKeyArn` replaces, until the first checkpoint with the new one is signed. */
  readonly previousSigningKeyArn: string | null;
  readonly secretKeyArn: string | null;
  readonly kind: HomeKind;
}

const keyArn = z.string().regex(/^arn:[^:]+:kms:[^:]+:\d{12}:(key|alias)\/.+$/, 'not the ARN of a KMS key');

/** What every member must look like, wherever it was read. */
const awsHomeNamesSchema = z
  .object({
    bucket: z.string().min(3).max(63),
    vaultKeyArn: keyArn.nullable(),
    lockMode: z.enum(['GOVERNANCE', 'COMPLIANCE', 'NONE']),
    retentionDays: z.string().regex(/^\d+$/, 'not a number of days').pipe(z.coerce.number<string>().int().min(0).max(36_500)),
    table: z.string().min(3).nullable(),
    signingKeyArn: keyArn.nullable(),
    previousSigningKeyArn: keyArn.nullable(),
    secretKeyArn: keyArn.nullable(),
    kind: z.enum(['real', 'sample']),
  })
  .refine(({ lockMode, retentionDays }) => lockMode === 'NONE' || retentionDays > 0, {
    path: ['retentionDays'],
    message: 'a lock needs days',
  });

const variables = {
  bucket: envNames.vaultBucket,
  vaultKeyArn: envNames.vaultKey,
  lockMode: envNames.lockMode,
  retentionDays: envNames.retentionDays,
  table: envNames.table,
  signingKeyArn: envNames.signingKey,
  previousSigningKeyArn: envNames.previousSigningKey,
  secretKeyArn: envNames.secretKey,
  kind: envNames.homeKind,
} as const satisfies Record<keyof AwsHomeNames, string>;

/** The names as the stack gives them to its functions. Throws HOME_NAMES_INVALID, naming each variable that is wrong. */
export function awsHomeNamesFromEnvironment(environment: Readonly<Record<string, string | undefined>>): AwsHomeNames {
  return parseAwsHomeNames(
    (member) => environment[variables[member]],
    (member) => variables[member],
  );
}

/** Reads every member by name. `label` says where a person finds it. An empty text counts as absent. Throws HOME_NAMES_INVALID. */
export function parseAwsHomeNames(
  read: (member: keyof AwsHomeNames) => string | undefined,
  label: (member: keyof AwsHomeNames) => string,
): AwsHomeNames {
  const members = Object.keys(variables).filter((member): member is keyof AwsHomeNames => member in variables);
  const parsed = awsHomeNamesSchema.safeParse(Object.fromEntries(members.map((member) => [member, read(member) || null])));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => {
    const member = members.find((one) => one === issue.path[0]);
    return member === undefined
      ? issue.message
      : `${label(member)} ${read(member) ? `is ${read(member)}: ${issue.message}` : 'is not set'}`;
  });
  throw new HomeError('HOME_NAMES_INVALID', `the names of the home cannot be used: ${problems.join('; ')}`, { cause: parsed.error });
}
