// SPDX-License-Identifier: Apache-2.0
import { VaultError } from './vault.ts';

/** S3's limit for a key; a path element is held to what file systems take. */
const maxKeyBytes = 1024;
const maxElementBytes = 255;

// A narrow alphabet that S3, every file system and every shell spell alike: no backslash, NUL, space, or letter with two encodings.
// An element never starts with a dot, which rules out `.` and `..` and leaves such names to the store's own temporary files.
const element = /^[A-Za-z0-9_=@+,!'()*~-][A-Za-z0-9_=@+,!'()*~.-]*$/;

/** The elements of a key that is a clean relative path. Throws VAULT_KEY_INVALID, before any path is joined. */
export function parseVaultKey(key: string): readonly string[] {
  const elements = key.split('/');
  const bad = elements.find((part) => !element.test(part) || part.length > maxElementBytes);
  if (key.length > maxKeyBytes || bad !== undefined) {
    const shown = JSON.stringify(key.slice(0, 200));
    throw new VaultError(
      'VAULT_KEY_INVALID',
      `refusing the key ${shown}: a key is a relative path of plain names, at most ${maxKeyBytes} bytes`,
    );
  }
  return elements;
}
