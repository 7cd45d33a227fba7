// SPDX-License-Identifier: Apache-2.0
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { fromNodeProviderChain } from '@aws-sdk/credential-providers';
import type { Target } from '../collect/collect-api.ts';
import type { Scope, Source, TimeWindow } from '../sources/source.ts';
import { readFailure } from '../sources/source-error.ts';
import { UsageError } from './home-error.ts';

/** What a live collection was asked for. */
export interface AwsRequest {
  readonly sources: readonly Source[];
  readonly profile?: string;
  readonly regions: readonly string[];
  readonly reportLocations: readonly string[];
  readonly sweptAt: string;
  /** The window of one source in one account and Region. */
  readonly window: (source: Source, account: string, region: string) => Promise<TimeWindow>;
}

/** Who we read as. */
export interface AwsIdentity {
  readonly account: string;
  readonly arn: string;
  readonly partition: string;
}

/** Targets of a live collection: the account of the credentials, each asked Region, each source. Throws AWS_NO_REGION and AWS_NO_IDENTITY. */
export async function awsTargets(request: AwsRequest): Promise<readonly Target[]> {
  const region = request.regions[0] ?? process.env['AWS_REGION'] ?? process.env['AWS_DEFAULT_REGION'];
  if (region === undefined) {
    throw new UsageError(
      'AWS_NO_REGION',
      'no Region to read: pass --region (repeat it for more), set AWS_REGION, or name regions in aims.config',
    );
  }
  const credentials = fromNodeProviderChain(request.profile === undefined ? {} : { profile: request.profile });
  const identity = await callerIdentity({ region, credentials });
  const regions = request.regions.length > 0 ? request.regions : [region];
  return targetsOf(request, identity, regions, (one) => ({
    region: one,
    clientConfig: { region: one, credentials, maxAttempts: 6 },
    channel: 'api',
  }));
}

/** Asks STS who the credentials are. Throws AWS_NO_IDENTITY with what to do. */
export async function callerIdentity(clientConfig: Readonly<Record<string, unknown>>): Promise<AwsIdentity> {
  try {
    const answer = await new STSClient(clientConfig).send(new GetCallerIdentityCommand({}));
    const arn = answer.Arn ?? '';
    return { account: answer.Account ?? '', arn, partition: arn.split(':')[1] ?? 'aws' };
  } catch (cause) {
    const failure = readFailure(cause);
    throw new UsageError(
      'AWS_NO_IDENTITY',
      `AWS does not accept the credentials (${failure.code}: ${failure.message}); sign in, set AWS_PROFILE or pass --profile, then run again`,
      { cause },
    );
  }
}

/** Every source in every Region of one account. */
export async function targetsOf(
  request: Pick<AwsRequest, 'sources' | 'reportLocations' | 'sweptAt' | 'window'>,
  identity: AwsIdentity,
  regions: readonly string[],
  connect: (region: string) => Target['connection'],
): Promise<readonly Target[]> {
  const targets: Target[] = [];
  for (const source of request.sources) {
    for (const region of regions) {
      const window = await request.window(source, identity.account, region);
      const { partition, account } = identity;
      const scope: Scope = { partition, account, region, window, sweptAt: request.sweptAt, reportLocations: request.reportLocations };
      targets.push({ source, connection: connect(region), scope, readAs: identity.arn });
    }
  }
  return targets;
}
