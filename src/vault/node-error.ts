// SPDX-License-Identifier: Apache-2.0

/** Node's code of a failed call, such as `ENOENT`. */
export function codeOf(error: unknown): string {
  return Error.isError(error) && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** True where a file or a directory on its path is not there. */
export function isAbsence(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes(codeOf(error));
}

/** True where the disk or the quota is full. */
export function isFull(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(codeOf(error));
}
