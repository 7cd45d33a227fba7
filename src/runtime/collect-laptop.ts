// SPDX-License-Identifier: Apache-2.0

import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { basicTime } from '../collect/basic-time.ts';
import { Collection, type CollectionReport, type ProgressEvent } from '../collect/collection.ts';
import { closeInterruptedPlans, readSegment } from '../collect/reconcile.ts';
import type { Declarations } from '../evidence/scope-file.ts';
import { rebuildIndex } from '../evidence-index/rebuild-index.ts';
import { type SealOutcome, seal } from '../ledger/seal.ts';
import { readNewestCheckpoint } from '../ledger/trusted-head.ts';
import type { Segment } from '../vault/segment.ts';
import { type DirectoryHome, homePaths } from './directory-home.ts';
import type { LaptopTools } from './laptop-tools.ts';
import { collectorName } from './version.ts';

/** What one laptop collection works with. `sweptAt` is ISO 8601 UTC. */
export interface LaptopCollection {
  readonly home: DirectoryHome;
  readonly tools: LaptopTools;
  readonly declarations: Declarations;
  readonly sweptAt: string;
  readonly progress: (event: ProgressEvent) => void;
}

/** A finished collection, and the checkpoint that seals it. */
export interface SealedReport extends CollectionReport {
  readonly checkpoint: SealOutcome['checkpoint'];
  /** Segments that lie in the vault and were found unreadable on the way; `aims verify` looks at all of them. */
  readonly damaged: SealOutcome['damaged'];
  /** Runs that an earlier, killed collection left open; each is a gap now. */
  readonly interrupted: number;
}

/** Opens a collection on a home: first takes in what a killed one left, then collects, then seals the ledger. */
export async function collectInto(
  setting: LaptopCollection,
  collect: (collection: Collection) => Promise<CollectionReport>,
): Promise<SealedReport> {
  const { home } = setting;
  // A wrong key file is told before anything is read, and not when hours of reading are to be sealed.
  await readNewestCheckpoint(home.ledger, [home.signer.verifierKey]);
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
  const collection = await openCollection(setting, (segment) => void fresh.set(segment.key, { ...segment, bytes: new Uint8Array(0) }));
  const interrupted = await closeInterruptedPlans(collection);
  const report = await collect(collection);
  const { checkpoint, damaged } = await seal({ vault: home.vault, store: home.ledger, signer: home.signer }, { fresh });
  const unread = new Map([...taken.damaged, ...damaged].map((one) => [one.key, one]));
  return { ...report, checkpoint, damaged: [...unread.values()], interrupted };
}

async function removeScratch(home: DirectoryHome): Promise<void> {
  await rm(homePaths(home.directory).scratch, { recursive: true, force: true });
}

async function openCollection(setting: LaptopCollection, onSegment: (segment: Segment) => void): Promise<Collection> {
  const { home, tools, declarations, sweptAt, progress } = setting;
  const declared = declarations.scope.aiSystems.flatMap((system) => system.accounts);
  const now = () => new Date();
  return new Collection({
    pipeline: tools.pipeline,
    index: home.index,
    stores: { vault: home.vault, index: home.index, now, onSegment },
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
