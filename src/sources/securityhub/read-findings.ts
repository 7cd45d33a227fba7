// SPDX-License-Identifier: Apache-2.0

import type { Gap } from '../../evidence/gap.ts';
import { sliceElements } from '../../evidence/json-slices.ts';
import type { Reading } from '../../evidence/observation.ts';
import type { TimeWindow } from '../source.ts';
import type { AwsFailure } from '../source-error.ts';
import type { HubCalls } from './hub-calls.ts';

/** One list of findings, sorted by time, and how to ask for a page of it. */
export interface FindingsQuery {
  readonly action: 'GetFindings' | 'GetFindingsV2';
  readonly shape: 'asff' | 'ocsf';
  /** Region that is asked: the home Region where findings are aggregated. */
  readonly region: string;
  readonly window: TimeWindow;
  /** In a gap, what part of the findings is missing. */
  readonly part: string;
  /** Sort key of the last finding that an earlier part of the reading yielded; null where it begins here. */
  readonly after: string | null;
  /** The mark that says that all findings up to a sort key were yielded. */
  readonly mark: (newest: string) => Reading;
  /** True for the list of what did not change, which shows that it still stands. */
  readonly isSweep: boolean;
  command(since: string, nextToken: string | undefined): object;
  /** The time a finding is sorted by, as the SDK parsed it. */
  timeOf(finding: unknown): string | undefined;
}

interface FindingsPage {
  readonly Findings?: readonly unknown[] | undefined;
  readonly NextToken?: string | undefined;
}

/** Largest page of both operations. */
export const findingsPageSize = 100;

/** A token of Security Hub lives as long as its session; after that the list is asked for again from the last finding seen. */
function isStaleToken(failure: AwsFailure): boolean {
  return (failure.code === 'InvalidInputException' || failure.code === 'ValidationException') && /token/i.test(failure.message);
}

/**
 * Pages through one list, oldest first. What could not be read is a gap that names the window from the last finding seen on.
 * Returns false where the operation is refused or off, so that no other list need be asked for.
 */
export async function* readFindings(calls: HubCalls, query: FindingsQuery): AsyncGenerator<Reading, boolean> {
  // Inclusive: findings of the same instant may stand on the next page.
  let since = query.after ?? query.window.since;
  let newest = since;
  let nextToken: string | undefined;
  const tokens = new Set<string>();
  for (;;) {
    const asked = await calls.askForFindings<FindingsPage>(query.action, query.command(since, nextToken), query.region);
    if ('gap' in asked) {
      // A restart must get further than the one before it; else the same page fails for ever.
      const canRestart = nextToken !== undefined && isStaleToken(asked.failure) && newest > since;
      if (!canRestart) {
        yield gapFrom(asked.gap, query, newest);
        return asked.gap.reason !== 'denied' && asked.gap.reason !== 'off';
      }
      [since, nextToken] = [newest, undefined];
      continue;
    }
    const { body, output, requestId } = asked.answer;
    const context = { operation: query.action, askedRegion: query.region, ...(query.isSweep && { sweep: true }) };
    for (const text of sliceElements(body, 'Findings')) yield { item: calls.item(query.shape, text, requestId, context) };
    newest = query.timeOf(output.Findings?.at(-1)) ?? newest;
    nextToken = output.NextToken;
    if (!nextToken) return true;
    yield query.mark(newest);
    if (tokens.has(nextToken)) {
      yield repeatedToken(query, newest);
      return true;
    }
    tokens.add(nextToken);
  }
}

function gapFrom(gap: Gap, query: FindingsQuery, newest: string): Reading {
  return { gap: { ...gap, detail: { ...gap.detail, ...missing(query, newest) } } };
}

function repeatedToken(query: FindingsQuery, newest: string): Reading {
  const message = 'Security Hub gave the same page token twice, so that the list would never end: collect the rest of the window again.';
  const what = `securityhub:${query.action}`;
  return { gap: { reason: 'unavailable', extent: 'scope', what, message, code: 'PAGE_TOKEN_REPEATED', detail: missing(query, newest) } };
}

function missing({ part, region, window }: FindingsQuery, newest: string) {
  return { part, region, since: newest, until: window.until };
}
