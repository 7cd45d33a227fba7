// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { proveConsistency, proveRecord } from '../../../src/ledger/proofs.ts';
import { seal } from '../../../src/ledger/seal.ts';
import { recordProofSchema, verifyRecordProof } from '../../../src/ledger/verify-proof.ts';
import { MemoryLedgerStore } from '../../support/memory-ledger-store.ts';
import { MemoryVault } from '../../support/memory-vault.ts';
import { sealedLine, segmentOf } from '../../support/sealed-lines.ts';
import { testSigner } from '../../support/test-signer.ts';

const signer = testSigner('log.example/proof');
const keys = [signer.verifierKey];

async function home(names: readonly string[]): Promise<{ vault: MemoryVault; store: MemoryLedgerStore; keyOf: Map<string, string> }> {
  const vault = new MemoryVault();
  const store = new MemoryLedgerStore();
  const keyOf = new Map<string, string>();
  for (const name of names) {
    const segment = await segmentOf(name, 7);
    keyOf.set(name, segment.key);
    await vault.put(segment.key, segment.bytes);
    await seal({ vault, store, signer });
  }
  return { vault, store, keyOf };
}

const leafOf = (name: string): Buffer => Buffer.from(sealedLine(name).leafHash, 'hex');

describe('a record proof', () => {
  it('leads from each record to the newest checkpoint, through JSON and back', async () => {
    const { vault, store, keyOf } = await home(['a', 'b', 'c']);
    for (const [name, key] of keyOf) {
      for (const index of [0, 3, 6]) {
        const proof = recordProofSchema.parse(JSON.parse(JSON.stringify(await proveRecord({ vault, store }, { key, index }))));
        expect(verifyRecordProof(leafOf(`${name}-${index}`), proof, keys)).toMatchObject({ problems: [], checkpoint: { size: 3 } });
      }
    }
  });

  it('can be had against a checkpoint kept elsewhere', async () => {
    const { vault, store, keyOf } = await home(['a', 'b', 'c']);
    const [first] = store.checkpoints;
    const proof = await proveRecord({ vault, store }, { key: keyOf.get('a') ?? '', index: 1 }, { checkpoint: first?.note ?? '' });
    expect(verifyRecordProof(leafOf('a-1'), proof, keys)).toMatchObject({ problems: [], checkpoint: { size: 1 } });
    const late = proveRecord({ vault, store }, { key: keyOf.get('c') ?? '', index: 1 }, { checkpoint: first?.note ?? '' });
    await expect(late).rejects.toMatchObject({ code: 'LEDGER_LEAF_ABSENT' });
  });

  it('uses a hint of the leaf where it is right and searches where it is wrong', async () => {
    const { vault, store, keyOf } = await home(['a', 'b', 'c']);
    const key = keyOf.get('b') ?? '';
    for (const hint of [0, 1, 2, 99, -1, null]) {
      const proof = await proveRecord({ vault, store }, { key, index: 0 }, { leafIndexOf: async () => hint });
      expect(proof.ledger.index).toBe(1);
    }
  });

  it('fails by name for another record, leaf, path, checkpoint or key', async () => {
    const { vault, store, keyOf } = await home(['a', 'b', 'c']);
    const proof = await proveRecord({ vault, store }, { key: keyOf.get('b') ?? '', index: 2 });
    const kinds = (leaf: Buffer, changed: object, by = keys): string[] =>
      verifyRecordProof(leaf, { ...proof, ...changed }, by).problems.map(({ item }) => item.split(' ')[0] ?? '');
    const leaf = leafOf('b-2');
    expect(kinds(leaf, {})).toEqual([]);
    expect(kinds(leafOf('b-3'), {})).toEqual(['record']);
    expect(kinds(leaf, { record: { ...proof.record, index: 3 } })).toEqual(['record']);
    expect(kinds(leaf, { record: { ...proof.record, path: proof.record.path.slice(1) } })).toEqual(['record']);
    expect(kinds(leaf, { leaf: { ...proof.leaf, records: 4 } })).toEqual(['record', 'leaf']);
    expect(kinds(leaf, { leaf: { ...proof.leaf, sha256: '0'.repeat(64) } })).toEqual(['leaf']);
    expect(kinds(leaf, { ledger: { ...proof.ledger, index: 0 } })).toEqual(['leaf']);
    expect(kinds(leaf, { checkpoint: proof.checkpoint.replace('\n3\n', '\n2\n') })).toEqual(['checkpoint']);
    expect(kinds(leaf, {}, [testSigner('log.example/proof').verifierKey])).toEqual(['checkpoint']);
  });

  it('is refused before anything was sealed, for a record that is none, and from tiles that were changed', async () => {
    const { vault, store, keyOf } = await home(['a', 'b']);
    const key = keyOf.get('a') ?? '';
    await expect(proveRecord({ vault, store: new MemoryLedgerStore() }, { key, index: 0 })).rejects.toMatchObject({
      code: 'LEDGER_LEAF_ABSENT',
    });
    await expect(proveRecord({ vault, store }, { key, index: 7 })).rejects.toThrow(RangeError);
    store.tiles.set('tile/0/000.p/2', Buffer.alloc(64, 1));
    await expect(proveRecord({ vault, store }, { key, index: 0 })).rejects.toMatchObject({ code: 'LEDGER_DAMAGED' });
  });
});

describe('a consistency proof', () => {
  it('is had between any two committed sizes, and is empty where there is nothing to show', async () => {
    const { store } = await home(['a', 'b', 'c']);
    expect(await proveConsistency(store, 2, 3)).toHaveLength(1);
    expect(await proveConsistency(store, 3, 3)).toEqual([]);
    expect(await proveConsistency(store, 0, 3)).toEqual([]);
  });
});
