// SPDX-License-Identifier: Apache-2.0
import { parseControlId } from '../catalog/control-id.ts';
import { polarities } from '../evidence/claim.ts';
import type { EvidenceIndex, EvidenceQuery, IndexEntry } from '../evidence-index/evidence-index.ts';
import { type HomeOptions, withHome } from './home-command.ts';
import { choiceOption, countOption, instantOption, sourcesOption } from './options.ts';
import { columns, print, printJson, type Terminal } from './terminal.ts';

/** Options of `aims evidence` as they were typed. */
export interface EvidenceOptions extends HomeOptions {
  readonly control?: string;
  readonly source?: string;
  readonly system?: string;
  readonly resource?: string;
  readonly since?: string;
  readonly until?: string;
  readonly polarity?: string;
  readonly limit: string;
  readonly cursor?: string;
}

/** `aims evidence`: the records that fit, newest first. */
export async function evidence(terminal: Terminal, options: EvidenceOptions): Promise<void> {
  const query = queryOf(options, new Date());
  const page = await withHome(terminal, options, (home) => listAll(home.index, query));
  if (options.json) {
    printJson(terminal, page);
    return;
  }
  print(terminal, ...columns([['when', 'source', 'controls', 'id', 'title'], ...page.records.map(row)]));
  if (page.records.length === 0) print(terminal, 'nothing found: widen the filters, or see what could not be read with `aims gaps`');
  if (page.cursor !== null) print(terminal, '', `more: --cursor ${page.cursor}`);
}

/** Pages until the limit is reached or nothing is left: a page of the index may be short where several filters meet. */
export async function listAll(
  index: EvidenceIndex,
  query: EvidenceQuery,
  perPage = query.limit,
): Promise<{ records: IndexEntry[]; cursor: string | null }> {
  const records: IndexEntry[] = [];
  let cursor = query.cursor ?? null;
  do {
    const page = await index.list({
      ...query,
      limit: Math.min(perPage, query.limit - records.length),
      ...(cursor === null ? {} : { cursor }),
    });
    records.push(...page.records);
    cursor = page.cursor;
  } while (cursor !== null && records.length < query.limit);
  return { records, cursor };
}

function queryOf(options: EvidenceOptions, now: Date): EvidenceQuery {
  const { control, source, system, resource, since, until, polarity, cursor } = options;
  return {
    limit: countOption('limit', options.limit, [1, 10_000]),
    ...(control === undefined ? {} : { control: parseControlId(control) }),
    ...(source === undefined ? {} : { source: sourcesOption([source], [])[0] ?? source }),
    ...(system === undefined ? {} : { aiSystem: system }),
    ...(resource === undefined ? {} : { resource }),
    ...(since === undefined ? {} : { since: instantOption('since', since, now) }),
    ...(until === undefined ? {} : { until: instantOption('until', until, now) }),
    ...(polarity === undefined ? {} : { polarity: choiceOption('polarity', polarity, polarities) }),
    ...(cursor === undefined ? {} : { cursor }),
  };
}

function row(entry: IndexEntry): string[] {
  const claims = entry.controls.map(({ control, strength, polarity }) => `${control} ${strength} ${polarity}`);
  const shown = claims.length > 2 ? [...claims.slice(0, 2), `+${claims.length - 2}`] : claims;
  return [
    (entry.occurredAt ?? entry.collectedAt).slice(0, 16),
    entry.source,
    shown.join(', ') || '-',
    entry.id.slice(0, 12),
    entry.title.slice(0, 70),
  ];
}
