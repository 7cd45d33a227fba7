// SPDX-License-Identifier: Apache-2.0
import { at, type Json } from '../../evidence/json.ts';

/** What kind of value a metric has; real reports hold all five. */
export type ValueState = 'NUMBER' | 'INFINITE' | 'NAN' | 'NULL' | 'MISSING';

const infinite = /^[+-]?inf(inity)?$/i;

/** Tells the kind of a metric's value: numbers, the words that stand for none, null, or nothing. A word that is no number at all reads as NAN. */
export function valueState(value: Json | undefined): ValueState {
  if (value === undefined) return 'MISSING';
  if (value === null) return 'NULL';
  if (typeof value === 'number') return Number.isFinite(value) ? 'NUMBER' : 'INFINITE';
  return typeof value === 'string' && infinite.test(value) ? 'INFINITE' : 'NAN';
}

/** The facts `valueState` and, for a finite number, `value`. A type, not an interface: it goes into facts. */
export type ValueFacts = { readonly valueState: ValueState; readonly value?: number };

/** Reads the value of a metric's entry. */
export function valueFacts(entry: Json | undefined): ValueFacts {
  const value = at(entry, 'value');
  const state = valueState(value);
  return typeof value === 'number' && state === 'NUMBER' ? { valueState: state, value } : { valueState: state };
}

const numberWord = /(?<![\w.])[-+]?(?:\d+(?:\.\d+)?(?:[eE][-+]?\d+)?|Infinity|NaN)(?![\w])/g;

/**
 * Numbers that stand in the words of a violation, in order; what JSON cannot hold stays a word. Model Monitor gives the
 * measured value, and for most dialects the limit after it, nowhere else.
 */
export function numbersIn(description: string): readonly (number | string)[] {
  return Array.from(description.matchAll(numberWord), ([word]) => (Number.isFinite(Number(word)) ? Number(word) : word));
}
