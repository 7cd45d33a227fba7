// SPDX-License-Identifier: Apache-2.0
import { closingWords } from '../evidence/gap.ts';
import type { IndexEntry } from '../evidence-index/evidence-index.ts';
import { listAll } from './evidence.ts';
import { type HomeOptions, withHome } from './home-command.ts';
import { print, printJson, type Terminal, wrapped } from './terminal.ts';
import { type ToldGap, toldOnce } from './told-once.ts';

/** Of all gaps ever met, so many are asked for at a time. */
const perPage = 10_000;

/** `aims gaps`: what could not be seen and still stands; with `--all` every gap ever met. */
export async function gaps(terminal: Terminal, options: HomeOptions & { readonly all?: boolean }): Promise<void> {
  const found = await withHome(terminal, options, async ({ index }) => ({
    open: await index.openGaps(),
    ...(options.all ? { all: (await listAll(index, { kind: 'gap', limit: Number.POSITIVE_INFINITY }, perPage)).records } : {}),
  }));
  if (options.json) {
    printJson(terminal, found);
    return;
  }
  const open = toldOnce(found.open);
  if (open.length === 0) print(terminal, 'no open gaps: everything that was asked for was seen');
  else print(terminal, ...open.flatMap((gap) => gapLines(terminal, gap)), 'aims show ID tells more of one');
  if (found.all === undefined) return;
  print(terminal, '', `all gaps ever met (${found.all.length}):`);
  for (const gap of found.all) print(terminal, pastLine(gap));
}

/** What it is about, then all of its words: they end on what closes it. */
function gapLines(terminal: Terminal, { gap, sources }: ToldGap): string[] {
  const { id, reason, account, region, what, message } = gap;
  const place = [account, region].filter((part) => part !== '').join(' ');
  const head = [id.slice(0, 12), reason, sources.join(', '), place, what].filter((part) => part !== '');
  const at = message.lastIndexOf(closingWords);
  const parts = at < 0 ? [message] : [message.slice(0, at), message.slice(at)];
  return [head.join('  '), ...parts.flatMap((part) => wrapped(terminal, part, 4)), ''];
}

function pastLine(gap: IndexEntry): string {
  return `  ${gap.collectedAt.slice(0, 16)}  ${gap.source}  ${gap.title}  ${gap.id.slice(0, 12)}`;
}
