// SPDX-License-Identifier: Apache-2.0
import { loadPack } from '../catalog/pack-file.ts';
import { receiptKey } from '../collect/own-record.ts';
import { stringAt } from '../evidence/json.ts';
import { sourceIds } from '../evidence/observation.ts';
import { noDeclarations } from '../evidence/scope-file.ts';
import type { EvidenceIndex, IndexEntry } from '../evidence-index/evidence-index.ts';
import { createSources } from '../sources/registry.ts';
import type { Configuration } from './deployment/configuration-schema.ts';
import type { Home, HomePlace } from './home.ts';
import { openHome } from './home-opening.ts';
import { buildHomeStatus, type HomeStatus, type ScopeRun, type ScopeRuns, type StatusFacts } from './home-status.ts';
import { countUnsealed } from './home-unsealed.ts';

/** Receipts looked at to learn which scopes there are; the oldest one's time is told where there are more. */
const mostReceipts = 10_000;
const receiptsPerPage = 1_000;
/** Runs of one scope among which a complete one is looked for. */
const runsPerScope = 50;
const scopesAtOnce = 16;
const daysProbed = [1, 2, 4, 8, 16, 32];

type Scope = Pick<ScopeRuns, 'source' | 'account' | 'region'>;

/** Opens a home and says how its operation stands. Throws what opening it throws. */
export async function readHomeStatus(place: HomePlace, configuration: Configuration, now: Date): Promise<HomeStatus> {
  const home = await openHome(place);
  try {
    const facts = await readStatusFacts(home, schedulesOf(home.sources ?? configuration.sources, configuration), now);
    return buildHomeStatus(facts, now);
  } finally {
    await home.close();
  }
}

/** By source id, the expression of the configuration or else the source's own. A source that we do not know has none. */
function schedulesOf(ids: readonly string[], { schedules }: Configuration): ReadonlyMap<string, string> {
  const sources = createSources({ tables: loadPack().tables, declarations: noDeclarations });
  return new Map(
    ids.flatMap((id) => {
      const source = [...sources.values()].find((one) => one.id === id);
      return source === undefined ? [] : [[id, schedules[source.id] ?? source.schedule] as const];
    }),
  );
}

async function readStatusFacts(home: Home, schedules: ReadonlyMap<string, string>, now: Date): Promise<StatusFacts> {
  const { index, ledger } = home;
  const plans = await index.unfinishedPlans();
  const openGaps = await index.openGaps();
  const { receipts, runsSince } = await someReceipts(index, now);
  const newest = await ledger.newestCheckpoint();
  return {
    home: home.name,
    kind: home.kind,
    schedules,
    scopes: await scopesOf(index, [...receipts, ...plans, ...openGaps]),
    runsSince,
    waitingRuns: plans.map(({ run, source, account, region, occurredAt, collectedAt }) => ({
      run,
      source,
      account,
      region,
      plannedAt: occurredAt ?? collectedAt,
    })),
    isIndexLost: await home.isIndexLost(),
    openGaps,
    queues: await home.queues(),
    checkpoint: newest === null ? null : { size: newest.size, at: await home.storedAt(newest) },
    leaves: (await ledger.readHead())?.size ?? 0,
    unsealed: await countUnsealed(home, now),
  };
}

/**
 * Receipts that tell which scopes there are: the newest ones, and where these do not reach back to the first, some from each of several days
 * ago, so that a scope that fell silent is still found.
 */
async function someReceipts(
  index: EvidenceIndex,
  now: Date,
): Promise<{ readonly receipts: readonly IndexEntry[]; readonly runsSince: string | null }> {
  const newest = await receiptsBefore(index, null, mostReceipts);
  const oldest = newest.receipts.at(-1);
  if (newest.isAll || oldest === undefined) return { receipts: newest.receipts, runsSince: null };
  const receipts = [...newest.receipts];
  for (const days of daysProbed) {
    const until = new Date(now.getTime() - days * 86_400_000).toISOString();
    receipts.push(...(await receiptsBefore(index, until, receiptsPerPage)).receipts);
  }
  return { receipts, runsSince: oldest.occurredAt ?? oldest.collectedAt };
}

async function receiptsBefore(
  index: EvidenceIndex,
  until: string | null,
  most: number,
): Promise<{ receipts: IndexEntry[]; isAll: boolean }> {
  const receipts: IndexEntry[] = [];
  let cursor: string | null = null;
  do {
    const query = { kind: 'receipt', limit: receiptsPerPage, ...(until === null ? {} : { until }), ...(cursor === null ? {} : { cursor }) };
    const page: Awaited<ReturnType<EvidenceIndex['list']>> = await index.list(query);
    receipts.push(...page.records);
    cursor = page.cursor;
  } while (cursor !== null && receipts.length < most);
  return { receipts, isAll: cursor === null };
}

/** Every scope that is named by a receipt, a plan or a gap, with its newest runs; those without any receipt are left out. */
async function scopesOf(index: EvidenceIndex, named: readonly Scope[]): Promise<ScopeRuns[]> {
  const places = [
    ...new Map(named.map(({ source, account, region }) => [`${source}|${account}|${region}`, { source, account, region }])).values(),
  ];
  const scopes: ScopeRuns[] = [];
  for (let at = 0; at < places.length; at += scopesAtOnce) {
    const some = places.slice(at, at + scopesAtOnce);
    scopes.push(...(await Promise.all(some.map(async (place) => ({ ...place, runs: await runsOf(index, place) })))));
  }
  return scopes.filter(({ runs }) => runs.length > 0);
}

async function runsOf(index: EvidenceIndex, { source, account, region }: Scope): Promise<ScopeRun[]> {
  const id = sourceIds.find((one) => one === source);
  if (id === undefined) return [];
  const receipts = await index.series(receiptKey({ source: id, account, region }), { before: '9999', limit: runsPerScope });
  return receipts.map(({ occurredAt, facts }) => ({
    run: stringAt(facts, 'run') ?? '',
    finishedAt: occurredAt,
    complete: facts['complete'] === true,
    since: stringAt(facts, 'since') ?? null,
    until: stringAt(facts, 'until') ?? null,
  }));
}
