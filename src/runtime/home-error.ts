// SPDX-License-Identifier: Apache-2.0
import { AimsError } from '../evidence/errors.ts';

/** Codes of what can be wrong with a home or its configuration. */
export type HomeErrorCode =
  | 'HOME_ABSENT'
  | 'HOME_NEWER'
  | 'HOME_MIXED'
  | 'HOME_LOCKED'
  | 'HOME_KEY_ABSENT'
  | 'HOME_KEY_WRONG'
  | 'HOME_DAMAGED'
  | 'HOME_UNREADABLE'
  | 'HOME_UNWRITABLE'
  | 'HOME_NAMES_INVALID';

/** A home that cannot be opened, or must not be written to. */
export class HomeError extends AimsError<HomeErrorCode> {}

/** The error for a file of a home that is there and cannot be read. */
export function unreadableFile(path: string, cause: unknown): HomeError {
  const reason = Error.isError(cause) ? cause.message : cause;
  return new HomeError('HOME_UNREADABLE', `cannot read ${path}: ${reason}; check who owns it and its directory`, { cause });
}

/** Codes of wrong input by a person: options, configuration, the three dated files, AWS credentials. */
export type UsageErrorCode =
  | 'USAGE_OPTION'
  | 'USAGE_PATH'
  | 'CONFIG_UNREADABLE'
  | 'CONFIG_INVALID'
  | 'RECORD_UNKNOWN'
  | 'AWS_NO_IDENTITY'
  | 'AWS_NO_REGION'
  | 'AWS_NO_STACK';

/** Input that cannot be used as it is; the message says what to change. */
export class UsageError extends AimsError<UsageErrorCode> {}
