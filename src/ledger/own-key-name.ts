// SPDX-License-Identifier: Apache-2.0
import { sha256 } from './merkle.ts';

/** The name in signed notes of a key that nobody named: told from all others by the hash of its 32 public bytes. */
export function ownKeyName(publicKey: Uint8Array): string {
  return `aims-evidence/${sha256(publicKey).toString('hex').slice(0, 16)}`;
}
