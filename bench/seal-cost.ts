// SPDX-License-Identifier: Apache-2.0
// What sealing costs in AWS at ten million segments, in calls and dollars: `node bench/seal-cost.ts`. Calls are counted, of the adapters over the
// true wire protocol, for two sizes of home; what differs between the two grows with the home, the rest does not.
import { hash } from 'node:crypto';
import type { S3Client } from '@aws-sdk/client-s3';
import type { LedgerHeadStore } from '../src/ledger/ledger-head-store.ts';
import { S3LedgerStore } from '../src/ledger/s3-ledger-store.ts';
import { seal } from '../src/ledger/seal.ts';
import { type PriceName, priceList, prices } from '../src/runtime/deployment/prices.ts';
import { S3Vault } from '../src/vault/s3-vault.ts';
import { formatSegmentKey } from '../src/vault/segment-key.ts';
import { MemoryLedgerStore } from '../test/support/memory-ledger-store.ts';
import { S3WireServer } from '../test/support/s3-wire-server.ts';
import { segmentOf } from '../test/support/sealed-lines.ts';
import { testSigner } from '../test/support/test-signer.ts';
import { printSealTime } from './seal-time.ts';

const atSegments = 10_000_000;
/** The default retention: as many days of segments as are kept. */
const keptDays = 1_100;
const sealsPerDay = 96;
const perDay = Math.round(atSegments / keptDays);
const perSeal = Math.round(perDay / sealsPerDay);
const daysPerMonth = 365 / 12;
const today = Date.parse('2026-11-21');
const dayMs = 86_400_000;

/** Calls of one seal. */
type Calls = Readonly<Record<'PUT' | 'GET' | 'LIST' | 'head read' | 'head write' | 'signature', number>>;
const kinds = ['PUT', 'LIST', 'GET', 'head read', 'head write', 'signature'] as const;
// A strongly consistent read and a write of less than 1 KB are one unit each; LIST is priced as PUT.
const priceOf: Readonly<Record<keyof Calls, PriceName>> = {
  PUT: 's3Put',
  LIST: 's3Put',
  GET: 's3Get',
  'head read': 'indexRead',
  'head write': 'indexWrite',
  signature: 'kmsSign',
};

const dayAt = (back: number) => new Date(today - back * dayMs).toISOString().slice(0, 10);

/** Root and count of segments that the bench does not make: a seal that is not counted takes them from here. */
class AnyFresh extends Map<string, { recordRoot: string; records: number }> {
  override get(): { recordRoot: string; records: number } {
    return { recordRoot: '0'.repeat(64), records: 1 };
  }
}

/** A home of so many segments, the last three days as busy as at full size. */
class BenchHome {
  readonly #vault = new S3WireServer();
  readonly #ledger = new S3WireServer();
  readonly #head = new MemoryLedgerStore();
  readonly #signer = testSigner('log.example/bench');
  #clients: { readonly vault: S3Client; readonly ledger: S3Client } | null = null;
  #headReads = 0;
  #headWrites = 0;
  #signatures = 0;
  #made = 0;

  async fill(segments: number): Promise<void> {
    const busy = Math.min(3 * perDay, segments);
    for (let i = 0; i < segments; i++) {
      const back = i < segments - busy ? 4 + (i % 90) : 3 - Math.floor((i - (segments - busy)) / perDay);
      const key = formatSegmentKey({ writtenOn: dayAt(Math.max(1, back)), source: 'cloudtrail', sha256: hash('sha256', `segment ${i}`) });
      this.#vault.bucket.put(`vault/${key}`, Buffer.alloc(0));
    }
    await this.#seal({ fresh: new AnyFresh() });
  }

  /** Seals all but the last quarter of an hour of today as it would have been sealed meanwhile. */
  async passToday(): Promise<void> {
    for (let i = 0; i < perDay - perSeal; i++) {
      const key = formatSegmentKey({ writtenOn: dayAt(0), source: 'cloudtrail', sha256: hash('sha256', `today ${i}`) });
      this.#vault.bucket.put(`vault/${key}`, Buffer.alloc(0));
    }
    await this.#seal({ fresh: new AnyFresh(), prefixes: this.#openDays });
    await this.#seal({ prefixes: this.#openDays });
  }

