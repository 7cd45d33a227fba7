// SPDX-License-Identifier: Apache-2.0
import type { Gap } from '../../../../src/evidence/gap.ts';
import { SqliteIndex } from '../../../../src/evidence-index/sqlite-index.ts';
import { type FailureMoment, failingVault, PlannedFailure, WritePlan } from '../../../support/failing.ts';
import { createdNotice, record } from '../../../support/function-home.ts';
import { MemoryVault } from '../../../support/memory-vault.ts';
import { type Step, scripted } from '../../../support/scripted-source.ts';
import { type Sign, WatchedHome } from './faults-watched.ts';

/** A fault of the deployment, what it does to a home, and who tells a person. */
export interface FaultCase {
  readonly name: string;
  /** What rings; nothing where the functions mend it themselves. */
  readonly signs: readonly Sign[];
  /** Why things were not seen while the fault lasted. */
  readonly gaps: readonly string[];
  /** Findings of the index when it is over: once each. */
  readonly findings?: readonly string[];
  /** Lets it happen, and calls `during` before it is mended. */
  readonly happen: (during: (home: WatchedHome) => Promise<void>) => Promise<WatchedHome>;
}

/** Of a run that went well, after which the windows of later ones are known. */
const earlier = '2026-11-21T01:00:00.000Z';
const first = '2026-11-21T02:00:00.000Z';
// What stands until somebody mends it is looked for again once a day.
const nextDay = '2026-11-22T04:00:00.000Z';
const whole: readonly Step[] = [{ find: 'a' }, { mark: '1' }, { find: 'b' }];

function gapOf(reason: Gap['reason'], code: string): Gap {
  return { reason, extent: 'scope', what: 'macie2:GetFindings', message: code, code, detail: {} };
}

/** AWS shows a part and then something else; a later run finds it mended. */
function unseen(name: string, gap: Gap): FaultCase {
  return {
    name,
    signs: [{ metric: 'gaps' }],
    gaps: [gap.reason],
    happen: async (during) => {
      let isBroken = true;
      const home = new WatchedHome({ source: scripted(() => (isBroken ? [{ find: 'a' }, { mark: '1' }, { gap }] : whole)) });
      await home.round(first);
      await during(home);
      isBroken = false;
      await home.round(nextDay);
      return home;
    },
  };
}

const regionOff: FaultCase = {
  name: 'a Region that is switched off',
  signs: [{ metric: 'gaps' }],
  gaps: ['off'],
  happen: async (during) => {
    let isOff = true;
    const home = new WatchedHome({
      source: scripted(() => whole),
      connect: async ({ region }) =>
        isOff
          ? { gap: { ...gapOf('off', 'InvalidClientTokenId'), what: `region ${region}` } }
          : { connection: { region, clientConfig: {}, channel: 'api' }, readAs: 'arn:x' },
    });
    await home.round(first);
    await during(home);
    isOff = false;
    await home.round(nextDay);
    return home;
  },
};

const partialBatch: FaultCase = {
  name: 'one message of a batch that fails each time',
  signs: [{ deadLetters: 'runs' }],
  gaps: ['interrupted'],
  findings: ['a', 'a', 'b', 'b'],
  happen: async (during) => {
    let isBroken = false;
    const home = new WatchedHome({
      configuration: { regions: ['eu-west-1', 'us-east-1'] },
      source: scripted(({ region }) => (isBroken && region === 'eu-west-1' ? [{ find: 'a' }, { throw: new TypeError('ours') }] : whole)),
    });
    await home.round(earlier);
    isBroken = true;
    await home.round(first);
    await during(home);
    isBroken = false;
    await home.round('2026-11-21T06:00:00.000Z');
    return home;
  },
};

function killedAtPut(moment: FailureMoment): FaultCase {
  return {
    name: `a collector killed ${moment} the vault's put`,
    signs: [{ failed: 'collect' }],
    gaps: [],
    happen: async (during) => {
      const plan = new WritePlan(2, moment);
      const home = new WatchedHome({ source: scripted(() => whole), vault: failingVault(new MemoryVault(), plan) });
      await home.round(first);
      await during(home);
      return home;
    },
  };
}

/** The segment lies in the vault, its entries are not in the index: the notice fails to the end, and the night's audit makes it good. */
function indexDown(moment: FailureMoment): FaultCase {
  return {
    name: `an index that fails ${moment} each write until the notices are given up`,
    signs: [{ deadLetters: 'notices' }, ...(moment === 'before' ? [{ metric: 'indexDifferences' as const }] : [])],
    gaps: [],
    happen: async (during) => {
      let isDown = true;
      const index = SqliteIndex.open({ path: ':memory:', isAiResource: () => false });
      const apply = index.apply.bind(index);
      index.apply = async (segment) => {
        if (isDown && moment === 'before') throw new PlannedFailure('no write');
        await apply(segment);
      };
      const hasSegment = index.hasSegment.bind(index);
      // After its effect: nothing that the function asks is answered, so it cannot know.
      index.hasSegment = async (key) => {
        if (!isDown || moment === 'before') return await hasSegment(key);
        const { records } = await recordsOf(home, key);
        await apply({ key, sha256: key.slice(-75, -11), records });
        throw new PlannedFailure('no answer');
      };
      const home = new WatchedHome({ source: scripted(() => whole), index });
      await home.round('2026-11-22T02:00:00.000Z');
      await during(home);
      isDown = false;
      home.now = new Date('2026-11-22T02:50:00.000Z');
      await home.functions.audit('2026-11-22T02:50:00.000Z');
      return home;
    },
  };
}

