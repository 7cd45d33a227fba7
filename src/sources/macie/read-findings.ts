// SPDX-License-Identifier: Apache-2.0
import { sliceElements } from '../../evidence/json-slices.ts';
import type { Reading } from '../../evidence/observation.ts';
import { markAt } from '../mark.ts';
import type { TimeWindow } from '../source.ts';
import { isoOf, latestOf } from './instant.ts';
import { type MacieCalls, type MacieSdk, pageSize } from './macie-calls.ts';

interface IdsPage {
  readonly findingIds?: string[] | undefined;
  readonly nextToken?: string | undefined;
}

interface FindingsAnswer {
  readonly findings?: { id?: string | undefined; updatedAt?: Date | undefined }[] | undefined;
}

/**
 * Findings updated in the window, oldest first. No criterion names `archived`, so that suppressed findings come too: it is the console that
 * hides them, not the API. `after` is the time of the last finding that an earlier part read: inclusive, as more may have the same.
 */
export async function* readFindings(
  calls: MacieCalls,
  sdk: MacieSdk,
  { window, after }: { readonly window: TimeWindow; readonly after: string | null },
): AsyncGenerator<Reading> {
  // Macie compares times as epoch milliseconds.
  const updatedAt = { gte: Date.parse(after ?? window.since), lt: Date.parse(window.until) };
  const pages = calls.pages<IdsPage>(
    'ListFindings',
    (nextToken) =>
      new sdk.ListFindingsCommand({
        findingCriteria: { criterion: { updatedAt } },
        sortCriteria: { attributeName: 'updatedAt', orderBy: 'ASC' },
        maxResults: pageSize,
        nextToken,
      }),
  );
  for await (const asked of pages) {
    if ('gap' in asked) {
      yield { gap: asked.gap };
      continue;
    }
    const ids = asked.answer.output.findingIds ?? [];
    // A page may be larger than we asked for; GetFindings takes 50 at most.
    let newest: number | null = null;
    for (let from = 0; from < ids.length; from += pageSize) {
      const times = yield* describeFindings(calls, sdk, ids.slice(from, from + pageSize));
      // A finding that was updated after it was listed is no longer where the list had it.
      newest = latestOf(newest, ...times.filter((time) => time < updatedAt.lt));
    }
    if (newest !== null) yield markAt('findings', isoOf(newest) ?? '');
  }
}

// Returns when each finding that it gave was updated.
async function* describeFindings(calls: MacieCalls, sdk: MacieSdk, findingIds: string[]): AsyncGenerator<Reading, readonly number[]> {
  const asked = await calls.ask<FindingsAnswer>('GetFindings', new sdk.GetFindingsCommand({ findingIds }));
  if ('gap' in asked) {
    yield { gap: { ...asked.gap, detail: { ...asked.gap.detail, findingIds } } };
    return [];
  }
  const { body, output, requestId } = asked.answer;
  for (const text of sliceElements(body, 'findings')) yield { item: calls.finding(text, requestId) };
  const given = new Set((output.findings ?? []).map((finding) => finding.id));
  for (const id of findingIds.filter((wanted) => !given.has(wanted))) {
    const message = 'Macie listed this finding and did not give it: it may have expired between the two calls; collect again to be sure.';
    const what = `macie2:GetFindings ${id}`;
    yield { gap: { reason: 'unavailable', extent: 'item', what, message, code: null, detail: { requestId } } };
  }
  return (output.findings ?? []).flatMap(({ updatedAt }) => updatedAt?.getTime() ?? []);
}
