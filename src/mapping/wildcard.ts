// SPDX-License-Identifier: Apache-2.0

/** Literal texts with any text between each two: `a*b` is ['a', 'b'], a text without `*` is one literal. */
export type Wildcard = readonly string[];

/** Reads `*` (any text) with `\*` and `\\` as escapes. Two `*` in a row and any other escape are refused, as EventBridge does. */
export function parseWildcard(text: string): Wildcard | { readonly reason: string } {
  const literals: string[] = [];
  let literal = '';
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    const next = text.charAt(at + 1);
    if (character === '*') {
      if (next === '*') return { reason: `two wildcards in a row at position ${at}` };
      literals.push(literal);
      literal = '';
    } else if (character === '\\') {
      if (next !== '*' && next !== '\\') return { reason: `"\\" may stand only before "*" or "\\" (position ${at})` };
      literal += next;
      at++;
    } else {
      literal += character;
    }
  }
  return [...literals, literal];
}

/** A wildcard in which `*` is the only special character, as in ARN patterns of the scope file. */
export function globOf(text: string): Wildcard {
  return text.split(/\*+/);
}

/** True where the text has the literals in order, the first at its start and the last at its end. Linear in the text. */
export function matchesWildcard(text: string, wildcard: Wildcard): boolean {
  const first = wildcard[0] ?? '';
  if (wildcard.length === 1) return text === first;
  const last = wildcard[wildcard.length - 1] ?? '';
  const end = text.length - last.length;
  if (end < first.length || !text.startsWith(first) || !text.endsWith(last)) return false;
  let from = first.length;
  for (let at = 1; at < wildcard.length - 1; at++) {
    const literal = wildcard[at] ?? '';
    const found = text.indexOf(literal, from);
    if (found < 0 || found + literal.length > end) return false;
    from = found + literal.length;
  }
  return true;
}
