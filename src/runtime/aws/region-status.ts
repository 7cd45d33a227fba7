// SPDX-License-Identifier: Apache-2.0
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { type Gap, gapMessage } from '../../evidence/gap.ts';
import { type AwsFailure, gapOfFailure, readFailure, reasonOf } from '../../sources/source-error.ts';

/**
 * How a Region that an account has not switched on answers credentials that hold elsewhere: as if they were unknown. No policy can deny
 * GetCallerIdentity, so this is told from a denial: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html (read 2026-11).
 */
const offCodes = /^(?:InvalidClientTokenId|UnrecognizedClientException|RegionDisabledException|OptInRequired)$/;
const unreachable = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|TimeoutError/;

/** Asks the Region's own STS who we are. Null where the Region takes our credentials; else the gap that stands for everything in it. */
export async function regionGap(
  clientConfig: Readonly<Record<string, unknown>>,
  { account, region }: { readonly account: string; readonly region: string },
): Promise<Gap | null> {
  const client = new STSClient({ ...clientConfig, region });
  try {
    await client.send(new GetCallerIdentityCommand({}));
    return null;
  } catch (error) {
    const failure = { ...readFailure(error), ...systemCodeOf(error) };
    return gapOf(failure, account, region);
  } finally {
    client.destroy();
  }
}

function systemCodeOf(error: unknown): Partial<AwsFailure> {
  return Error.isError(error) && 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
}

function gapOf(failure: AwsFailure, account: string, region: string): Gap {
  const what = `region ${region}`;
  if (offCodes.test(failure.code)) {
    const gap = gapOfFailure(what, failure, 'off');
    const message = gapMessage(
      `Region ${region} is not switched on for account ${account}, and nothing can run there until it is.`,
      'switch it on, or leave it out of `regions`',
    );
    return { ...gap, message, detail: { ...gap.detail, awsMessage: failure.message } };
  }
  const reason = unreachable.test(failure.code) ? 'unavailable' : reasonOf(failure);
  const gap = gapOfFailure(what, failure, reason);
  return { ...gap, message: `Region ${region} did not say who we are in account ${account}: ${gap.message}` };
}
