// SPDX-License-Identifier: Apache-2.0
import {
  aiSystemFacet,
  claimFacet,
  type Facet,
  facetFamilies,
  facetNamed,
  positionText,
  resourceFacet,
  runFacet,
  sourceFacet,
} from './dynamodb-facets.ts';
import { textIn } from './dynamodb-item.ts';
import { afterAll, type IndexKeys } from './dynamodb-keys.ts';
import { everything, MergedPostings, type Span, spanBetween } from './dynamodb-postings.ts';
import type { DynamoDbRecords } from './dynamodb-records.ts';
import type { DynamoDbTable } from './dynamodb-table.ts';
import { type EntryFilter, matchesFilter } from './entry-filter.ts';
import { type EvidenceQuery, type IndexEntry, IndexError } from './evidence-index.ts';
import { forEach } from './in-batches.ts';
import { instantOf } from './project-segment.ts';

/** Records looked at for one page at most; where several filters leave fewer, the page is short and the cursor goes on. */
const mostScanned = 1_000;
/** Records looked at in one go. */
const mostAtOnce = 100;
/** Lines counted of each way to answer, to choose the shortest, and partitions of it that are counted. */
const mostWeighed = 100;
const mostPartitionsWeighed = 8;

/** Partitions that hold the records asked for, among others where several filters meet. */
type Way = readonly string[];

/** Answers the evidence list: walks the lists of the narrowest filter in order of time and looks at the rest in the entry. */
export class DynamoDbList {
  private readonly table: DynamoDbTable;
  private readonly keys: IndexKeys;
  private readonly records: DynamoDbRecords;

  constructor(table: DynamoDbTable, keys: IndexKeys, records: DynamoDbRecords) {
    this.table = table;
    this.keys = keys;
    this.records = records;
  }

  /** One page. Throws INDEX_CURSOR_INVALID. */
  async page(query: EvidenceQuery): Promise<{ readonly records: readonly IndexEntry[]; readonly cursor: string | null }> {
    const limit = Math.max(1, Math.floor(query.limit));
    const span = spanOf(query);
    const lists = new MergedPostings(this.table, await this.narrowest(query, span), span);
    const found: IndexEntry[] = [];
    let last: string | null = null;
    for (let scanned = 0; ; ) {
      const isOver = found.length >= limit || scanned >= mostScanned;
      const positions = await lists.take(isOver ? 1 : Math.min(limit - found.length, mostAtOnce));
      if (positions.length === 0) return { records: found, cursor: null };
      // One more is there: the page ends before it, with a cursor.
      if (isOver && last !== null) return { records: found, cursor: cursorOf(last) };
      found.push(...(await this.entriesAt(positions)).filter((entry) => matchesFilter(entry, query)));
      last = positions.at(-1) ?? last;
      scanned += positions.length;
    }
  }

  /** The newest record of a claim, whatever its source; null where there is none. */
  async newestOf(claim: Pick<EntryFilter, 'control' | 'strength' | 'polarity'>, facets: readonly string[]): Promise<IndexEntry | null> {
    const { control = '', strength = '', polarity = '' } = claim;
    const beginning = claimFacet([control, strength, polarity, '']).name.replace(/[^/]*$/, '');
    const partitions = this.partitions(facets.filter((name) => name.startsWith(beginning)).map(facetNamed));
    const lists = new MergedPostings(this.table, partitions, everything);
    for (;;) {
      const positions = await lists.take(1);
      if (positions.length === 0) return null;
      const [entry] = (await this.entriesAt(positions)).filter((one) => matchesFilter(one, claim));
      if (entry !== undefined) return entry;
    }
  }

  /** Names of all facets of claims. */
  async claimFacets(): Promise<readonly string[]> {
    return this.facetsStarting(facetFamilies.claim, '');
  }

  /** The records that stand at these positions. A line may stand there before its record, or after a copy with another time took its place. */
  private async entriesAt(positions: readonly string[]): Promise<readonly IndexEntry[]> {
    const records = await this.records.projections(positions.map((position) => position.slice(position.indexOf('/') + 1)));
    return positions.flatMap((position) => {
      const projection = records.get(position.slice(position.indexOf('/') + 1));
      return projection !== undefined && positionText(projection) === position ? [projection.entry] : [];
    });
  }

