// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { LedgerError } from '../../../src/ledger/ledger-store.ts';
import { TileReader } from '../../../src/ledger/tile-reader.ts';

/** A store without the partial tile; what it answers for the full one is the test's. */
function readerOf(full: () => Promise<Uint8Array>): TileReader {
  const getTile = async (path: string) => {
    if (path === 'tile/0/000') return await full();
    throw new LedgerError('LEDGER_TILE_ABSENT', `the ledger does not hold ${path}`);
  };
  return new TileReader({ getTile }, 3);
}

describe('a tile of a tree that has grown', () => {
  it('is read from the full one, of which the first hashes are its own', async () => {
    const hashes = await readerOf(async () => Buffer.alloc(256 * 32, 7)).tile(0, 0);
    expect(hashes.map((hash) => Buffer.from(hash))).toEqual([1, 2, 3].map(() => Buffer.alloc(32, 7)));
  });

  it('is missing where the full one is absent too', async () => {
    const absent = async () => Promise.reject(new LedgerError('LEDGER_TILE_ABSENT', 'the ledger does not hold tile/0/000'));
    const reading = readerOf(absent).tile(0, 0);
    await expect(reading).rejects.toMatchObject({ code: 'LEDGER_TILE_ABSENT', message: expect.stringContaining('tile/0/000.p/3') });
  });

  it('is not missing where the full one only cannot be read', async () => {
    const denied = async () => Promise.reject(new LedgerError('LEDGER_UNAVAILABLE', 'access is denied'));
    await expect(readerOf(denied).tile(0, 0)).rejects.toMatchObject({ code: 'LEDGER_UNAVAILABLE' });
    const broken = async () => Promise.reject(new RangeError('a fault of ours'));
    await expect(readerOf(broken).tile(0, 0)).rejects.toThrow(RangeError);
  });
});
