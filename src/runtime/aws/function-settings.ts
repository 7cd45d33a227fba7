// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod';
import { approvalsFileSchema, type Declarations, scopeFileSchema, thresholdsFileSchema } from '../../evidence/scope-file.ts';
import { type Configuration, configurationSchema } from '../deployment/configuration-schema.ts';
import { deploymentFileName } from '../deployment/env-names.ts';
import { readBeside } from './function-pack.ts';

const deploymentSchema = z.object({
  configuration: configurationSchema,
  declarations: z.object({
    scope: scopeFileSchema,
    thresholds: thresholdsFileSchema.nullable(),
    approvals: approvalsFileSchema.nullable(),
  }),
});

/** What a deployment says beside its names: the configuration with its defaults, and the three dated files. */
export interface Deployment {
  readonly configuration: Configuration;
  readonly declarations: Declarations;
}

/** Reads the deployment file beside a bundle. Throws FUNCTION_INCOMPLETE, and a ZodError that names the member. */
export function readDeployment(directory: string): Deployment {
  return deploymentSchema.parse(readBeside(directory, deploymentFileName));
}

/** Where a function runs. */
export interface Place {
  readonly partition: string;
  readonly account: string;
  readonly region: string;
}

/** Reads partition, Region and account out of an ARN (`arn:aws:lambda:eu-west-1:111122223333:function:…`). */
export function placeOfArn(arn: string): Place {
  const [, partition = 'aws', , region = '', account = ''] = arn.split(':');
  return { partition, account, region };
}
