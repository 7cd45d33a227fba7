// SPDX-License-Identifier: Apache-2.0
import { S3Vault } from '../../../src/vault/s3-vault.ts';
import { vaultContract } from '../../contract/vault.contract.ts';
import { lockedBucket, lockServers } from './s3-servers.ts';

for (const server of lockServers) {
  const bucket = lockedBucket(server);
  vaultContract(`S3Vault on ${server}`, async () => new S3Vault(bucket.place('vault')));
}
