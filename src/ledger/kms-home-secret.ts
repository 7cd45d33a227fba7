// SPDX-License-Identifier: Apache-2.0
import { GenerateMacCommand, type KMSClient } from '@aws-sdk/client-kms';
import { type HomeSecret, homeSecret } from '../evidence/identity.ts';
import { kmsFailure } from './kms-failure.ts';
import { LedgerError } from './ledger-store.ts';

/** What the secret is the MAC of: constant, so that every process of a home derives the same one. It must never change. */
const message = 'aims-evidence/home-secret/1';
const secretBytes = 32;

/**
 * Derives the home secret from a KMS key of spec HMAC_256: one call, so that ids and salts of millions of records cost none. Whoever may call
 * `kms:GenerateMac` on the key has the secret: give the right to collectors only. Throws as `openKmsSigner` does.
 */
export async function openKmsHomeSecret({ client, keyArn }: { readonly client: KMSClient; readonly keyArn: string }): Promise<HomeSecret> {
  const request = new GenerateMacCommand({ KeyId: keyArn, MacAlgorithm: 'HMAC_SHA_256', Message: Buffer.from(message, 'utf8') });
  const { Mac: mac } = await client.send(request).catch((cause: unknown) => {
    throw kmsFailure({ action: 'kms:GenerateMac', keyArn }, cause);
  });
  if (mac?.length !== secretBytes) {
    throw new LedgerError('LEDGER_KEY_WRONG', `the key ${keyArn} gave ${mac?.length ?? 0} bytes for a home secret of ${secretBytes}`);
  }
  return homeSecret(mac);
}