async function recordsOf(home: WatchedHome, key: string) {
  const { readSegment } = await import('../../../../src/collect/reconcile.ts');
  return { records: await readSegment(key, await home.functions.vault.get(key)) };
}

const noticesLost: FaultCase = {
  name: 'a function killed after the vault had its segment and before any notice arrived',
  signs: [{ metric: 'indexDifferences' }],
  gaps: [],
  happen: async (during) => {
    const home = new WatchedHome({ source: scripted(() => whole) });
    await home.plan('2026-11-22T02:00:00.000Z');
    await home.collect();
    await during(home);
    home.now = new Date('2026-11-22T02:50:00.000Z');
    await home.functions.audit('2026-11-22T02:50:00.000Z');
    return home;
  },
};

const duplicates: FaultCase = {
  name: 'messages and notices that come twice and out of order',
  signs: [],
  gaps: [],
  happen: async (during) => {
    const home = new WatchedHome({ source: scripted(() => whole) });
    await home.plan(first);
    const message = home.functions.queue.next('macie');
    await home.functions.handle('macie', [record({ ...message, receives: 1 }, 'macie.fifo')]);
    await home.collect();
    await during(home);
    const keys = (await Array.fromAsync(home.functions.vault.list(''))).map(({ key }) => key);
    for (const order of [keys.toReversed(), keys]) await home.functions.notice(order.map((key) => createdNotice(`vault/${key}`)));
    return home;
  },
};

/** Two collectors whose clocks are far off, and a sealer whose clock is right. */
function skewed(name: string, present: string): FaultCase {
  return {
    name,
    signs: [],
    gaps: [],
    happen: async (during) => {
      const home = new WatchedHome({ source: scripted(() => whole) });
      home.now = new Date(present);
      await home.round(first);
      await during(home);
      home.now = new Date('2026-11-21T02:30:00.000Z');
      await home.seal('open-days');
      await home.seal('everything');
      return home;
    },
  };
}

const fullQueue: FaultCase = {
  name: 'a queue that takes nothing more',
  signs: [{ metric: 'missedRuns' }, { failed: 'plan' }],
  // The run that was planned and not read, and those that were not even planned.
  gaps: ['interrupted', 'interrupted'],
  happen: async (during) => {
    const home = new WatchedHome({ source: scripted(() => whole) });
    await home.round(earlier);
    home.functions.queue.refuses = 'macie';
    await home.round(first);
    home.now = new Date('2026-11-22T02:50:00.000Z');
    await home.functions.audit('2026-11-22T02:50:00.000Z');
    await home.project();
    await during(home);
    home.functions.queue.refuses = null;
    await home.round(nextDay);
    return home;
  },
};

const queueFullMidway: FaultCase = {
  name: 'a queue that does not take the rest of a reading',
  signs: [],
  gaps: [],
  happen: async (during) => {
    const home = new WatchedHome({ source: scripted(() => whole), reserve: { markMs: 601_000, stopMs: 1_000 } });
    home.functions.queue.refuses = '.2';
    await home.plan(first);
    await home.functions.collect('macie');
    await during(home);
    home.functions.queue.refuses = null;
    await home.collect();
    await home.project();
    return home;
  },
};

const headLost: FaultCase = {
  name: 'a table that lost the head of the ledger',
  signs: [{ metric: 'vaultProblems' }],
  gaps: [],
  happen: async (during) => {
    const home = new WatchedHome({ source: scripted(() => whole) });
    await home.round(first);
    await home.seal('open-days');
    await during(home);
    const { ledger } = home.functions;
    if ('head' in ledger) ledger.head = null;
    await home.seal('open-days');
    return home;
  },
};

const signerDenied: FaultCase = {
  name: 'a signing key that is denied',
  signs: [{ failed: 'seal' }],
  gaps: [],
  happen: async (during) => {
    const home = new WatchedHome({ source: scripted(() => whole) });
    await home.round(first);
    const { signer } = home.functions;
    const { sign } = signer;
    Object.assign(signer, { sign: async () => Promise.reject(new PlannedFailure('AccessDeniedException')) });
    await home.seal('open-days');
    await during(home);
    Object.assign(signer, { sign });
    await home.seal('open-days');
    return home;
  },
};

/** What section F of the issue asks of the deployment, fault by fault. How each source meets it on the wire is in `test/wire`. */
export const faultCases: readonly FaultCase[] = [
  unseen('a permission that is missing', gapOf('denied', 'AccessDeniedException')),
  regionOff,
  unseen('a service that throttles for minutes', gapOf('throttled', 'ThrottlingException')),
  unseen('credentials that expire between two pages', gapOf('denied', 'ExpiredTokenException')),
  unseen('a page token that is taken no more', gapOf('unavailable', 'InvalidInputException')),
  partialBatch,
  killedAtPut('before'),
  killedAtPut('after'),
  indexDown('before'),
  indexDown('after'),
  noticesLost,
  duplicates,
  skewed('a collector whose clock is a day ahead', '2026-11-22T00:10:00.000Z'),
  skewed('a collector whose clock is three days behind', '2026-11-18T02:00:30.000Z'),
  fullQueue,
  queueFullMidway,
  headLost,
  signerDenied,
];
