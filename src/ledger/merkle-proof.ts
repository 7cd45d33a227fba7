// SPDX-License-Identifier: Apache-2.0
import { emptyRoot, hashBytes, merkleRoot, nodeHash, sameHash, splitPoint } from './merkle.ts';

/** Leaves `start` up to but not including `end`. */
export interface LeafRange {
  readonly start: number;
  readonly end: number;
}

/** What a subtree proof is checked against. */
export interface SubtreeClaim extends LeafRange {
  /** Leaves in the whole tree. */
  readonly size: number;
  /** Root of the leaves `start`..`end`. */
  readonly part: Uint8Array;
  /** Root of the whole tree. */
  readonly whole: Uint8Array;
}

/**
 * The ranges whose roots make the proof that `range` is a subtree of a tree of `size` leaves, in the order of the proof.
 * One algorithm gives all three kinds: RFC 6962's audit path (one leaf), its consistency proof (a range from 0), and the subtree
 * proof of draft-ietf-plants-merkle-tree-certs.
 */
export function proofRanges(range: LeafRange, size: number): LeafRange[] {
  if (!isSubtree(range) || range.end > size || range.start === range.end) {
    throw new RangeError(`leaves ${range.start}..${range.end} are no subtree of a tree of ${size}`);
  }
  const outermostFirst: LeafRange[] = [];
  let { start, end } = range;
  let base = 0;
  let width = size;
  let known = true;
  while (!(start === 0 && end === width)) {
    const split = splitPoint(width);
    if (end <= split) {
      outermostFirst.push({ start: base + split, end: base + width });
      width = split;
      continue;
    }
    outermostFirst.push({ start: base, end: base + split });
    // A subtree that crosses the split starts at 0; what remains of it to the right is not known to the verifier as one hash.
    if (start < split) known = false;
    start = Math.max(0, start - split);
    end -= split;
    base += split;
    width -= split;
  }
  if (!known) outermostFirst.push({ start: base, end: base + width });
  return outermostFirst.toReversed();
}

/** The audit path of one leaf, from all leaf hashes of a tree held in memory. */
export function inclusionProof(leafHashes: readonly Uint8Array[], index: number): Buffer[] {
  return subtreeProof(leafHashes, { start: index, end: index + 1 });
}

/** The proof that the first `size` leaves are what the tree began with. `size` is at least 1. */
export function consistencyProof(leafHashes: readonly Uint8Array[], size: number): Buffer[] {
  return subtreeProof(leafHashes, { start: 0, end: size });
}

/** The proof that a range is a subtree of the tree over `leafHashes`. */
export function subtreeProof(leafHashes: readonly Uint8Array[], range: LeafRange): Buffer[] {
  return proofRanges(range, leafHashes.length).map(({ start, end }) => merkleRoot(leafHashes.slice(start, end)));
}

/** Whether `proof` leads from the leaf hash at `index` to `root` in a tree of `size` leaves. */
export function verifyInclusion(
  leaf: { readonly index: number; readonly hash: Uint8Array },
  tree: TreeRoot,
  proof: readonly Uint8Array[],
): boolean {
  const { index, hash } = leaf;
  if (!isCount(index) || index >= tree.size || hash.length !== hashBytes) return false;
  return verifySubtreeConsistency({ start: index, end: index + 1, size: tree.size, part: hash, whole: tree.root }, proof);
}

/** Size and root of a tree. */
export interface TreeRoot {
  readonly size: number;
  readonly root: Uint8Array;
}

/** Whether `proof` shows that the newer tree begins with the older one. False for an older tree without leaves: that would say nothing. */
export function verifyConsistency(older: TreeRoot, newer: TreeRoot, proof: readonly Uint8Array[]): boolean {
  if (!isCount(older.size) || older.size === 0) return false;
  return verifySubtreeConsistency({ start: 0, end: older.size, size: newer.size, part: older.root, whole: newer.root }, proof);
}

/** Whether `proof` leads from a leaf hash to the root of the subtree `range`. */
export function verifySubtreeInclusion(
  leaf: { readonly index: number; readonly hash: Uint8Array },
  subtree: LeafRange & { readonly root: Uint8Array },
  proof: readonly Uint8Array[],
): boolean {
  if (!isSubtree(subtree) || !isCount(leaf.index) || leaf.index < subtree.start || leaf.index >= subtree.end) return false;
  const inner = { index: leaf.index - subtree.start, hash: leaf.hash };
  return verifyInclusion(inner, { size: subtree.end - subtree.start, root: subtree.root }, proof);
}

/** Whether `proof` shows that the claimed range is a subtree of the claimed tree. An empty range is one of every tree that reaches it. */
export function verifySubtreeConsistency(claim: SubtreeClaim, proof: readonly Uint8Array[]): boolean {
  if (!isSubtree(claim) || !isCount(claim.size) || claim.end > claim.size) return false;
  if (claim.start === claim.end) return proof.length === 0 && sameHash(claim.part, emptyRoot);
  if (claim.start === 0 && claim.end === claim.size) return proof.length === 0 && sameHash(claim.part, claim.whole);
  if ([claim.part, claim.whole, ...proof].some((hash) => hash.length !== hashBytes)) return false;
  const ranges = proofRanges(claim, claim.size);
  if (ranges.length !== proof.length) return false;
  const climbed = climb(claim, ranges, proof);
  return sameHash(climbed.part, claim.part) && sameHash(climbed.whole, claim.whole);
}

/** Rebuilds both roots from the proof: hashes inside the range belong to both, those right or left of it to the whole tree alone. */
function climb(claim: SubtreeClaim, ranges: readonly LeafRange[], proof: readonly Uint8Array[]): { part: Uint8Array; whole: Uint8Array } {
  let part = claim.part;
  let whole = claim.part;
  // Where the range is no single node of the tree, the first hash of the proof is the node at its right end.
  const startsInside = ranges[0]?.end === claim.end;
  ranges.forEach((range, step) => {
    const hash = proof[step];
    if (hash === undefined) return;
    if (step === 0 && startsInside) {
      part = hash;
      whole = hash;
    } else if (range.start >= claim.end) {
      whole = nodeHash(whole, hash);
    } else {
      whole = nodeHash(hash, whole);
      if (range.start >= claim.start) part = nodeHash(hash, part);
    }
  });
  return { part, whole };
}

/** A range that can be a node of some tree: it starts at a multiple of the smallest power of two that is not below its length. */
function isSubtree({ start, end }: LeafRange): boolean {
  if (!isCount(start) || !isCount(end) || start > end) return false;
  let span = 1;
  while (span < end - start) span *= 2;
  return start % span === 0;
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
