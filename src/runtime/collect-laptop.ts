// SPDX-License-Identifier: Apache-2.0

import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { basicTime } from '../collect/basic-time.ts';
import { Collection, type CollectionReport, type ProgressEvent } from '../collect/collection.ts';
import { KnownSegments } from '../collect/known-segments.ts';
import { closeInterruptedPlans, readSegment } from '../collect/reconcile.ts';
import type { RecordStores } from '../collect/record-writer.ts';
import { tellFaults } from '../collect/tell-faults.ts';
import type { Declarations } from '../evidence/scope-file.ts';
import { rebuildIndex } from '../evidence-index/rebuild-index.ts';
import { type SealOutcome, seal } from '../ledger/seal.ts';
import { readNewestCheckpoint } from '../ledger/trusted-head.ts';
import type { Segment } from '../vault/segment.ts';
import { isSegmentKey } from '../vault/segment-key.ts';
import { homePaths, type WritableHome } from './directory-home.ts';
import type { LaptopTools } from './laptop-tools.ts';
import { rebuildDirectoryIndex } from './rebuild-home-index.ts';
import { collectorName } from './version.ts';

/** What one laptop collection works with. `sweptAt` is ISO 8601 UTC. */
export interface LaptopCollection {
  readonly home: WritableHome;
  readonly tools: LaptopTools;
  readonly declarations: Declarations;
  readonly sweptAt: string;
  readonly progress: (event: ProgressEvent) => void;
}

/** A finished collection, and the checkpoint that seals it. */
export interface SealedReport extends CollectionReport {
  readonly checkpoint: SealOutcome['checkpoint'];
  /** Segments that were found damaged or gone on the way, or earlier and still are; each is a gap. `aims verify` looks at all of them. */
  readonly damaged: SealOutcome['damaged'];
  /** Runs that an earlier, killed collection left open; each is a gap now. */
  readonly interrupted: number;
}

/**
 * Opens a collection on a home: first takes in what a killed one left, then collects, then seals the ledger. Where segments were lost whose
 * records the index still tells of, it is made again from what is left: after that nothing but closing may be asked of the home's index.
 */
export async function collectInto(
  setting: LaptopCollection,
  collect: (collection: Collection) => Promise<CollectionReport>,
): Promise<SealedReport> {
  const { home } = setting;
  // A wrong key file is told before anything is read, and not when hours of reading are to be sealed.
  await readNewestCheckpoint(home.ledger, [home.signer.verifierKey], homePaths(home.directory).key);
  await removeScratch(home);
  try {
    return await collectAndSeal(setting, collect);
  } finally {
    // After a failure it may hold what was not redacted yet.
    await removeScratch(home);
  }
}

async function collectAndSeal(
  setting: LaptopCollection,
  collect: (collection: Collection) => Promise<CollectionReport>,
): Promise<SealedReport> {
  const { home } = setting;
  // What a killed collection left in the vault is taken into the index first.
  const taken = await rebuildIndex({ vault: home.vault, index: home.index, openSegment: readSegment });
  const fresh = new Map<string, Segment>();
  const known = new KnownSegments(home.vault);
  const collection = await openCollection(setting, {
    onSegment: (segment) => void fresh.set(segment.key, { ...segment, bytes: new Uint8Array(0) }),
    confirm: (key) => known.confirm(key),
  });
  const interrupted = await closeInterruptedPlans(collection);
  const report = await collect(collection);
  const sealAll = () => seal({ vault: home.vault, store: home.ledger, signer: home.signer }, { fresh });
  const sealed = await sealAll();
  // What is no segment hides none; `aims verify` names it.
  const unread = [...taken.damaged, ...sealed.damaged].filter(({ key }) => isSegmentKey(key)).map((one) => ({ ...one, isAbsent: false }));
  const { faults, isNews } = await tellFaults(collection, home, [...unread, ...known.faults]);
  const { checkpoint } = isNews ? await sealAll() : sealed;
  if (known.faults.length > 0) await renewIndex(home);
  return { ...report, checkpoint, damaged: faults.map(({ key, reason }) => ({ key, reason })), interrupted };
}

/**
 * Of a record that stands in two segments the index names the one that was collected first, which is the lost one here: without this, every later
 * run would store it once more. Made again, the index holds what the vault can show, and a segment that comes back from a backup is taken in.
 */
async function renewIndex(home: WritableHome): Promise<void> {
  await home.index.close();
  await rebuildDirectoryIndex(home.directory, () => undefined);
}

async function removeScratch(home: WritableHome): Promise<void> {
  await rm(homePaths(home.directory).scratch, { recursive: true, force: true });
}

async function openCollection(setting: LaptopCollection, on: Pick<RecordStores, 'onSegment' | 'confirm'>): Promise<Collection> {
  const { home, tools, declarations, sweptAt, progress } = setting;
  const declared = declarations.scope.aiSystems.flatMap((system) => system.accounts);
  const now = () => new Date();
  return new Collection({
    pipeline: tools.pipeline,
    index: home.index,
    stores: { vault: home.vault, index: home.index, now, ...on },
    secret: home.secret,
    pack: tools.pack,
    collector: collectorName(),
    sweptAt,
    now,
    newRunId: (source) => `${basicTime(now().toISOString())}-${source}-${randomBytes(4).toString('hex')}`,
    openSpill: () => import('./file-spill.ts').then(({ openFileSpill }) => openFileSpill(homePaths(home.directory).scratch)),
    accountsWithAi: new Set([...declared, ...(await home.index.accountsWithAi())]),
    progress,
  });
}
