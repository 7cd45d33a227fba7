// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { parseLenientJson } from '../../../../src/sources/report/lenient-json.ts';

describe('lenient JSON', () => {
  it('reads plain JSON as it is', () => {
    expect(parseLenientJson('{"a":[1,null,"x"]}')).toEqual({ a: [1, null, 'x'] });
  });

  it('turns the bare words that are no JSON into strings', () => {
    expect(parseLenientJson('{"a": NaN, "b": [Infinity,-Infinity] }')).toEqual({ a: 'NaN', b: ['Infinity', '-Infinity'] });
  });

  it('leaves the same words inside strings and names alone, after escaped quotes too', () => {
    const text = String.raw`{"NaN": "Infinity \" NaN", "v": NaN}`;
    expect(parseLenientJson(text)).toEqual({ NaN: 'Infinity " NaN', v: 'NaN' });
  });

  it('passes strings of 10 MB before and behind such a word', () => {
    const long = 'x'.repeat(10 * 1024 * 1024);
    expect(parseLenientJson(`{"description":"${long}","value":NaN,"more":"NaN${long}"}`)).toEqual({
      description: long,
      value: 'NaN',
      more: `NaN${long}`,
    });
  });

  it('skips a byte order mark', () => {
    expect(parseLenientJson('\ufeff{"a":1}')).toEqual({ a: 1 });
  });

  it('is undefined for what is no JSON at all, with or without the words', () => {
    expect(parseLenientJson('{"a": NaNa}')).toBeUndefined();
    expect(parseLenientJson('{"a": NaN')).toBeUndefined();
    expect(parseLenientJson('a,b\n1,2')).toBeUndefined();
  });
});
