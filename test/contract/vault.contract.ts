// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { Vault } from '../../src/vault/vault.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text, 'utf8');

async function keysOf(vault: Vault, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of vault.list(prefix)) keys.push(key);
  return keys;
}

/** What every vault promises. `open` gives an empty one each time. */
export function vaultContract(adapter: string, open: () => Promise<Vault>): void {
  describe(`${adapter} keeps the vault contract`, () => {
    it('gives back the bytes that were put, an empty object too', async () => {
      const vault = await open();
      await vault.put('a/1', bytes('one'));
      await vault.put('a/empty', bytes(''));
      expect(Buffer.from(await vault.get('a/1'))).toEqual(bytes('one'));
      expect((await vault.get('a/empty')).length).toBe(0);
    });

    it('accepts equal bytes under a used key', async () => {
      const vault = await open();
      await vault.put('a/1', bytes('one'));
      await vault.put('a/1', bytes('one'));
      expect(await keysOf(vault, '')).toEqual(['a/1']);
    });

    it.each(['two', 'onE', 'one and more', ''])('keeps the first bytes when other bytes (%j) are put under the same key', async (other) => {
      const vault = await open();
      await vault.put('a/1', bytes('one'));
      await expect(vault.put('a/1', bytes(other))).rejects.toMatchObject({ code: 'VAULT_KEY_TAKEN' });
      expect(Buffer.from(await vault.get('a/1'))).toEqual(bytes('one'));
    });

    it('tells what it holds from what it does not', async () => {
      const vault = await open();
      await vault.put('a/1', bytes('one'));
      expect(await vault.has('a/1')).toBe(true);
      expect(await vault.has('a/2')).toBe(false);
      expect(await vault.has('a')).toBe(false);
      await expect(vault.get('a/2')).rejects.toMatchObject({ code: 'VAULT_KEY_ABSENT' });
    });

    it.each([
      '',
      '/a',
      'a/',
      'a//b',
      '..',
      'a/../b',
      '.',
      './a',
      'a/./b',
      'a\\b',
      'a\0b',
      'a\nb',
      'C:/a',
      '.hidden',
      'ä',
      `${'a/'.repeat(600)}b`,
      'a'.repeat(300),
    ])('refuses the key %j', async (key) => {
      const vault = await open();
      await expect(vault.put(key, bytes('x'))).rejects.toMatchObject({ code: 'VAULT_KEY_INVALID' });
      await expect(vault.get(key)).rejects.toMatchObject({ code: 'VAULT_KEY_INVALID' });
      await expect(vault.has(key)).rejects.toMatchObject({ code: 'VAULT_KEY_INVALID' });
      expect(await keysOf(vault, '')).toEqual([]);
    });

    it('lists in order of key, with sizes, whatever the order of putting', async () => {
      const vault = await open();
      const keys = ['b/1', 'a.b', 'a/c/3', 'a/b/2', 'a-b', 'a0', 'a/b.c'];
      for (const key of keys) await vault.put(key, bytes(key));
      expect(await keysOf(vault, '')).toEqual([...keys].sort());
      for await (const entry of vault.list('')) expect(entry.bytes).toBe(entry.key.length);
    });

    it('keeps and lists a key of every character that a key may have', async () => {
      const vault = await open();
      const keys = ['written=1/a+b', "(it's)!*~@1,2/x_y-z.Z", 'a=b/+/=', 'plus+plus', 'p/~'].sort();
      for (const key of keys) await vault.put(key, bytes(key));
      expect(await keysOf(vault, '')).toEqual(keys);
      expect(await keysOf(vault, 'plus+')).toEqual(['plus+plus']);
      for (const key of keys) expect(Buffer.from(await vault.get(key))).toEqual(bytes(key));
    });

    it('tells of no disturbance where there was none', async () => {
      const vault = await open();
      await vault.put('a/1', bytes('one'));
      await vault.put('a/1', bytes('one'));
      await vault.get('a/1');
      for await (const entry of vault.list('')) expect(entry).toEqual({ key: 'a/1', bytes: 3 });
      expect(await keysOf(vault, '')).toHaveLength(1);
    });

    it('lists what starts with a prefix, and nothing for one that nothing starts with', async () => {
      const vault = await open();
      for (const key of ['day=1/x', 'day=1/y', 'day=10/x', 'day=2/x']) await vault.put(key, bytes('x'));
      expect(await keysOf(vault, 'day=1/')).toEqual(['day=1/x', 'day=1/y']);
      expect(await keysOf(vault, 'day=1')).toEqual(['day=1/x', 'day=1/y', 'day=10/x']);
      expect(await keysOf(vault, 'day=1/y')).toEqual(['day=1/y']);
      expect(await keysOf(vault, '../')).toEqual([]);
    });

    it('lets one of many writers win and tells every other one', async () => {
      const vault = await open();
      const results = await Promise.allSettled(Array.from({ length: 8 }, (_, i) => vault.put('a/race', bytes(`writer ${i}`))));
      const winner = results.findIndex((result) => result.status === 'fulfilled');
      expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
      expect(Buffer.from(await vault.get('a/race'))).toEqual(bytes(`writer ${winner}`));
    });

    it('lets many writers of equal bytes all succeed', async () => {
      const vault = await open();
      await Promise.all(Array.from({ length: 8 }, () => vault.put('a/same', bytes('same'))));
      expect(await keysOf(vault, '')).toEqual(['a/same']);
    });
  });
}
