// SPDX-License-Identifier: Apache-2.0
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { fromNodeProviderChain } from '@aws-sdk/credential-providers';
import type { Target } from '../collect/collect-api.ts';
import type { PlannedWindow } from '../collect/window.ts';
import type { Scope, Source } from '../sources/source.ts';
import { readFailure } from '../sources/source-error.ts';
import type { Place } from './deployment/configuration-schema.ts';
import { UsageError } from './home-error.ts';

/** What a collection over the wire is to read. */
export interface TargetRequest {
  readonly sources: readonly Source[];
  readonly reportLocations: readonly Place[];
  readonly sweptAt: string;
  /** The window of one source in one account and Region. */
  readonly window: (source: Source, account: string, region: string) => Promise<Pick<PlannedWindow, 'window' | 'memory'>>;
}

/** Who we read as. */
export interface AwsIdentity {
  readonly account: string;
  readonly arn: string;
  readonly partition: string;
}

/** Who the credentials are, the Regions to read, and how to connect to each. */
export interface AwsSession {
  readonly identity: AwsIdentity;
  readonly regions: readonly string[];
  readonly connect: (region: string) => Target['connection'];
}

/** Signs in with the default credentials chain, or a profile. Throws AWS_NO_REGION and AWS_NO_IDENTITY. */
export async function signIn(asked: { readonly profile?: string; readonly regions: readonly string[] }): Promise<AwsSession> {
  const region = asked.regions[0] ?? process.env['AWS_REGION'] ?? process.env['AWS_DEFAULT_REGION'];
  if (region === undefined) {
    throw new UsageError(
      'AWS_NO_REGION',
      'no Region to read: pass --region (repeat it for more), set AWS_REGION, or name regions in aims.config',
    );
  }
  const credentials = fromNodeProviderChain(asked.profile === undefined ? {} : { profile: asked.profile });
  return {
    identity: await callerIdentity({ region, credentials }),
    regions: asked.regions.length > 0 ? asked.regions : [region],
    connect: (one) => ({ region: one, clientConfig: { region: one, credentials, maxAttempts: 6 }, channel: 'api' }),
  };
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
export async function targetsOf(request: TargetRequest, session: AwsSession): Promise<readonly Target[]> {
  const { partition, account, arn } = session.identity;
  const targets: Target[] = [];
  for (const source of request.sources) {
    for (const region of session.regions) {
      const { window, memory } = await request.window(source, account, region);
      const reportLocations = locationsOf(request, source, { account, isFirst: region === session.regions[0] });
      const scope: Scope = { partition, account, region, window, sweptAt: request.sweptAt, reportLocations };
      targets.push({ source, connection: session.connect(region), scope, memory, readAs: arn });
    }
  }
  return targets;
}

// Reports are read with the first Region only, or each would be fetched once for every Region. CloudTrail looks there for the digests of its own.
function locationsOf(
  { reportLocations }: TargetRequest,
  { objects }: Source,
  { account, isFirst }: { readonly account: string; readonly isFirst: boolean },
): readonly string[] {
  if (objects?.below === 'reportLocations' && !isFirst) return [];
  return reportLocations.flatMap((place) => (place.account === undefined || place.account === account ? [place.location] : []));
}
