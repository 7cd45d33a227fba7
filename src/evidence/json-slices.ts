// SPDX-License-Identifier: Apache-2.0

/** Cutting the text of members and elements out of JSON text, so that evidence is kept as it came and not as a parser rewrote it. */

const quote = 34;
const backslash = 92;

function skipSpace(text: string, from: number): number {
  let i = from;
  for (let c = text.charCodeAt(i); c === 32 || c === 10 || c === 13 || c === 9; c = text.charCodeAt(++i));
  return i;
}

function skipString(text: string, from: number): number {
  let i = from + 1;
  for (; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === backslash) i++;
    else if (c === quote) return i + 1;
  }
  return i;
}

/** Index just after the value that starts at `from` (no leading space). Trusts that the text parses. */
function skipValue(text: string, from: number): number {
  const first = text.charCodeAt(from);
  if (first === quote) return skipString(text, from);
  if (first !== 123 && first !== 91) {
    let i = from;
    for (let c = text.charCodeAt(i); i < text.length && c !== 44 && c !== 125 && c !== 93 && c > 32; c = text.charCodeAt(++i));
    return i;
  }
  let depth = 0;
  for (let i = from; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === quote) i = skipString(text, i) - 1;
    else if (c === 123 || c === 91) depth++;
    else if ((c === 125 || c === 93) && --depth === 0) return i + 1;
  }
  return text.length;
}

function* members(text: string, from: number): Generator<{ name: string; start: number; end: number }> {
  let i = skipSpace(text, from + 1);
  while (i < text.length && text.charCodeAt(i) === quote) {
    const nameEnd = skipString(text, i);
    const name: unknown = JSON.parse(text.slice(i, nameEnd));
    const start = skipSpace(text, skipSpace(text, nameEnd) + 1);
    const end = skipValue(text, start);
    yield { name: String(name), start, end };
    i = skipSpace(text, end);
    if (text.charCodeAt(i) !== 44) return;
    i = skipSpace(text, i + 1);
  }
}

/** Text of the value at a path of object members; `undefined` where a step is missing. `text` must be valid JSON. */
export function sliceAt(text: string, ...path: readonly string[]): string | undefined {
  let start = skipSpace(text, 0);
  let end = skipValue(text, start);
  for (const step of path) {
    if (text.charCodeAt(start) !== 123) return undefined;
    let found = false;
    for (const m of members(text, start)) {
      if (m.name !== step) continue;
      [start, end, found] = [m.start, m.end, true];
    }
    if (!found) return undefined;
  }
  return text.slice(start, end);
}

/** Texts of the elements of the array at a path; empty where there is no array. `text` must be valid JSON. */
export function sliceElements(text: string, ...path: readonly string[]): string[] {
  const array = sliceAt(text, ...path);
  if (array === undefined || array.charCodeAt(0) !== 91) return [];
  const out: string[] = [];
  let i = skipSpace(array, 1);
  while (i < array.length && array.charCodeAt(i) !== 93) {
    const end = skipValue(array, i);
    out.push(array.slice(i, end));
    i = skipSpace(array, end);
    if (array.charCodeAt(i) === 44) i = skipSpace(array, i + 1);
  }
  return out;
}

/** Names and texts of an object's members, in the order of the text; empty where `text` is no object. `text` must be valid JSON. */
export function sliceMembers(text: string): { readonly name: string; readonly text: string }[] {
  const start = skipSpace(text, 0);
  if (text.charCodeAt(start) !== 123) return [];
  return Array.from(members(text, start), (m) => ({ name: m.name, text: text.slice(m.start, m.end) }));
}
