// SPDX-License-Identifier: Apache-2.0
import { LedgerError } from './ledger-store.ts';

/** A call of KMS that failed: which one, with which key. */
export interface KmsCall {
  /** IAM action, such as `kms:Sign`. */
  readonly action: string;
  readonly keyArn: string;
}

/*
 * Names of KMS errors: https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html#API_Sign_Errors; what each key state answers:
 * https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html; read 2026-11.
 */
const deniedNames = new Set(['AccessDeniedException', 'AccessDenied', 'KMSAccessDeniedException', 'InvalidGrantTokenException']);
const credentialNames = new Set([
  'CredentialsProviderError',
  'ExpiredTokenException',
  'InvalidSignatureException',
  'MissingAuthenticationTokenException',
  'UnrecognizedClientException',
]);
const otherKindNames = new Set(['InvalidKeyUsageException', 'UnsupportedOperationException']);
const absentNames = new Set(['NotFoundException', 'InvalidArnException']);

/**
 * The ledger's words for what KMS answered: LEDGER_KEY_UNREADABLE where somebody must change something about the key or the rights to it,
 * LEDGER_KEY_WRONG for a key of another kind, LEDGER_UNAVAILABLE where trying again later may do (throttled, no answer).
 */
export function kmsFailure({ action, keyArn }: KmsCall, cause: unknown): LedgerError {
  const { name, message } = nameAndMessage(cause);
  const failed = (code: 'LEDGER_KEY_UNREADABLE' | 'LEDGER_KEY_WRONG' | 'LEDGER_UNAVAILABLE', what: string) =>
    new LedgerError(code, `${what} (${action}: ${name}: ${message})`, { cause });
  if (deniedNames.has(name)) {
    return failed('LEDGER_KEY_UNREADABLE', `access to the key ${keyArn} is denied: allow ${action} in the role and in the key's policy`);
  }
  if (credentialNames.has(name)) return failed('LEDGER_KEY_UNREADABLE', `AWS does not accept the credentials for the key ${keyArn}`);
  if (name === 'DisabledException') return failed('LEDGER_KEY_UNREADABLE', `the key ${keyArn} is disabled: enable it again`);
  if (name === 'KMSInvalidStateException' && /pending\s*(replica\s*)?deletion/i.test(message)) {
    return failed(
      'LEDGER_KEY_UNREADABLE',
      `the key ${keyArn} is pending deletion: cancel the deletion and enable it, it cannot be replaced`,
    );
  }
  if (name === 'KMSInvalidStateException') return failed('LEDGER_KEY_UNREADABLE', `the key ${keyArn} is in no state to be used`);
  if (absentNames.has(name)) return failed('LEDGER_KEY_UNREADABLE', `there is no key ${keyArn} for this account and Region`);
  if (otherKindNames.has(name)) return failed('LEDGER_KEY_WRONG', `the key ${keyArn} is not of the kind that ${action} needs here`);
  return failed('LEDGER_UNAVAILABLE', `KMS did not do its work with the key ${keyArn}: try again later`);
}

function nameAndMessage(cause: unknown): { readonly name: string; readonly message: string } {
  if (Error.isError(cause)) return { name: cause.name, message: cause.message };
  return { name: 'UnknownError', message: String(cause) };
}
