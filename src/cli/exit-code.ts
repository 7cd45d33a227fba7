// SPDX-License-Identifier: Apache-2.0
import { AimsError } from '../evidence/errors.ts';

/** 0 fine · 1 a check failed · 2 wrong usage · 3 could not finish. */
export type ExitCode = 0 | 1 | 2 | 3;

// Errors that a person mends by calling the command differently. All others mean that the work could not be finished.
const wrongUsage = new Set([
  'USAGE_OPTION',
  'USAGE_PATH',
  'CONFIG_UNREADABLE',
  'CONFIG_INVALID',
  'RECORD_UNKNOWN',
  'AWS_NO_REGION',
  'AWS_NO_STACK',
  'HOME_ABSENT',
  'HOME_MIXED',
  'MAPPING_UNKNOWN_CONTROL',
  'MAPPING_UNKNOWN_SEED_ALIAS',
  'MAPPING_PATTERN_INVALID',
  'MAPPING_EVENT_INVALID',
  'INDEX_CURSOR_INVALID',
]);

/** The exit code of an error that ended a command. */
export function exitCodeOf(error: unknown): ExitCode {
  return error instanceof AimsError && wrongUsage.has(error.code) ? 2 : 3;
}

/** The words for it: our own errors say what to do; anything else is a fault of ours and says where to report it. */
export function wordsOf(error: unknown): string {
  if (error instanceof AimsError) return error.message;
  const text = Error.isError(error) ? (error.stack ?? error.message) : String(error);
  return `unexpected failure, nothing already stored is lost. Please report this:\n${text}`;
}
