// SPDX-License-Identifier: Apache-2.0
import { AimsError } from '../evidence/errors.ts';

/**
 * What a failed call of S3 means to a store: the object is not there, its bytes cannot be had, there is no room, somebody else's object is
 * there already, another write of the same key was going on, or S3 did not do its work (denied, throttled, no answer, no such bucket).
 */
export type S3CallErrorCode = 'S3_ABSENT' | 'S3_UNREADABLE' | 'S3_FULL' | 'S3_TAKEN' | 'S3_CONFLICT' | 'S3_UNAVAILABLE';

/** A call of S3 that failed. The stores over S3 say it in the words of their port. */
export class S3CallError extends AimsError<S3CallErrorCode> {}

/** A call and what it was about, for the words of an error. */
export interface S3Call {
  /** IAM action, such as `s3:PutObject`. */
  readonly action: string;
  /** `s3://bucket/key` */
  readonly target: string;
}

/*
 * Names of S3's errors: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html, read 2026-11. A 404 of HeadObject has no
 * body, so it is named by its status.
 */
const absentNames = new Set(['NoSuchKey', 'NoSuchVersion', 'NotFound']);
const fullNames = new Set(['QuotaExceeded', 'XMinioStorageFull']);
const statuses: Readonly<Record<number, S3CallErrorCode>> = { 404: 'S3_ABSENT', 409: 'S3_CONFLICT', 412: 'S3_TAKEN' };

/** Runs a call of S3, whatever it throws becoming an S3CallError that names the action. */
export async function s3Call<T>(call: S3Call, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (cause) {
    throw s3Failure(call, cause);
  }
}

/** Whether S3 refused the call to whoever made it, which asking again does not change. */
export function isDenied({ cause }: S3CallError): boolean {
  const { status } = factsOf(cause);
  return status === 403 || status === 401;
}

function s3Failure({ action, target }: S3Call, cause: unknown): S3CallError {
  const { name, message, status } = factsOf(cause);
  const said = status === null ? `${name}: ${message}` : `${name}: ${message} (HTTP ${status})`;
  const failed = (code: S3CallErrorCode, what: string) =>
    new S3CallError(code, `${what}: ${action} of ${target} answered ${said}`, { cause });
  if (name === 'NoSuchBucket') return failed('S3_UNAVAILABLE', 'there is no such bucket');
  if (absentNames.has(name)) return failed('S3_ABSENT', 'it is not there');
  if (fullNames.has(name)) return failed('S3_FULL', 'there is no room');
  if (name === 'InvalidObjectState') return failed('S3_UNREADABLE', 'it lies in an archive');
  // About the key of the bucket, whatever the status: disabled, pending deletion, throttled.
  if (name.startsWith('KMS.')) return failed('S3_UNAVAILABLE', 'the key of the bucket cannot be used');
  if (status === 403 || status === 401)
    return failed('S3_UNAVAILABLE', `access is denied: allow ${action}, and the use of the bucket's key`);
  const code = statuses[status ?? 0];
  if (code !== undefined) return failed(code, 'it could not be done');
  if (isAboutBytes(name, message, status)) return failed('S3_UNREADABLE', 'the bytes cannot be had');
  return failed('S3_UNAVAILABLE', 'S3 did not do its work, try again');
}

/**
 * An object that needs a key of somebody's own (SSE-C), one that did not arrive as S3 holds it: asking again does not help. Everything else
 * S3 answers 400 to (expired credentials, say) tells nothing of the object.
 */
function isAboutBytes(name: string, message: string, status: number | null): boolean {
  return status === 405 || ['InvalidRequest', 'InvalidArgument'].includes(name) || /checksum mismatch/i.test(message);
}

function factsOf(cause: unknown): { readonly name: string; readonly message: string; readonly status: number | null } {
  if (!Error.isError(cause)) return { name: 'UnknownError', message: String(cause), status: null };
  const metadata = '$metadata' in cause ? cause.$metadata : null;
  const status = typeof metadata === 'object' && metadata !== null && 'httpStatusCode' in metadata ? metadata.httpStatusCode : null;
  // Connection errors come with an empty message and their words in `code`.
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  return { name: cause.name, message: cause.message || code, status: typeof status === 'number' ? status : null };
}
