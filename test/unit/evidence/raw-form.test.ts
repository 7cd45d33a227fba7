// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../src/evidence/json.ts';
import { storeDetail } from '../../../src/evidence/raw-form.ts';

function store(text: string, detail = JSON.parse(text) as JsonObject) {
  const stored = storeDetail(detail, text);
  return { ...stored, canonical: stored.canonical.toString() };
}

describe('an answer that JSON can hold', () => {
  it('is stored as canonical JSON, pretty printed or not', () => {
    expect(store('{"b":1,"a":"é"}')).toMatchObject({ form: 'json', canonical: '{"a":"é","b":1}' });
    expect(store('{\n  "b": 1.50,\n  "a": "\\u00e9\\/"\n}')).toMatchObject({ form: 'json', canonical: '{"a":"é/","b":1.5}' });
  });

  it('may hold long digits in strings and exact exponents', () => {
    expect(store('{"id":"12345678901234567890","n":1e3}')).toMatchObject({
      form: 'json',
      canonical: '{"id":"12345678901234567890","n":1000}',
    });
  });
});

describe('an answer that JSON values cannot hold', () => {
  it.each([
    ['an integer beyond 2^53', '{"n":9007199254740993}'],
    ['a number beyond a double', '{"n":1e400}'],
    ['a duplicate key', '{"a":1,"a":2}'],
    ['a duplicate key hidden by an escape', '{"a":1,"\\u0061":2}'],
    ['a lone surrogate', '{"a":"\\ud800"}'],
    ['negative zero', '{"a":-0}'],
    ['more digits than a double', '{"a":0.49990000000000001}'],
  ])('is stored as its text: %s', (_what, text) => {
    const stored = store(text);
    expect(stored.form).toBe('text');
    expect(JSON.parse(stored.canonical)).toBe(text);
  });

  it('is stored as its text when it is nested too deep to walk', () => {
    const text = `{"a":${'['.repeat(10_000)}${']'.repeat(10_000)}}`;
    expect(store(text)).toMatchObject({ form: 'text', redactions: [] });
  });

  it('is stored as its text when its numbers are no JSON', () => {
    const text = '{"value":NaN,"password":"hunter2"}';
    const stored = store(text, { value: 'NaN', password: 'hunter2' });
    expect(stored.form).toBe('text');
    expect(JSON.parse(stored.canonical)).toBe('{"value":NaN,"password":"[redacted: secret-name]"}');
    expect(stored.redactions).toEqual([{ path: '/password', rule: 'secret-name' }]);
  });
});
