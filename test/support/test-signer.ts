// SPDX-License-Identifier: Apache-2.0
import { generateKeyPairSync, sign } from 'node:crypto';
import { formatVerifierKey } from '../../src/ledger/note.ts';
import type { Signer } from '../../src/ledger/signer.ts';

/** A signer with a new key in memory. */
export function testSigner(name: string): Signer {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32);
  return { name, verifierKey: formatVerifierKey(name, raw), sign: async (message) => sign(null, message, privateKey) };
}
