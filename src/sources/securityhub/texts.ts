// SPDX-License-Identifier: Apache-2.0
import { isJsonObject, type Json, stringAt } from '../../evidence/json.ts';

/** The strings of a list; whatever else stands in it is passed over. A single string is a list of one. */
export function textsOf(value: Json | undefined): string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((text) => typeof text === 'string') : [];
}

/** Tags in any form findings use: ASFF's map, OCSF's `[{name, value}]` (or `values`); `undefined` where there are none. */
export function tagsOf(value: Json | undefined): Readonly<Record<string, string>> | undefined {
  const pairs = Array.isArray(value) ? value.flatMap(pairOf) : isJsonObject(value) ? Object.entries(value) : [];
  const tags = pairs.filter((pair): pair is [string, string] => typeof pair[1] === 'string');
  return tags.length === 0 ? undefined : Object.fromEntries(tags);
}

function pairOf(tag: Json): [string, Json | undefined][] {
  const name = stringAt(tag, 'name') ?? stringAt(tag, 'key') ?? stringAt(tag, 'Key');
  if (name === undefined || !isJsonObject(tag)) return [];
  const [first] = textsOf(tag['values']);
  return [[name, stringAt(tag, 'value') ?? stringAt(tag, 'Value') ?? first]];
}