  /** Calls of a seal that finds a quarter of an hour's segments. */
  async countSeal(extent: 'open days' | 'everything'): Promise<Calls> {
    for (let i = 0; i < perSeal; i++) {
      const segment = await segmentOf(`new ${this.#made++}`, 1, dayAt(0));
      this.#vault.bucket.put(`vault/${segment.key}`, Buffer.from(segment.bytes));
    }
    for (const server of [this.#vault, this.#ledger]) server.requests.length = 0;
    [this.#headReads, this.#headWrites, this.#signatures] = [0, 0, 0];
    const added = await this.#seal(extent === 'everything' ? {} : { prefixes: this.#openDays });
    if (added !== perSeal) throw new Error(`${added} segments were sealed, not ${perSeal}`);
    const count = (operation: string) =>
      [this.#vault, this.#ledger].flatMap(({ requests }) => requests).filter((r) => r.operation === operation).length;
    return {
      PUT: count('PUT'),
      GET: count('GET'),
      LIST: count('LIST'),
      'head read': this.#headReads,
      'head write': this.#headWrites,
      signature: this.#signatures,
    };
  }

  async start(): Promise<void> {
    this.#clients = { vault: await this.#vault.start(), ledger: await this.#ledger.start() };
  }

  async stop(): Promise<void> {
    await this.#vault.stop();
    await this.#ledger.stop();
  }

  get #openDays(): readonly string[] {
    return [1, 0, -1].map((back) => `written=${dayAt(back)}/`);
  }

  /** As a process that was just started would: nothing is remembered from an earlier seal. */
  async #seal(options: Parameters<typeof seal>[1]): Promise<number> {
    if (this.#clients === null) throw new Error('not started');
    const common = { bucket: 'evidence', retention: { mode: 'GOVERNANCE', days: keptDays }, encryptionKeyArn: null } as const;
    const vault = new S3Vault({ ...common, client: this.#clients.vault, prefix: 'vault/' });
    const store = new S3LedgerStore({ ...common, client: this.#clients.ledger, prefix: 'ledger/', head: this.#countingHead });
    const sign = async (message: Uint8Array) => {
      this.#signatures += 1;
      return await this.#signer.sign(message);
    };
    return (await seal({ vault, store, signer: { ...this.#signer, sign } }, options)).added;
  }

  get #countingHead(): LedgerHeadStore {
    return {
      readHead: async () => {
        this.#headReads += 1;
        return await this.#head.readHead();
      },
      swapHead: async (expected, next) => {
        this.#headWrites += 1;
        return await this.#head.swapHead(expected, next);
      },
    };
  }
}

async function countAt(segments: number): Promise<{ readonly open: Calls; readonly everything: Calls }> {
  const home = new BenchHome();
  await home.start();
  try {
    await home.fill(segments);
    await home.passToday();
    return { open: await home.countSeal('open days'), everything: await home.countSeal('everything') };
  } finally {
    await home.stop();
  }
}

/** By the straight line through two counts. */
function extrapolate(small: Calls, large: Calls, [at, and]: readonly [number, number]): Calls {
  const grown = (kind: keyof Calls) => Math.round(large[kind] + ((large[kind] - small[kind]) / (and - at)) * (atSegments - and));
  return {
    PUT: grown('PUT'),
    GET: grown('GET'),
    LIST: grown('LIST'),
    'head read': grown('head read'),
    'head write': grown('head write'),
    signature: grown('signature'),
  };
}

function dollarsOf(calls: Calls): number {
  return kinds.reduce((sum, kind) => sum + (calls[kind] * prices[priceOf[kind]].dollars) / prices[priceOf[kind]].per, 0);
}

const shown = (calls: Calls) => kinds.map((kind) => `${calls[kind].toLocaleString('en')} ${kind}`).join(', ');

/** Counts, extrapolates and prints. */
export async function printSealCost(): Promise<void> {
  // Both trees have as many levels of tiles as one of ten million leaves, and end at the same place in them.
  const sizes = [70_000, 70_000 + 65_536] as const;
  const [small, large] = [await countAt(sizes[0]), await countAt(sizes[1])];
  for (const [segments, { open, everything }] of [[sizes[0], small] as const, [sizes[1], large] as const]) {
    console.log(`counted at ${segments} segments, open days: ${shown(open)}`);
    console.log(`counted at ${segments} segments, everything: ${shown(everything)}`);
  }
  const open = extrapolate(small.open, large.open, sizes);
  const everything = extrapolate(small.everything, large.everything, sizes);
  const rate = `${perDay} segments a day, ${perSeal} new in a quarter of an hour`;
  console.log(
    `\nat ${atSegments.toLocaleString('en')} segments (${keptDays} days; ${rate}), prices of ${priceList.region}, ${priceList.month}`,
  );
  console.log(`one seal over the open days, at the end of a day: ${shown(open)} = $${dollarsOf(open).toFixed(4)}`);
  console.log(`one seal over everything: ${shown(everything)} = $${dollarsOf(everything).toFixed(4)}`);
  const month = daysPerMonth * (sealsPerDay * dollarsOf(open) + dollarsOf(everything));
  console.log(`a month of ${sealsPerDay} seals a day and one over everything a night: at most $${month.toFixed(2)}`);
  await printSealTime(atSegments, keptDays);
}

if (import.meta.main) await printSealCost();
