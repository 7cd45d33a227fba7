// SPDX-License-Identifier: Apache-2.0
import type { Json } from '../../evidence/json.ts';
import { jsonStringEnd } from '../../evidence/json-string-end.ts';

// Python's json module and Spark write these bare words for numbers that JSON cannot hold.
const nonNumbers = /-?\bInfinity\b|\bNaN\b/g;

/**
 * Parses JSON as SageMaker's containers write it: bare `NaN`, `Infinity` and `-Infinity` become strings of the same spelling, and
 * a byte order mark is skipped. Undefined where even that is no JSON. The text itself stays the evidence.
 */
export function parseLenientJson(text: string): Json | undefined {
  const body = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  const strict = tryParse(body);
  if (strict !== undefined || !/NaN|Infinity/.test(body)) return strict;
  return tryParse(withWordsQuoted(body));
}

/** The text with its bare words quoted; what stands in strings stays as it is. */
function withWordsQuoted(text: string): string {
  let out = '';
  for (let at = 0; at < text.length; ) {
    const quote = text.indexOf('"', at);
    const start = quote === -1 ? text.length : quote;
    const end = quote === -1 ? text.length : jsonStringEnd(text, quote);
    out += text.slice(at, start).replace(nonNumbers, '"$&"') + text.slice(start, end);
    at = end;
  }
  return out;
}

function tryParse(text: string): Json | undefined {
  try {
    const value: Json = JSON.parse(text);
    return value;
  } catch (error) {
    if (Error.isError(error) && error.name === 'SyntaxError') return undefined;
    throw error;
  }
}
