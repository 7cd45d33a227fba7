// SPDX-License-Identifier: Apache-2.0

import { UsageError } from '../runtime/home-error.ts';
import { readRecord } from '../runtime/read-record.ts';
import { listAll } from './evidence.ts';
import { type HomeOptions, withHome } from './home-command.ts';
import { countOption } from './options.ts';
import { columns, print, printJson, type Terminal } from './terminal.ts';

/** `aims runs`: finished runs, newest first, and runs that ended without a receipt. */
export async function runs(terminal: Terminal, options: HomeOptions & { readonly limit: string }): Promise<void> {
  const limit = countOption('limit', options.limit, [1, 10_000]);
  const found = await withHome(terminal, options, async ({ index }) => ({
    runs: (await listAll(index, { kind: 'receipt', limit })).records,
    unfinished: await index.unfinishedPlans(),
  }));
  if (options.json) {
    printJson(terminal, found);
    return;
  }
  const rows = found.runs.map((run) => [
    (run.occurredAt ?? run.collectedAt).slice(0, 16),
    run.source,
    run.account || '-',
    run.region || '-',
    run.title,
    run.run,
  ]);
  print(terminal, ...columns([['finished', 'source', 'account', 'region', 'result', 'run'], ...rows]));
  if (found.unfinished.length > 0)
    print(terminal, '', 'without a receipt (killed, or under way):', ...found.unfinished.map((plan) => `  ${plan.run}`));
}

/** `aims receipt ID`: the sealed account of one run, by run id or the beginning of one. */
export async function receipt(terminal: Terminal, id: string, options: HomeOptions): Promise<void> {
  const detail = await withHome(terminal, options, async ({ index, vault }) => {
    const all = await listAll(index, { kind: 'receipt', limit: 10_000 });
    const [found, second] = all.records.filter((entry) => entry.run.startsWith(id) || entry.id.startsWith(id));
    if (found === undefined) throw new UsageError('RECORD_UNKNOWN', `no receipt of a run ${id}; see \`aims runs\``);
    if (second !== undefined) throw new UsageError('RECORD_UNKNOWN', `${id} is the beginning of more than one run; write more of it`);
    const { record } = await readRecord(vault, found);
    return { id: found.id, ...(typeof record.raw.detail === 'object' ? record.raw.detail : {}) };
  });
  if (options.json) printJson(terminal, detail);
  else print(terminal, JSON.stringify(detail, null, 2));
}
