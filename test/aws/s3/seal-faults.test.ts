// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { LedgerError } from '../../../src/ledger/ledger-store.ts';
import { S3LedgerStore } from '../../../src/ledger/s3-ledger-store.ts';
import { type SealParts, seal } from '../../../src/ledger/seal.ts';
import { verifyLedger } from '../../../src/ledger/verify-ledger.ts';
import { verifyVault } from '../../../src/ledger/verify-vault.ts';
import { S3Vault } from '../../../src/vault/s3-vault.ts';
import { VaultError } from '../../../src/vault/vault.ts';
import { type FailureMoment, PlannedFailure } from '../../support/failing.ts';
import { SignedHistory } from '../../support/ledger-invariants.ts';
import { segmentOf } from '../../support/sealed-lines.ts';
import { testSigner } from '../../support/test-signer.ts';
import { type HeadTable, headTables } from './head-tables.ts';
import { type LockedBucket, lockedBucket, lockServers } from './s3-servers.ts';

const newTable = headTables();
const openDay = 'written=2026-11-21/';

/** The n-th call to AWS does not happen or its answer never arrives, and no later one is made: the process is dead. */
class Death {
  calls = 0;
  readonly at: number;
  readonly moment: FailureMoment;

  constructor(at: number, moment: FailureMoment) {
    this.at = at;
    this.moment = moment;
  }

  async around<T>(call: () => Promise<T>): Promise<T> {
    const number = ++this.calls;
    const isDead = this.at > 0 && (number > this.at || (number === this.at && this.moment === 'before'));
    if (isDead) throw new PlannedFailure(`the process died before call ${number}`);
    const answer = await call();
    if (number === this.at) throw new PlannedFailure(`the process died after call ${number}`);
    return answer;
  }
}

/** One home in a bucket and a table; each `process` opens it with clients of its own. */
class Home {
  readonly signer = testSigner('log.example/s3');
  readonly history = new SignedHistory(this.signer.verifierKey);
  readonly #places;
  readonly #table: HeadTable;
  readonly #bucket: LockedBucket;
  readonly #isConditional: boolean;

  /** `isConditional`: the server keeps `If-None-Match`; where it does not, the proposal of a sealer that was second lies on top of the first. */
  constructor(bucket: LockedBucket, table: HeadTable, isConditional: boolean) {
    this.#isConditional = isConditional;
    this.#bucket = bucket;
    this.#table = table;
    this.#places = { vault: bucket.place('vault'), ledger: bucket.place('ledger') };
  }

  async process<T>(death: Death | null, work: (parts: SealParts & { vault: S3Vault; store: S3LedgerStore }) => Promise<T>): Promise<T> {
    const s3 = this.#bucket.newClient();
    const dynamodb = this.#table.newClient();
    if (death !== null) {
      s3.middlewareStack.add((next) => (args) => death.around(() => next(args)), { step: 'initialize', priority: 'high' });
      dynamodb.middlewareStack.add((next) => (args) => death.around(() => next(args)), { step: 'initialize', priority: 'high' });
    }
    const vault = new S3Vault({ ...this.#places.vault, client: s3 });
    const store = new S3LedgerStore({ ...this.#places.ledger, client: s3, head: this.#table.open(dynamodb) });
    return await work({ vault, store, signer: this.signer });
  }

  async put(name: string): Promise<void> {
    const segment = await segmentOf(name, 1);
    await this.process(null, ({ vault }) => vault.put(segment.key, segment.bytes));
  }

  /** Seals in a process that dies; true where it did. */
  async sealUntil(death: Death): Promise<boolean> {
    try {
      await this.process(death, (parts) => seal(parts, { leavesPerStep: 1, prefixes: [openDay] }));
      return false;
    } catch (error) {
      if (!(error instanceof LedgerError || error instanceof VaultError) || !/the process died/.test(error.message)) throw error;
      return true;
    }
  }

  async expectWhole(segments: number): Promise<void> {
    await this.process(null, async (parts) => {
      expect(await seal(parts)).toMatchObject({ damaged: [], foreign: [], disturbed: [], checkpoint: { checkpoint: { size: segments } } });
      await this.history.check(parts.store);
      const ledger = await verifyLedger(parts.store, { verifierKeys: [this.signer.verifierKey] });
      const problems = ledger.problems.filter(
        ({ kind, item }) => this.#isConditional || kind !== 'disturbed' || !/^ledger\/proposal\//.test(item),
      );
      expect({ problems, leaves: ledger.checked.leaves }).toEqual({ problems: [], leaves: segments });
      expect(await verifyVault(parts.vault, parts.store, { records: true, threads: 0 })).toMatchObject({
        problems: [],
        checked: { segments },
      });
    });
  }
}

for (const server of lockServers) {
  const bucket = lockedBucket(server);
  const newHome = async () => new Home(bucket, await newTable(), server !== 'ceph-rgw');

  describe(`sealing on ${server} with the head on MiniStack`, () => {
    it.each(['before', 'after'] as const)(
      'goes on with one history after a death %s each of its calls',
      async (moment) => {
        const home = await newHome();
        let segments = 0;
        let deaths = 0;
        // Each round meets what the deaths before it left behind, and two new segments.
        for (let at = 1, isOver = false; !isOver; at++) {
          for (let i = 0; i < 2; i++) await home.put(`segment ${segments++}`);
          isOver = !(await home.sealUntil(new Death(at, moment)));
          if (!isOver) deaths++;
          // No checkpoint can be taken away again, so what one round signed is seen in a later one too.
          if (isOver || at % 10 === 0) await home.process(null, ({ store }) => home.history.check(store));
        }
        expect(deaths).toBeGreaterThan(25);
        await home.expectWhole(segments);
      },
      600_000,
    );

    it('by four sealers at once, twice, makes one history in which each segment has one leaf', async () => {
      const home = await newHome();
      for (let round = 1; round <= 2; round++) {
        for (let i = 0; i < 6; i++) await home.put(`round ${round} segment ${i}`);
        const seals = [1, 2, 3, 4].map((leavesPerStep) =>
          home.process(null, (parts) => seal(parts, { leavesPerStep, ...(leavesPerStep % 2 === 0 ? { prefixes: [openDay] } : {}) })),
        );
        const added = (await Promise.all(seals)).reduce((sum, outcome) => sum + outcome.added, 0);
        expect(added).toBe(6);
        await home.process(null, ({ store }) => home.history.check(store));
        await home.expectWhole(round * 6);
      }
    });
  });
}
