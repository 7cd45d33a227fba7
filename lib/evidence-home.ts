// SPDX-License-Identifier: Apache-2.0
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Configuration } from '../src/runtime/deployment/configuration-schema.ts';
import type { FunctionRole } from '../src/runtime/deployment/function-roles.ts';
import type { FunctionCode } from './constructs/function-code.ts';

/** What every function of one home shares. A construct takes it whole, so that no function is wired to half of a home. */
export interface EvidenceHome {
  readonly bucket: IBucket;
  readonly table: ITable;
  readonly signingKey: IKey;
  readonly previousSigningKey?: IKey | undefined;
  readonly secretKey: IKey;
  readonly vaultKey?: IKey | undefined;
  readonly topic: ITopic;
  readonly topicKey: IKey;
  readonly code: FunctionCode;
  readonly configuration: Configuration;
  /** What each function may do, from `functionRoles`. */
  readonly roles: readonly FunctionRole[];
  /** `NONE` where a `dev` deployment locks nothing. */
  readonly lock: { readonly mode: 'GOVERNANCE' | 'COMPLIANCE' | 'NONE'; readonly retentionDays: number };
  /** Where the sample account is served; absent for the real AWS. */
  readonly sampleEndpoint?: string | undefined;
}

/** Whether a home may be thrown away with its stack. */
export function isDisposable({ configuration }: Pick<EvidenceHome, 'configuration'>): boolean {
  return configuration.profile === 'dev';
}