  /** The way that leaves the fewest records, as far as counting a few of each tells. */
  private async narrowest(query: EvidenceQuery, span: Span): Promise<Way> {
    const ways = await this.ways(query);
    const [only, ...others] = ways;
    if (only === undefined || others.length === 0) return only ?? [];
    const weights = await forEach(ways, (way) => this.weigh(way, span));
    return ways[weights.indexOf(Math.min(...weights))] ?? [];
  }

  private async weigh(way: Way, span: Span): Promise<number> {
    const some = way.slice(0, mostPartitionsWeighed);
    const counts = await forEach(some, (pk) => this.table.count({ pk, from: span.from, to: span.below }, mostWeighed));
    return counts.reduce((sum, count) => sum + count, 0) * (way.length / Math.max(1, some.length));
  }

  private async ways(query: EvidenceQuery): Promise<readonly Way[]> {
    const { control, strength, polarity, source, aiSystem, resource, run, kind } = query;
    const ways: Way[] = [];
    if (resource !== undefined) ways.push(this.partitions([resourceFacet(resource)]));
    if (aiSystem !== undefined) ways.push(this.partitions([aiSystemFacet(aiSystem)]));
    if (run !== undefined) ways.push(this.partitions(await this.runFacets(run, kind)));
    if (control !== undefined || strength !== undefined || polarity !== undefined) {
      ways.push(this.partitions(await this.searched(claimFacet, [control, strength, polarity, source])));
    }
    if (ways.length === 0) {
      ways.push(this.partitions(await this.searched(sourceFacet, [source, kind])));
    }
    return ways;
  }

  private async runFacets(run: string, kind: string | undefined): Promise<readonly Facet[]> {
    if (kind !== undefined) return [runFacet(run, kind)];
    return (await this.facetsStarting(facetFamilies.run(run), '')).map(facetNamed);
  }

  /** Facets of a family whose parts are these, any where undefined. */
  private async searched(facetOf: (parts: readonly string[]) => Facet, asked: readonly (string | undefined)[]): Promise<readonly Facet[]> {
    const { name, family } = facetOf(asked.map((part) => part ?? ''));
    const wanted = name.split('/');
    const isAny = [false, ...asked.map((part) => part === undefined)];
    const firstAny = isAny.indexOf(true);
    const beginning = firstAny < 0 ? name : `${wanted.slice(0, firstAny).join('/')}/`;
    const names = await this.facetsStarting(family ?? '', beginning);
    return names.filter((one) => one.split('/').every((part, n) => isAny[n] === true || part === wanted[n])).map(facetNamed);
  }

  private async facetsStarting(family: string, beginning: string): Promise<readonly string[]> {
    const range = { pk: this.keys.facets(family), from: beginning || ' ', to: `${beginning}${afterAll}${afterAll}`, only: ['sk'] };
    return (await this.table.query(range)).map((item) => textIn(item, 'sk'));
  }

  private partitions(facets: readonly Facet[]): Way {
    return facets.flatMap(({ name, shards }) => Array.from({ length: shards }, (_, shard) => this.keys.list(name, shard)));
  }
}

function spanOf(query: EvidenceQuery): Span {
  const span = spanBetween(
    query.since === undefined ? null : boundOf(query.since),
    query.until === undefined ? null : boundOf(query.until),
  );
  const cursor = query.cursor === undefined ? null : positionOf(query.cursor);
  return cursor !== null && cursor < span.below ? { ...span, below: cursor } : span;
}

function boundOf(time: string): number {
  const instant = instantOf(time);
  if (instant === null) throw new RangeError(`not an ISO 8601 time: ${JSON.stringify(time)}`);
  return instant;
}

/** An opaque cursor that stands just after a position. */
function cursorOf(position: string): string {
  return Buffer.from(`d1.${position}`).toString('base64url');
}

function positionOf(cursor: string): string {
  const position = /^d1\.([01][0-9a-f]{14}\/[0-9a-f]{64})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1'))?.[1];
  if (position === undefined || cursorOf(position) !== cursor) {
    throw new IndexError('INDEX_CURSOR_INVALID', 'the cursor is not one that a list gave: start again without it');
  }
  return position;
}
