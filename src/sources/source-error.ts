// SPDX-License-Identifier: Apache-2.0
import { type Gap, type GapReason, gapMessage } from '../evidence/gap.ts';
import { remedyOf } from './gap-remedy.ts';

/** What an SDK error says, read without naming the SDK's classes. */
export interface AwsFailure {
  readonly code: string;
  readonly message: string;
  readonly status: number | null;
  readonly requestId: string | null;
}

const throttlingCodes = /throttl|toomanyrequests|requestlimitexceeded|slowdown|limitexceeded|provisionedthroughput/i;
const deniedCodes =
  /accessdenied|unauthorized|notauthorized|forbidden|authfailure|expiredtoken|invalidclienttoken|unrecognizedclient|optinrequired|signaturedoesnotmatch|invalidaccesskey|credentialsprovider/i;
const unsupportedCodes = /unknownoperation|unsupportedoperation|invalidaction|notimplemented/i;

/** Reads code, message, HTTP status and request id of whatever an SDK call threw. */
export function readFailure(error: unknown): AwsFailure {
  const e = typeof error === 'object' && error !== null ? (error as Record<string, unknown>) : {};
  const metadata = typeof e['$metadata'] === 'object' && e['$metadata'] !== null ? (e['$metadata'] as Record<string, unknown>) : {};
  return {
    code: typeof e['name'] === 'string' ? e['name'] : 'UnknownError',
    message: typeof e['message'] === 'string' ? e['message'] : String(error),
    status: typeof metadata['httpStatusCode'] === 'number' ? metadata['httpStatusCode'] : null,
    requestId: typeof metadata['requestId'] === 'string' ? metadata['requestId'] : null,
  };
}

/** The gap reason of a failure where nothing more is known of the service. A source that knows better (Macie off) decides first. */
export function reasonOf(failure: AwsFailure): GapReason {
  if (throttlingCodes.test(failure.code) || failure.status === 429) return 'throttled';
  if (deniedCodes.test(failure.code) || failure.status === 401 || failure.status === 403) return 'denied';
  if (unsupportedCodes.test(failure.code)) return 'unsupported';
  return 'unavailable';
}

/** A scope gap from a failed call, with what closes it. `what` names the IAM action, such as `securityhub:GetFindings`. */
export function gapOfFailure(what: string, failure: AwsFailure, reason: GapReason = reasonOf(failure)): Gap {
  return {
    reason,
    extent: 'scope',
    what,
    message: gapMessage(failure.message, remedyOf(what, failure, reason)),
    code: failure.code,
    detail: { status: failure.status, requestId: failure.requestId },
  };
}
