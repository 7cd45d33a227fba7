// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { DirectoryVault } from '../../src/vault/directory-vault.ts';
import { MemoryVault } from '../support/memory-vault.ts';
import { temporaryDirectories } from '../support/temporary-directory.ts';
import { vaultContract } from './vault.contract.ts';

const directory = temporaryDirectories('vault');

vaultContract('DirectoryVault', async () => new DirectoryVault(join(await directory(), 'vault')));
vaultContract('MemoryVault', async () => new MemoryVault());
