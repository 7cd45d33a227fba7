// SPDX-License-Identifier: Apache-2.0
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Connected } from '../../collect/read-run.ts';
import { sampleCredentials } from '../../sample/sample-credentials.ts';
import { clientConfig } from './deployed.ts';
import type { Place } from './function-settings.ts';
import { lazily } from './lazily.ts';

/** Connects to an account and Region; `home` is where the function runs. */
export type AccountAccess = (target: Place, home: Place) => Promise<Connected>;

/** Reads an account that is not the home's own. */
export type MemberAccess = (target: Place) => Promise<Connected>;

/** The home's own account with the function's own role, any other one through `member`. */
export function accountAccess(member: MemberAccess): AccountAccess {
  const ownArn = lazily(() => callerArn(clientConfig));
  return async (target, home) => {
    if (target.account !== home.account) return await member(target);
    const { region } = target;
    return { readAs: await ownArn(), connection: { region, clientConfig: { ...clientConfig, region }, channel: 'api' } };
  };
}

/** Every account of the sample organisation, served at an endpoint: for deployments that test. */
export function sampleAccess(endpoint: string): AccountAccess {
  return async ({ account, region }, home) => {
    const config = { ...clientConfig, region, endpoint, credentials: sampleCredentials(account), forcePathStyle: true };
    // Asked where the function runs: a Region that is off knows nobody.
    const readAs = await callerArn({ ...config, region: home.region });
    return { readAs, connection: { region, clientConfig: config, channel: 'sample' } };
  };
}

async function callerArn(config: Readonly<Record<string, unknown>>): Promise<string> {
  const { Arn: arn = '' } = await new STSClient(config).send(new GetCallerIdentityCommand({}));
  return arn;
}
