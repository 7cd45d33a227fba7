// SPDX-License-Identifier: Apache-2.0
import { AssumeRoleCommand, type Credentials, STSClient } from '@aws-sdk/client-sts';
import { type Gap, gapMessage } from '../../evidence/gap.ts';
import { remedyOf } from '../../sources/gap-remedy.ts';
import type { Source } from '../../sources/source.ts';
import { gapOfFailure, readFailure, reasonOf } from '../../sources/source-error.ts';
import type { Place } from '../deployment/configuration-schema.ts';
import { sessionPolicy } from './session-policy.ts';

/** One member account, and as what it is read. */
export interface MemberRequest {
  readonly partition: string;
  readonly account: string;
  readonly roleName: string;
  readonly externalId: string;
  readonly source: Pick<Source, 'id' | 'actions'>;
  /** Places in S3 that the configuration names for this source. */
  readonly places: readonly Place[];
  /** What the home's own calls are made with. The Region's own STS is asked, as tokens of the global one do not hold in every Region. */
  readonly clientConfig: Readonly<Record<string, unknown>>;
}

/** Credentials as every SDK client takes them. */
export interface SessionCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

/** Credentials of a member account that renew themselves, and the ARN they read as; or the gap in their stead. */
export type MemberSession =
  | { readonly credentials: () => Promise<SessionCredentials>; readonly roleArn: string; readonly readAs: string }
  | { readonly gap: Gap };

/** So long before they end, credentials are replaced. */
const renewBeforeMs = 5 * 60_000;

/** Signs in to a member account for one source. A role that refuses is a gap that says what to deploy there. */
export async function openMemberSession(request: MemberRequest): Promise<MemberSession> {
  const roleArn = `arn:${request.partition}:iam::${request.account}:role/${request.roleName}`;
  const policy = sessionPolicy(request.source, request.places, request.partition);
  if (policy === null) return { gap: tooManyPlaces(request, roleArn) };
  const assume = () => assumeRole(request, roleArn, policy);
  try {
    const first = await assume();
    return { credentials: renewed(first.identity, assume), roleArn, readAs: first.readAs };
  } catch (error) {
    return { gap: refusedGap(request, roleArn, error) };
  }
}

interface Assumed {
  readonly identity: SessionCredentials;
  readonly readAs: string;
}

async function assumeRole(request: MemberRequest, roleArn: string, policy: string): Promise<Assumed> {
  const client = new STSClient(request.clientConfig);
  try {
    const answer = await client.send(
      new AssumeRoleCommand({
        RoleArn: roleArn,
        RoleSessionName: `aims-evidence-${request.source.id}`,
        ExternalId: request.externalId,
        Policy: policy,
        // The longest that one role may be assumed for by another.
        DurationSeconds: 3_600,
      }),
    );
    return { identity: identityOf(answer.Credentials), readAs: answer.AssumedRoleUser?.Arn ?? roleArn };
  } finally {
    client.destroy();
  }
}

function identityOf(given: Credentials | undefined): SessionCredentials {
  return {
    accessKeyId: given?.AccessKeyId ?? '',
    secretAccessKey: given?.SecretAccessKey ?? '',
    ...(given?.SessionToken === undefined ? {} : { sessionToken: given.SessionToken }),
    ...(given?.Expiration === undefined ? {} : { expiration: given.Expiration }),
  };
}

// The SDK asks a provider again shortly before what it gave ends; several clients ask the same one.
function renewed(first: SessionCredentials, assume: () => Promise<Assumed>): () => Promise<SessionCredentials> {
  let held = first;
  let renewing: Promise<SessionCredentials> | null = null;
  const renew = async (): Promise<SessionCredentials> => {
    try {
      held = (await assume()).identity;
    } catch (error) {
      // What still holds is better than none; the next call tries again.
      if (!holdsFor(held, 0)) throw error;
    } finally {
      renewing = null;
    }
    return held;
  };
  return async () => {
    if (holdsFor(held, renewBeforeMs)) return held;
    renewing ??= renew();
    return await renewing;
  };
}

function holdsFor({ expiration }: SessionCredentials, milliseconds: number): boolean {
  return expiration === undefined || expiration.getTime() - Date.now() > milliseconds;
}

function refusedGap({ account, externalId, source }: MemberRequest, roleArn: string, error: unknown): Gap {
  const failure = readFailure(error);
  const reason = reasonOf(failure);
  const gap = gapOfFailure('sts:AssumeRole', failure, reason);
  const advice =
    reason === 'denied'
      ? `deploy the stack AimsEvidenceMember to account ${account}, trusting this account with the external id "${externalId}", or correct \`member\` in the configuration`
      : remedyOf('sts:AssumeRole', failure, reason);
  const happened = `${roleArn} could not be assumed, so nothing of ${source.id} is read in account ${account}. STS said: ${failure.message}`;
  const message = gapMessage(happened, advice);
  return { ...gap, message, detail: { ...gap.detail, role: roleArn } };
}

function tooManyPlaces({ source }: MemberRequest, roleArn: string): Gap {
  return {
    reason: 'unsupported',
    extent: 'scope',
    what: 'sts:AssumeRole',
    message: gapMessage(
      `The places that the configuration names for ${source.id} do not fit into a session policy of 2,048 characters.`,
      'name fewer, wider ones',
    ),
    code: 'SESSION_POLICY_TOO_LARGE',
    detail: { role: roleArn },
  };
}
