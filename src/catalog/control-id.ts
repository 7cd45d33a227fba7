// SPDX-License-Identifier: Apache-2.0

import { CatalogError } from './catalog-error.ts';
import { annexControlIds, clauseLeafIds } from './control-ids.ts';

declare const brand: unique symbol;

/** Id of an assessable clause or an Annex A control of the standard. Made only by `parseControlId`. */
export type ControlId = string & { readonly [brand]: 'ControlId' };

const known: ReadonlySet<string> = new Set<string>([...clauseLeafIds, ...annexControlIds]);
const mostSuggestions = 6;

function isControlId(text: string): text is ControlId {
  return known.has(text);
}

/** The id when it is one of the 32 + 38; else MAPPING_UNKNOWN_CONTROL with the nearest valid ids. */
export function parseControlId(text: string): ControlId {
  if (isControlId(text)) return text;
  throw new CatalogError('MAPPING_UNKNOWN_CONTROL', `${JSON.stringify(text)} is no assessable clause or control; ${hint(text)}`);
}

/** True for one of the 32 + 38 ids. */
export function isKnownControlId(text: string): boolean {
  return known.has(text);
}

function hint(text: string): string {
  const nearest = `nearest: ${nearestControlIds(text).join(', ')}`;
  // Ids of the seed mapping look like sections of Annex A and mean something else.
  return /^A\.\d{1,2}$/.test(text) ? `${nearest}; an id of the seed mapping is written seed:${text}` : nearest;
}

/** Assessable ids next to a text, best first. */
export function nearestControlIds(text: string): readonly string[] {
  return nearestIds(text, [...known]);
}

/** Those of the valid ids next to a text: the ones below it where it is a heading or a section, else those with the fewest edits, same section first. */
export function nearestIds(text: string, ids: readonly string[]): readonly string[] {
  const wanted = respelt(text);
  const below = ids.filter((id) => wanted !== '' && (id === wanted || id.startsWith(`${wanted}.`)));
  if (below.length > 0) return below.slice(0, mostSuggestions);
  const ranked = ids.map((id) => ({ id, away: edits(wanted, id) * 2 - sharedSegments(wanted, id), steps: stepsBetween(wanted, id) }));
  ranked.sort((a, b) => a.away - b.away || a.steps - b.steps);
  const limit = (ranked[0]?.away ?? 0) + 1;
  return ranked
    .filter((r) => r.away <= limit)
    .slice(0, mostSuggestions)
    .map((r) => r.id);
}

/** The text as an id would be spelt: capital A, dots, and Annex A where another annex of the same numbers (B) was named. */
function respelt(text: string): string {
  const dotted = text
    .trim()
    .toUpperCase()
    .replace(/^[B-Z](?=[.\d])\.?/, 'A.');
  return dotted.replace(/[^A0-9]+/g, '.').replace(/^\.+|\.+$/g, '');
}

/** How far the last numbers of two ids are apart. */
function stepsBetween(a: string, b: string): number {
  const steps = Math.abs(Number(a.split('.').at(-1)) - Number(b.split('.').at(-1)));
  return Number.isNaN(steps) ? Number.MAX_SAFE_INTEGER : steps;
}

function sharedSegments(a: string, b: string): number {
  const left = a.split('.');
  const right = b.split('.');
  const differs = left.findIndex((segment, index) => segment !== right[index]);
  return differs === -1 ? left.length : differs;
}

/** Levenshtein distance. Long input is cut: ids have at most eight characters. */
function edits(a: string, b: string): number {
  const left = a.slice(0, 24);
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (left[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, change));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
