// SPDX-License-Identifier: Apache-2.0

/** Where in a value the text must stand. */
export type Anchor = 'whole' | 'start' | 'end';

/** Characters by which two kinds of case can differ; others need no alternative. */
function alternatives(unit: string): string {
  // event-ruler works on UTF-16 units, and half a surrogate pair encodes as "?": an emoji never equals itself here.
  if (unit >= '\ud800' && unit <= '\udfff') return '\\?';
  const lower = unit.toLowerCase();
  const upper = unit.toUpperCase();
  const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
  return lower === upper ? escaped(lower) : `(?:${escaped(lower)}|${escaped(upper)})`;
}

/**
 * A test that ignores case as event-ruler does: each character of the pattern may stand in its lower or its upper form
 * ("ß" also as "SS"), whatever their lengths.
 */
export function ignoringCase(text: string, anchor: Anchor): (value: string) => boolean {
  const body = Array.from({ length: text.length }, (_, at) => alternatives(text.charAt(at))).join('');
  const expression = new RegExp(`${anchor === 'end' ? '' : '^'}${body}${anchor === 'start' ? '' : '$'}`);
  return (value) => expression.test(value);
}
