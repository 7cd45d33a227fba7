// SPDX-License-Identifier: Apache-2.0
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { verifyLedger } from '../src/ledger/verify-ledger.ts';
import { verifyVault } from '../src/ledger/verify-vault.ts';
import { openHomeForReading, ownVerifierKey } from '../src/runtime/directory-home.ts';

/** Milliseconds of `sha256sum` and `zstd -d` over every segment; null where this machine has no such commands. */
export function toolsMilliseconds(home: string): number | null {
  if (spawnSync('zstd', ['--version']).error !== undefined || spawnSync('sha256sum', ['--version']).error !== undefined) return null;
  const vault = join(home, 'vault');
  const files = readdirSync(vault, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.zst'));
  const started = performance.now();
  execFileSync('sha256sum', files, { cwd: vault, stdio: ['ignore', 'ignore', 'inherit'] });
  execFileSync('sh', ['-c', 'zstd -dcq -- "$@" > /dev/null', 'sh', ...files], { cwd: vault });
  return performance.now() - started;
}

/** Milliseconds to verify ledger and vault, with or without every record. */
export async function verifyMilliseconds(directory: string, records: boolean): Promise<number> {
  const home = await openHomeForReading(directory);
  try {
    const started = performance.now();
    const ledger = await verifyLedger(home.ledger, { verifierKeys: [await ownVerifierKey(directory)] });
    const vault = await verifyVault(home.vault, home.ledger, { records });
    if (ledger.problems.length + vault.problems.length > 0) throw new Error('the bench home does not verify');
    return performance.now() - started;
  } finally {
    await home.close();
  }
}
