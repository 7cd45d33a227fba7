// SPDX-License-Identifier: Apache-2.0
import { listAll } from './evidence.ts';
import { type HomeOptions, withHome } from './home-command.ts';
import { columns, print, printJson, type Terminal } from './terminal.ts';

/** `aims gaps`: what could not be seen and still stands; with `--all` every gap ever met. */
export async function gaps(terminal: Terminal, options: HomeOptions & { readonly all?: boolean }): Promise<void> {
  const found = await withHome(terminal, options, async ({ index }) => ({
    open: await index.openGaps(),
    ...(options.all ? { all: (await listAll(index, { kind: 'gap', limit: 10_000 })).records } : {}),
  }));
  if (options.json) {
    printJson(terminal, found);
    return;
  }
  const rows = found.open.map((gap) => [gap.reason, gap.source, gap.account || '-', gap.region || '-', gap.what, gap.message.slice(0, 90)]);
  if (rows.length === 0) print(terminal, 'no open gaps: everything that was asked for was seen');
  else print(terminal, ...columns([['reason', 'source', 'account', 'region', 'what', 'message'], ...rows]));
  if (found.all !== undefined) {
    print(terminal, '', `all gaps ever met (${found.all.length}):`);
    print(terminal, ...found.all.map((gap) => `  ${gap.collectedAt.slice(0, 16)}  ${gap.source}  ${gap.title}  ${gap.id.slice(0, 12)}`));
  }
}
