// SPDX-License-Identifier: Apache-2.0
import { hash, type KeyObject } from 'node:crypto';

// RFC 2104 over SHA-384: block of 128 bytes, digest of 48.
const blockBytes = 128;
const digestBytes = 48;
const maxMessageBytes = 256;

/** HMAC-SHA-384 of a short ASCII message under one key, as 96 hex digits. */
export type KeyedHash = (message: string) => string;

/**
 * Makes an HMAC-SHA-384 for many short messages. `createHmac` builds and drops an object for each, which costs more than the two hashes; this writes
 * into two prepared blocks and gives the same result (a test compares them). Throws RangeError for a message that is long or not ASCII.
 */
export function keyedHash(key: KeyObject): KeyedHash {
  const secret = key.export();
  if (secret.length > blockBytes) throw new RangeError('a key longer than a block is not used here');
  const inner = Buffer.alloc(blockBytes + maxMessageBytes, 0x36);
  const outer = Buffer.alloc(blockBytes + digestBytes, 0x5c);
  for (const [i, byte] of secret.entries()) {
    inner[i] = byte ^ 0x36;
    outer[i] = byte ^ 0x5c;
  }
  return (message) => {
    const length = inner.write(message, blockBytes, 'utf8');
    if (length !== message.length) throw new RangeError(`not an ASCII message of at most ${maxMessageBytes} bytes`);
    outer.write(hash('sha384', inner.subarray(0, blockBytes + length)), blockBytes, 'hex');
    return hash('sha384', outer);
  };
}
