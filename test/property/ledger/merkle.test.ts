// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { leafHash, merkleRoot, nodeHash } from '../../../src/ledger/merkle.ts';
import {
  consistencyProof,
  inclusionProof,
  subtreeProof,
  verifyConsistency,
  verifyInclusion,
  verifySubtreeConsistency,
  verifySubtreeInclusion,
} from '../../../src/ledger/merkle-proof.ts';

/** RFC 6962 §2.1 word for word, by another road to SHA-256. */
function naiveRoot(leaves: readonly Uint8Array[]): Buffer {
  const [first] = leaves;
  if (first === undefined) return createHash('sha256').digest();
  if (leaves.length === 1) return Buffer.from(first);
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  const parts = Buffer.concat([Buffer.of(1), naiveRoot(leaves.slice(0, split)), naiveRoot(leaves.slice(split))]);
  return createHash('sha256').update(parts).digest();
}

const leavesOf = (count: number): Buffer[] => Array.from({ length: count }, (_, i) => leafHash(Buffer.from(`leaf ${i}`)));

function flipBit(hash: Uint8Array, bit: number): Buffer {
  const flipped = Buffer.from(hash);
  const at = Math.floor(bit / 8) % flipped.length;
  flipped[at] = (flipped[at] ?? 0) ^ (1 << (bit % 8));
  return flipped;
}

const size = fc.integer({ min: 1, max: 300 });
const bit = fc.nat({ max: 255 });

describe('the Merkle tree of RFC 6962', () => {
  it('has the root that the definition gives', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 600 }), (count) => {
        const leaves = leavesOf(count);
        expect(merkleRoot(leaves).equals(naiveRoot(leaves))).toBe(true);
      }),
      { numRuns: 60 },
    );
    expect(
      merkleRoot([leafHash(Buffer.of()), leafHash(Buffer.of(0))]).equals(nodeHash(leafHash(Buffer.of()), leafHash(Buffer.of(0)))),
    ).toBe(true);
  });

  it('proves each leaf, and no other leaf, place, size or root', () => {
    fc.assert(
      fc.property(size, fc.nat(), bit, fc.nat(), (count, at, flipped, which) => {
        const leaves = leavesOf(count);
        const index = at % count;
        const leaf = { index, hash: leaves[index] ?? Buffer.of() };
        const tree = { size: count, root: merkleRoot(leaves) };
        const proof = inclusionProof(leaves, index);
        expect(verifyInclusion(leaf, tree, proof)).toBe(true);
        expect(verifyInclusion({ ...leaf, hash: flipBit(leaf.hash, flipped) }, tree, proof)).toBe(false);
        expect(verifyInclusion(leaf, { ...tree, root: flipBit(tree.root, flipped) }, proof)).toBe(false);
        expect(verifyInclusion(leaf, tree, [...proof, tree.root])).toBe(false);
        if (proof.length === 0) return;
        const wrong = which % proof.length;
        expect(verifyInclusion(leaf, tree, proof.with(wrong, flipBit(proof[wrong] ?? Buffer.of(), flipped)))).toBe(false);
        expect(verifyInclusion(leaf, tree, proof.slice(1))).toBe(false);
        if (count > 1) expect(verifyInclusion({ ...leaf, index: (index + 1) % count }, tree, proof)).toBe(false);
      }),
      { numRuns: 150 },
    );
  });

  it('proves that a tree continues each smaller one, and no other', () => {
    fc.assert(
      fc.property(size, fc.nat(), bit, fc.nat(), (count, at, flipped, which) => {
        const leaves = leavesOf(count);
        const smaller = 1 + (at % count);
        const older = { size: smaller, root: merkleRoot(leaves.slice(0, smaller)) };
        const newer = { size: count, root: merkleRoot(leaves) };
        const proof = consistencyProof(leaves, smaller);
        expect(verifyConsistency(older, newer, proof)).toBe(true);
        expect(verifyConsistency({ ...older, root: flipBit(older.root, flipped) }, newer, proof)).toBe(false);
        expect(verifyConsistency(older, { ...newer, root: flipBit(newer.root, flipped) }, proof)).toBe(false);
        expect(verifyConsistency(older, newer, [...proof, newer.root])).toBe(false);
        if (proof.length === 0) return;
        const wrong = which % proof.length;
        expect(verifyConsistency(older, newer, proof.with(wrong, flipBit(proof[wrong] ?? Buffer.of(), flipped)))).toBe(false);
        expect(verifyConsistency(older, newer, proof.slice(1))).toBe(false);
      }),
      { numRuns: 150 },
    );
  });

  it('proves subtrees, and leaves in them', () => {
    fc.assert(
      fc.property(size, fc.nat(), fc.nat(), bit, (count, a, b, flipped) => {
        const leaves = leavesOf(count);
        const length = 1 + (a % count);
        let span = 1;
        while (span < length) span *= 2;
        const start = span * (b % (Math.floor((count - length) / span) + 1));
        const range = { start, end: start + length };
        const part = merkleRoot(leaves.slice(range.start, range.end));
        const proof = subtreeProof(leaves, range);
        const claim = { ...range, size: count, part, whole: merkleRoot(leaves) };
        expect(verifySubtreeConsistency(claim, proof)).toBe(true);
        expect(verifySubtreeConsistency({ ...claim, part: flipBit(part, flipped) }, proof)).toBe(false);
        expect(verifySubtreeConsistency({ ...claim, whole: flipBit(claim.whole, flipped) }, proof)).toBe(false);
        const within = inclusionProof(leaves.slice(range.start, range.end), length - 1);
        const leaf = { index: range.end - 1, hash: leaves[range.end - 1] ?? Buffer.of() };
        expect(verifySubtreeInclusion(leaf, { ...range, root: part }, within)).toBe(true);
        expect(verifySubtreeInclusion({ ...leaf, index: range.end }, { ...range, root: part }, within)).toBe(false);
      }),
      { numRuns: 150 },
    );
  });

  it('refuses a consistency proof from a tree without leaves, which would show nothing', () => {
    const [leaf] = leavesOf(1);
    const tree = { size: 1, root: leaf ?? Buffer.of() };
    expect(verifyConsistency(tree, tree, [])).toBe(true);
    expect(verifyConsistency({ size: 0, root: merkleRoot([]) }, tree, [])).toBe(false);
  });
});
