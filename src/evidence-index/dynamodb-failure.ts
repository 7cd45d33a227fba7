// SPDX-License-Identifier: Apache-2.0
import { damagedTable } from './dynamodb-item.ts';
import { IndexError } from './evidence-index.ts';

// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html, read 2026-11. What passes by itself, and may
// have taken effect or not.
const passing = new Set([
  'ThrottlingException',
  'ThrottlingError',
  'ProvisionedThroughputExceededException',
  'ProvisionedThroughputExceeded',
  'RequestLimitExceeded',
  'InternalServerError',
  'InternalServerErrorException',
  'ServiceUnavailable',
  'ServiceUnavailableException',
  'TransactionInProgressException',
  'ReplicatedWriteConflictException',
  'TimeoutError',
  'RequestTimeout',
]);
const connections = new Set(['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);
const unauthenticated = new Set([
  'CredentialsProviderError',
  'ExpiredTokenException',
  'UnrecognizedClientException',
  'InvalidSignatureException',
  'MissingAuthenticationTokenException',
  'IncompleteSignatureException',
]);

/** Whether the same call may succeed a moment later. */
export function isPassing(error: unknown): boolean {
  if (passing.has(nameOf(error)) || connections.has(textOf(error, 'code'))) return true;
  const metadata = memberOf(error, '$metadata');
  const status = memberOf(metadata, 'httpStatusCode');
  return typeof status === 'number' && status >= 500;
}

// What the items of a cancelled transaction may say where the same transaction, planned anew, may pass.
const conflicting = new Set(['None', 'ConditionalCheckFailed', 'TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded']);

/** Whether a transaction was cancelled because others wrote, or write, the same items. Nothing of it took effect. */
export function isConflict(error: unknown): boolean {
  const codes = cancellationCodes(error);
  return codes.length > 0 && codes.every((code) => conflicting.has(code));
}

function cancellationCodes(error: unknown): readonly string[] {
  const reasons = nameOf(error) === 'TransactionCanceledException' ? memberOf(error, 'CancellationReasons') : null;
  return Array.isArray(reasons) ? reasons.map((reason) => textOf(reason, 'Code') || 'None') : [];
}

/** Whether one write was refused because the item was not as the condition says. */
export function isConditionFailure(error: unknown): boolean {
  return nameOf(error) === 'ConditionalCheckFailedException';
}

/** Translates what the SDK threw to the port's codes; what is not a failure of the store passes unchanged. */
export function tableFailure(error: unknown, { action, table }: { readonly action: string; readonly table: string }): unknown {
  const name = nameOf(error);
  if (error instanceof IndexError) return error;
  if (isPassing(error) || isConflict(error))
    return unavailable(`${action} on table ${table} did not get through (${name}): try again later`, error);
  if (name === 'AccessDeniedException') {
    // AWS names the missing action in its message; of a transaction it is one of those that the transaction is made of.
    const denied = /not authorized to perform: (\S+)/.exec(textOf(error, 'message'))?.[1] ?? `dynamodb:${action}`;
    return unavailable(`${denied} on table ${table} is denied: grant it to the role that runs this`, error);
  }
  if (name === 'ResourceNotFoundException') return unavailable(`there is no table ${table} in this account and Region`, error);
  if (unauthenticated.has(name)) return unavailable(`AWS does not accept the credentials for table ${table} (${name})`, error);
  if (name === 'ValidationException' || name === 'TransactionCanceledException') {
    return damagedTable(
      `table ${table} refuses ${action} (${textOf(error, 'message')}): it is no evidence index, or not as it was made`,
      error,
    );
  }
  return error;
}

/** The error for a store that cannot be read or written now. */
export function unavailable(what: string, cause: unknown): IndexError {
  return new IndexError('INDEX_UNAVAILABLE', `${what}; the vault is not touched`, { cause });
}

function nameOf(error: unknown): string {
  return textOf(error, 'name');
}

function textOf(value: unknown, name: string): string {
  const text = memberOf(value, name);
  return typeof text === 'string' ? text : '';
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
