// SPDX-License-Identifier: Apache-2.0
import type { Vault } from '../vault/vault.ts';
import { formatCheckpoint, openCheckpoint } from './checkpoint.ts';
import { firstDayOf } from './day-marks.ts';
import {
  type DisturbedSegment,
  type Findings,
  findNewLeaves,
  type LeafSearch,
  type LeafSearchOptions,
  type NamedSegment,
} from './find-new-leaves.ts';
import { FirstFew } from './first-few.ts';
import { FoundDisturbed } from './found-disturbed.ts';
import { KeySet } from './key-set.ts';
import { encodeLeaf, type LedgerLeaf } from './ledger-leaf.ts';
import { LedgerError, type LedgerHead, type LedgerStore } from './ledger-store.ts';
import { sameHash } from './merkle.ts';
import { parseNote, parseVerifierKey, signNote } from './note.ts';
import { proposeLeaves, readProposal } from './proposal.ts';
import { noteSealedKeys, noteSealedSince } from './sealed-keys.ts';
import type { Signer } from './signer.ts';
import type { TileEdge } from './tile-edge.ts';
import { readNewestCheckpoint, readTrustedHead, type SignedCheckpoint, type TrustedHead } from './trusted-head.ts';

/** What sealing works on. */
export interface SealParts {
  readonly vault: Pick<Vault, 'get' | 'list'>;
  readonly store: LedgerStore;
  readonly signer: Signer;
  /** The key that `signer` replaces: the first checkpoint after the change carries both signatures. */
  readonly previousSigner?: Signer;
}

/** How to seal. */
export interface SealOptions extends LeafSearchOptions {
  /** Leaves between two moves of the head; bounds the memory. */
  readonly leavesPerStep?: number;
}

/** What sealing did. Lists hold the first hundred, that of disturbances of each thing that can be done, the worst first; `counts` all. */
export interface SealOutcome {
  /** The newest checkpoint; null while the vault holds no segment. */
  readonly checkpoint: SignedCheckpoint | null;
  /** Segments that became leaves. */
  readonly added: number;
  /** Segments that cannot be read and so did not become leaves. */
  readonly damaged: readonly NamedSegment[];
  /** What lies in the vault and is no segment. */
  readonly foreign: readonly string[];
  /** Segments, in the ledger or new, that somebody hid, covered or unprotected in the vault; their evidence is untouched. */
  readonly disturbed: readonly DisturbedSegment[];
  /** Segments whose protection could not be seen. */
  readonly unseen: readonly NamedSegment[];
  readonly counts: Readonly<Record<keyof Findings, number>>;
}

const defaultLeavesPerStep = 4096;

type Sealing = SealParts & LeafSearch;

/**
 * Makes every segment of the vault a leaf of the ledger and signs the head. When it resolves, tiles, head and checkpoint are durable.
 * Safe beside other sealers and after one was killed at any point: what that one began is finished first, and only a head that
 * continues the newest checkpoint is signed (LEDGER_ROLLED_BACK, LEDGER_DAMAGED, LEDGER_KEY_WRONG otherwise).
 */
export async function seal(parts: SealParts, options: SealOptions = {}): Promise<SealOutcome> {
  const sealing: Sealing = { ...parts, sealed: new KeySet(), found: noFindings() };
  const step = options.leavesPerStep ?? defaultLeavesPerStep;
  const newLeaves = findNewLeaves(sealing, options);
  let waiting: LedgerLeaf[] = [];
  let added = 0;
  let trusted = await begin(sealing, options.prefixes);
  for (;;) {
    const size = trusted.edge.size;
    waiting = waiting.filter((leaf) => !sealing.sealed.has(leaf.key));
    const leaves =
      (await readProposal(parts.store, size, sealing.sealed)) ?? (await propose(sealing, size, await fill(waiting, newLeaves, step)));
    if (leaves.length === 0) break;
    const moved = await append(parts.store, trusted, leaves);
    if (moved === null) {
      trusted = await catchUp(sealing, size);
      continue;
    }
    for (const leaf of leaves) sealing.sealed.add(leaf.key);
    added += leaves.length;
    trusted = { ...trusted, head: moved };
  }
  return { checkpoint: await signHead(parts, trusted.head), added, ...told(sealing.found) };
}

function noFindings(): Findings {
  return { damaged: new FirstFew(), foreign: new FirstFew(), disturbed: new FoundDisturbed(), unseen: new FirstFew() };
}

