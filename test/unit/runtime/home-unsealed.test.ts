// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { seal } from '../../../src/ledger/seal.ts';
import { countUnsealed } from '../../../src/runtime/home-unsealed.ts';
import { MemoryLedgerStore } from '../../support/memory-ledger-store.ts';
import { MemoryVault } from '../../support/memory-vault.ts';
import { segmentOf } from '../../support/sealed-lines.ts';
import { testSigner } from '../../support/test-signer.ts';

const now = new Date('2026-11-21T12:00:00Z');

function home() {
  const [vault, ledger] = [new MemoryVault(), new MemoryLedgerStore()];
  const put = async (name: string, writtenOn: string) => {
    const segment = await segmentOf(name, 1, writtenOn);
    await vault.put(segment.key, segment.bytes);
  };
  const count = () => countUnsealed({ vault, ledger }, now);
  return { vault, put, count, seal: () => seal({ vault, store: ledger, signer: testSigner('log.example/unsealed') }) };
}

describe('counting what is not sealed', () => {
  it('counts everything before the first seal, and nothing right after one', async () => {
    const { put, count, seal: sealAll } = home();
    expect(await count()).toEqual({ segments: 0, since: null, more: false });
    await put('a', '2026-01-01');
    await put('b', '2026-11-21');
    expect(await count()).toEqual({ segments: 2, since: null, more: false });
    await sealAll();
    expect(await count()).toEqual({ segments: 0, since: '2026-11-20', more: false });
  });

  it('counts what came since, by a clock that is ahead too, and no foreign object', async () => {
    const { vault, put, count, seal: sealAll } = home();
    await put('a', '2026-11-21');
    await sealAll();
    await put('b', '2026-11-20');
    await put('c', '2026-11-21');
    await put('d', '2026-11-22');
    await vault.put('written=2026-11-21/note.txt', Buffer.from('x'));
    expect(await count()).toEqual({ segments: 3, since: '2026-11-20', more: false });
  });

  it('reaches back to when sealing stopped', async () => {
    const { put, count, seal: sealAll } = home();
    await put('a', '2026-11-10');
    await sealAll();
    for (const day of ['2026-11-10', '2026-11-12', '2026-11-20']) await put(day, day);
    expect(await count()).toEqual({ segments: 3, since: '2026-11-09', more: false });
  });
});
