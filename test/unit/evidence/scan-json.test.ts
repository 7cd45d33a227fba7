// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { redactText } from '../../../src/evidence/redaction.ts';
import { scanJson } from '../../../src/evidence/scan-json.ts';

const long = 10 * 1024 * 1024;

describe('a scan of JSON text', () => {
  it.each([
    ['plain', 'x'.repeat(long)],
    ['of escaped quotes', '\\"'.repeat(long / 2)],
    ['of backslashes', '\\\\'.repeat(long / 2)],
  ])('passes a string of 10 MB, %s', (_what, inside) => {
    expect(scanJson(`{"a": "${inside}"}`)).toBeNull();
    expect(scanJson(`{"a": "${inside}", "a": 1}`)).toBe('duplicate key');
    expect(redactText(`{"password": "${inside}", "n": 12345678901234567890}`).text).toBe(
      '{"password": "[redacted: secret-name]", "n": 12345678901234567890}',
    );
  });

  it('finds the end of a string behind escapes, and of one that is not closed', () => {
    const found: string[] = [];
    const text = String.raw`["a\"b","c\\","\\\"","","é]`;
    scanJson(text, ({ start, end }) => found.push(text.slice(start, end)));
    expect(found).toEqual([String.raw`"a\"b"`, String.raw`"c\\"`, String.raw`"\\\""`, '""', '"é]']);
  });

  it('tells a name that stands twice in one object from one that stands in two', () => {
    expect(scanJson('{"a":{"a":1},"b":[{"a":1},{"a":2}]}')).toBeNull();
    for (const twice of ['{"a":1,"a":2}', '{"a":1,"b":2,"a":3}', '{"a":1,"b":{"c":1,"d":2,"c":3}}', String.raw`{"a":1,"\u0061":2}`])
      expect(scanJson(twice)).toBe('duplicate key');
  });

  it('says what else would be lost', () => {
    expect(scanJson('[12345678901234567890]')).toBe('number');
    expect(scanJson(String.raw`["\ud800"]`)).toBe('surrogate');
    expect(scanJson('[NaN]')).toBe('token');
    expect(scanJson(String.raw`["\ud83d\ude00", 1.50, 1e2, null]`)).toBeNull();
  });
});
