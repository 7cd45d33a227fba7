// SPDX-License-Identifier: Apache-2.0
import { generateKeyPairSync } from 'node:crypto';
import { chmod, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { openKeyFile, openOrCreateKeyFile } from '../../../src/ledger/key-file-signer.ts';
import { parseVerifierKey, signNote, verifyNote } from '../../../src/ledger/note.ts';
import { temporaryDirectories } from '../../support/temporary-directory.ts';

const directory = temporaryDirectories('key');

async function keyFile(content: string | Buffer, mode = 0o600): Promise<string> {
  const path = join(await directory(), 'key.pem');
  await writeFile(path, content, { mode });
  await chmod(path, mode);
  return path;
}

const pemOf = (type: 'ed25519' | 'x25519'): string =>
  (type === 'ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('x25519')).privateKey
    .export({ type: 'pkcs8', format: 'pem' })
    .toString();

describe('a key file', () => {
  it('is made once, for its owner only, and signs what its verifier key verifies', async () => {
    const path = join(await directory(), 'new', 'key.pem');
    const made = await openOrCreateKeyFile(path);
    const again = await openOrCreateKeyFile(path);
    expect(again.verifierKey).toBe(made.verifierKey);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const note = await signNote('text\n', [made]);
    expect(verifyNote(note, [parseVerifierKey(again.verifierKey)]).signedBy).toHaveLength(1);
    expect(made.name).toMatch(/^aims-evidence\/[0-9a-f]{16}$/);
  });

  it('is one key for all who make it at once', async () => {
    const path = join(await directory(), 'key.pem');
    const signers = await Promise.all(Array.from({ length: 6 }, () => openOrCreateKeyFile(path)));
    expect(new Set(signers.map((signer) => signer.verifierKey)).size).toBe(1);
    expect(await readdir(join(path, '..'))).toEqual(['key.pem']);
  });

  it('takes the name it is given', async () => {
    const path = await keyFile(pemOf('ed25519'));
    expect((await openKeyFile(path, 'log.example/home')).verifierKey).toMatch(/^log\.example\/home\+/);
    await expect(openKeyFile(path, 'two words')).rejects.toMatchObject({ code: 'LEDGER_KEY_WRONG' });
  });

  it.each([0o640, 0o604, 0o644, 0o660])('that others may use (mode %o) is refused', async (mode) => {
    const path = await keyFile(pemOf('ed25519'), mode);
    await expect(openKeyFile(path)).rejects.toMatchObject({ code: 'LEDGER_KEY_UNREADABLE', message: expect.stringContaining('chmod 600') });
    await chmod(path, 0o400);
    expect((await openKeyFile(path)).name).toContain('aims-evidence/');
  });

  it('that is not there, empty, no key or of another kind is refused by name', async () => {
    const missing = join(await directory(), 'key.pem');
    await expect(openKeyFile(missing)).rejects.toMatchObject({ code: 'LEDGER_KEY_UNREADABLE', message: expect.stringContaining(missing) });
    for (const content of ['', 'not a key', pemOf('ed25519').slice(0, 60)]) {
      await expect(openKeyFile(await keyFile(content))).rejects.toMatchObject({ code: 'LEDGER_KEY_UNREADABLE' });
      await expect(openOrCreateKeyFile(await keyFile(content))).rejects.toMatchObject({ code: 'LEDGER_KEY_UNREADABLE' });
    }
    await expect(openKeyFile(await keyFile(pemOf('x25519')))).rejects.toMatchObject({ code: 'LEDGER_KEY_WRONG' });
  });
});
