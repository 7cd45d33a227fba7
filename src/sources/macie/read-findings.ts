// SPDX-License-Identifier: Apache-2.0
import { sliceElements } from '../../evidence/json-slices.ts';
import type { Reading } from '../../evidence/observation.ts';
import type { TimeWindow } from '../source.ts';
import { type MacieCalls, type MacieSdk, pageSize } from './macie-calls.ts';

interface IdsPage {
  readonly findingIds?: string[] | undefined;
  readonly nextToken?: string | undefined;
}

interface FindingsAnswer {
  readonly findings?: { id?: string | undefined }[] | undefined;
}

/**
 * Findings updated in the window, oldest first. No criterion names `archived`, so that suppressed findings come too: it is the console that
 * hides them, not the API.
 */
export async function* readFindings(calls: MacieCalls, sdk: MacieSdk, window: TimeWindow): AsyncGenerator<Reading> {
  // Macie compares times as epoch milliseconds.
  const updatedAt = { gte: Date.parse(window.since), lt: Date.parse(window.until) };
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
    for (let from = 0; from < ids.length; from += pageSize) yield* describeFindings(calls, sdk, ids.slice(from, from + pageSize));
  }
}

async function* describeFindings(calls: MacieCalls, sdk: MacieSdk, findingIds: string[]): AsyncGenerator<Reading> {
  const asked = await calls.ask<FindingsAnswer>('GetFindings', new sdk.GetFindingsCommand({ findingIds }));
  if ('gap' in asked) {
    yield { gap: { ...asked.gap, detail: { ...asked.gap.detail, findingIds } } };
    return;
  }
  const { body, output, requestId } = asked.answer;
  for (const text of sliceElements(body, 'findings')) yield { item: calls.finding(text, requestId) };
  const given = new Set((output.findings ?? []).map((finding) => finding.id));
  for (const id of findingIds.filter((wanted) => !given.has(wanted))) {
    const message = 'Macie listed this finding and did not give it: it may have expired between the two calls; collect again to be sure.';
    const what = `macie2:GetFindings ${id}`;
    yield { gap: { reason: 'unavailable', extent: 'item', what, message, code: null, detail: { requestId } } };
  }
}
