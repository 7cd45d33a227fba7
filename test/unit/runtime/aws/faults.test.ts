// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { verifyLedger } from '../../../../src/ledger/verify-ledger.ts';
import { verifyVault } from '../../../../src/ledger/verify-vault.ts';
import { faultCases } from './faults-table.ts';

describe('faults of a deployment', () => {
  it('are all that the table should hold', () => {
    expect(faultCases).toHaveLength(18);
    expect(new Set(faultCases.map(({ name }) => name)).size).toBe(18);
  });

  it.each(faultCases)('$name: loses nothing, doubles nothing, and what was not seen is a gap while it lasts', async (fault) => {
    const expected = fault.findings ?? ['a', 'b'];
    let looked = 0;
    const home = await fault.happen(async (during) => {
      looked++;
      expect(await during.openGaps()).toEqual(fault.gaps);
    });
    expect(looked).toBe(1);
    await home.project();
    expect(await home.findings()).toEqual(expected);
    expect(await home.counted()).toBe(expected.length);
    expect(await home.openGaps()).toEqual([]);
    expect(await home.functions.index.unfinishedPlans()).toEqual([]);
  });

  it.each(faultCases)('$name: is told by its signs and no others', async (fault) => {
    const home = await fault.happen(async () => undefined);
    expect(new Set(home.signs())).toEqual(new Set(fault.signs));
  });

  it.each(faultCases)('$name: leaves one ledger over all segments', async (fault) => {
    const home = await fault.happen(async () => undefined);
    const { vault, ledger, signer } = home.functions;
    await home.seal('everything');
    const found = await verifyLedger(ledger, { verifierKeys: [signer.verifierKey] });
    const segments = await verifyVault(vault, ledger, { records: true, threads: 0 });
    expect([...found.problems, ...segments.problems]).toEqual([]);
    expect(segments.checked.segments).toBeGreaterThan(0);
    expect(found.checked.leaves).toBe((await Array.fromAsync(vault.list(''))).length);
  });
});
