// SPDX-License-Identifier: Apache-2.0
import { AimsError } from '../../evidence/errors.ts';
import { readFailure, reasonOf } from '../../sources/source-error.ts';
import { UsageError } from '../home-error.ts';

/** A call of AWS, made for the home itself, that was refused or not answered. */
class AwsError extends AimsError<'AWS_DENIED' | 'AWS_UNAVAILABLE'> {}

const signInCodes =
  /^(CredentialsProviderError|ExpiredToken(Exception)?|RequestExpired|InvalidClientTokenId|UnrecognizedClientException|InvalidAccessKeyId|SignatureDoesNotMatch|InvalidSignatureException|MissingAuthenticationToken(Exception)?|TokenProviderError)$/;

/** Our words for a failed call. `action` is the IAM action, `target` what it was asked of. Codes: AWS_NO_IDENTITY, AWS_NO_REGION, AWS_DENIED, AWS_UNAVAILABLE. */
export function awsFailure(action: string, target: string, cause: unknown): AimsError {
  if (cause instanceof AimsError) return cause;
  const failure = readFailure(cause);
  const said = `${failure.code}: ${failure.message}`;
  if (signInCodes.test(failure.code)) {
    return new UsageError(
      'AWS_NO_IDENTITY',
      `AWS does not accept the credentials (${said}); sign in, set AWS_PROFILE or pass --profile, then run again`,
      { cause },
    );
  }
  if (/^region is missing$/i.test(failure.message)) {
    return new UsageError('AWS_NO_REGION', 'no Region to look for the stack in: pass --region or set AWS_REGION', { cause });
  }
  if (reasonOf(failure) === 'denied') {
    return new AwsError('AWS_DENIED', `${action} on ${target} is denied: allow it, or use another --profile (${said})`, { cause });
  }
  return new AwsError('AWS_UNAVAILABLE', `${action} on ${target} got no answer that can be used; try again later (${said})`, { cause });
}