function told({ damaged, foreign, disturbed, unseen }: Findings): Omit<SealOutcome, 'checkpoint' | 'added'> {
  return {
    damaged: damaged.named,
    foreign: foreign.named,
    disturbed: disturbed.named,
    unseen: unseen.named,
    counts: { damaged: damaged.count, foreign: foreign.count, disturbed: disturbed.count, unseen: unseen.count },
  };
}

/** Trusted head, with the keys of the leaves that matter noted as sealed: of all leaves, or of those of the open days where only they are searched. */
async function begin(sealing: Sealing, prefixes: readonly string[] = ['']): Promise<TrustedHead> {
  const trusted = await readTrustedHead(sealing.store, keysOf(sealing));
  const day = firstDayOf(prefixes);
  const { size } = trusted.edge;
  if (day === null) await noteSealedKeys(sealing.store, sealing.sealed, { from: 0, size });
  else await noteSealedSince(sealing.store, sealing.sealed, { day, size });
  return trusted;
}

/** Trusted head after another sealer moved it, with the keys of his leaves noted as sealed. */
async function catchUp(sealing: Sealing, from: number): Promise<TrustedHead> {
  const trusted = await readTrustedHead(sealing.store, keysOf(sealing));
  await noteSealedKeys(sealing.store, sealing.sealed, { from, size: trusted.edge.size });
  return trusted;
}

function keysOf({ signer, previousSigner }: Pick<SealParts, 'signer' | 'previousSigner'>): string[] {
  return [signer, previousSigner].filter((one) => one !== undefined).map((one) => one.verifierKey);
}

async function propose({ store, sealed }: Sealing, size: number, leaves: readonly LedgerLeaf[]): Promise<readonly LedgerLeaf[]> {
  return leaves.length === 0 ? leaves : await proposeLeaves(store, size, leaves, sealed);
}

async function fill(waiting: LedgerLeaf[], found: AsyncGenerator<LedgerLeaf>, upTo: number): Promise<readonly LedgerLeaf[]> {
  while (waiting.length < upTo) {
    const next = await found.next();
    if (next.done === true) break;
    waiting.push(next.value);
  }
  return waiting;
}

/** Writes the tiles, then moves the head; null where another sealer was first, whose tiles are then the same ones. */
async function append(
  store: LedgerStore,
  { edge, head }: { edge: TileEdge; head: LedgerHead | null },
  leaves: readonly LedgerLeaf[],
): Promise<LedgerHead | null> {
  for (const leaf of leaves) {
    for (const file of edge.append(encodeLeaf(leaf))) await store.putTile(file.path, file.bytes);
  }
  for (const file of edge.partials()) await store.putTile(file.path, file.bytes);
  try {
    return await store.swapHead(head, { size: edge.size, root: edge.root().toString('hex') });
  } catch (error) {
    if (error instanceof LedgerError && error.code === 'LEDGER_HEAD_MOVED') return null;
    throw error;
  }
}

/** Signs the committed head unless that is done; a head whose sealer was killed gets its checkpoint here. */
async function signHead(parts: SealParts, head: LedgerHead | null): Promise<SignedCheckpoint | null> {
  if (head === null) return null;
  const newest = await readNewestCheckpoint(parts.store, keysOf(parts));
  const root = Buffer.from(head.root, 'hex');
  if (newest !== null && newest.checkpoint.size >= head.size) {
    if (newest.checkpoint.size === head.size && !sameHash(newest.checkpoint.root, root)) {
      throw new LedgerError('LEDGER_DAMAGED', `another root was signed for ${head.size} leaves than the head has; refusing to sign`);
    }
    // A larger one is by another sealer that went on from our head.
    return newest;
  }
  const origin = newest?.checkpoint.origin ?? parts.signer.name;
  const note = await signNote(formatCheckpoint({ origin, size: head.size, root, extensions: [] }), signersAfter(parts, newest));
  const checkpoint = openCheckpoint(note, keysOf(parts).map(parseVerifierKey));
  await parts.store.putCheckpoint(head.size, note);
  return { checkpoint, note };
}

/** The key in use, and before it first signs alone the one that it replaces. */
function signersAfter({ signer, previousSigner }: SealParts, newest: SignedCheckpoint | null): Signer[] {
  if (previousSigner === undefined || newest === null) return [signer];
  const { keyId } = parseVerifierKey(signer.verifierKey);
  const hasSigned = parseNote(newest.note).signatures.some((line) => line.name === signer.name && line.keyId === keyId);
  return hasSigned ? [signer] : [signer, previousSigner];
}
