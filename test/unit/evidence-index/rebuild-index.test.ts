// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { EvidenceIndex } from '../../../src/evidence-index/evidence-index.ts';
import { type RebuildProgress, rebuildIndex } from '../../../src/evidence-index/rebuild-index.ts';
import { SqliteIndex } from '../../../src/evidence-index/sqlite-index.ts';
import { type Vault, VaultError } from '../../../src/vault/vault.ts';
import { countLines, listAll } from '../../support/index-views.ts';
import { numberedSegment } from '../../support/numbered-segment.ts';

const segments = [0, 1, 2, 3].map(numberedSegment);
const openMemory = () => SqliteIndex.open({ path: ':memory:', isAiResource: () => false });
const view = async (index: EvidenceIndex) => ({ list: await listAll(index, {}, 500), counts: await countLines(index) });

/** A vault whose segments are their own keys. */
function vaultOf(failing: { readonly key: string; readonly error: Error } | null): Vault {
  const refuse = () => Promise.reject(new VaultError('VAULT_UNAVAILABLE', 'for reading only'));
  return {
    put: refuse,
    has: async (key) => segments.some((segment) => segment.key === key),
    get: async (key) => {
      if (key === failing?.key) throw failing.error;
      return Buffer.from(key);
    },
    async *list() {
      for (const { key } of segments) yield { key, bytes: key.length };
    },
  };
}

const openSegment = async (key: string, bytes: Uint8Array) => {
  if (Buffer.from(bytes).toString() !== key) throw new RangeError('other bytes');
  return [...(segments.find((segment) => segment.key === key)?.records ?? [])];
};

describe('rebuilding the index', () => {
  it('gives the entries and counts that live collection gave', async () => {
    const [live, rebuilt] = [openMemory(), openMemory()];
    for (const segment of segments.toReversed()) await live.apply(segment);
    const steps: RebuildProgress[] = [];
    const result = await rebuildIndex({ vault: vaultOf(null), index: rebuilt, openSegment, onProgress: (step) => steps.push(step) });
    expect(result).toEqual({ segments: 4, records: 800, damaged: [] });
    expect(steps.at(-1)).toEqual({ segments: 4, records: 800, damaged: 0 });
    expect(await view(rebuilt)).toEqual(await view(live));
    expect((await view(live)).counts).not.toEqual([]);
  });

  it('passes over what the index holds', async () => {
    const index = openMemory();
    const options = { vault: vaultOf(null), index, openSegment };
    expect((await rebuildIndex(options)).segments).toBe(4);
    expect(await rebuildIndex(options)).toEqual({ segments: 0, records: 0, damaged: [] });
  });

  it('reports a segment that cannot be read and takes in the others', async () => {
    const [index, key] = [openMemory(), segments[1]?.key ?? ''];
    const unreadable = vaultOf({ key, error: new VaultError('VAULT_UNREADABLE', 'bad sector') });
    expect(await rebuildIndex({ vault: unreadable, index, openSegment })).toMatchObject({
      segments: 3,
      damaged: [{ key, reason: expect.stringContaining('bad sector') }],
    });
    const odd = (at: string, bytes: Uint8Array) => openSegment(at, at === key ? Buffer.from('flipped') : bytes);
    expect(await rebuildIndex({ vault: vaultOf(null), index, openSegment: odd })).toMatchObject({ segments: 0, damaged: [{ key }] });
    expect(await rebuildIndex({ vault: vaultOf(null), index, openSegment })).toMatchObject({ segments: 1, damaged: [] });
  });

  it('ends when the vault cannot be reached at all', async () => {
    const gone = vaultOf({ key: segments[2]?.key ?? '', error: new VaultError('VAULT_UNAVAILABLE', 'no mount') });
    await expect(rebuildIndex({ vault: gone, index: openMemory(), openSegment })).rejects.toMatchObject({ code: 'VAULT_UNAVAILABLE' });
  });
});
