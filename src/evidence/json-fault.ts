// SPDX-License-Identifier: Apache-2.0

/**
 * Where text stops being JSON, in words: `syntax error at position 12`. The parser's own message quotes the text, which may hold what nobody should
 * read in a gap; only the place is kept.
 */
export function jsonFault(text: string): string {
  try {
    JSON.parse(text);
  } catch (error) {
    const place = /at position \d+|Unexpected end of JSON input/.exec(String(error));
    return place === null ? 'syntax error' : place[0].replace('at', 'syntax error at');
  }
  return 'no fault';
}
