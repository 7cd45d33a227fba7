// SPDX-License-Identifier: Apache-2.0
import type { Assumptions } from './cost-assumptions.ts';
import { monthDays, sealsPerDay, type Workload } from './cost-workload.ts';

/** What sealing and the nightly comparison ask of S3 in a month. */
export interface SealCalls {
  /** Objects of the ledger that are written. */
  readonly objects: number;
  /** Lists: pages of the vault, one for each tile that is read or written, and those down to the newest checkpoint. */
  readonly lists: number;
  readonly tileReads: number;
  /** Of one seal at the end of a day, and of one night at the end of the months held. */
  readonly listsPerSeal: number;
  readonly listsPerNight: number;
}

/*
 * Counted by `bench/seal-cost.ts` over the true protocol, for processes that remember nothing, at 70,000 and 135,536 segments; a test counts again
 * for a small home. A seal of open days reads the leaves of those days (256 in a tile, each with a list of its versions) and some twenty to
 * thirty tiles besides; one of everything reads all leaves and 55 tiles besides, and writes two tiles more.
 */
const leavesPerTile = 256;
const keysPerPage = 1_000;
const openOverhead = 30;
const nightOverhead = 55;
const objectsPerSeal = 6;
const objectsMoreAtNight = 2;
/** Beside the pages and the tiles that are read: four down to the newest checkpoint, and one for each tile that is written. */
const otherLists = 4 + objectsPerSeal - 1;

/** Counts a month's calls. Each timer looks whether or not it finds something; of the nights of growing evidence the last is counted. */
export function sealCalls(work: Workload, nights: number, { monthsHeld }: Assumptions): SealCalls {
  const open = (2 * work.segments) / monthDays;
  const held = work.segments * monthsHeld.value;
  const openTiles = Math.ceil(open / leavesPerTile) + openOverhead;
  const nightTiles = Math.ceil(held / leavesPerTile) + nightOverhead;
  const objects = work.seals * objectsPerSeal + nights * objectsMoreAtNight;
  // All of the vault is listed day by day, each with a page that is not full; all of the ledger in one go.
  const pages = Math.ceil(held / keysPerPage) + monthDays * monthsHeld.value + 1;
  const ledgerPages = Math.ceil((objects * monthsHeld.value) / keysPerPage);
  // Yesterday and today, each with a page that is not full, and tomorrow.
  const listsPerSeal = Math.ceil(open / keysPerPage) + 2 + openTiles + otherLists;
  // Once for the ledger, and once for the self-audit, which reads no tile.
  const listsPerNight = 2 * pages + ledgerPages + nightTiles + otherLists + objectsMoreAtNight;
  const seals = sealsPerDay * nights;
  return {
    objects,
    lists: seals * listsPerSeal + nights * listsPerNight,
    tileReads: seals * openTiles + nights * nightTiles,
    listsPerSeal,
    listsPerNight,
  };
}
