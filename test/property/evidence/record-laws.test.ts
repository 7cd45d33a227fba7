// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson } from '../../../src/evidence/canonical-json.ts';
import type { Json, JsonObject } from '../../../src/evidence/json.ts';
import { sliceAt, sliceElements } from '../../../src/evidence/json-slices.ts';
import { storeDetail } from '../../../src/evidence/raw-form.ts';
import { scanJson } from '../../../src/evidence/scan-json.ts';

const json = fc.jsonValue({ noUnicodeString: false } as object) as fc.Arbitrary<Json>;

describe('laws of canonical JSON', () => {
  it('writing, reading and writing again gives the same text', () => {
    fc.assert(fc.property(json, (value) => canonicalJson(JSON.parse(canonicalJson(value))) === canonicalJson(value)));
  });

  it('a stored answer is either equal to the text in value, or the text itself', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), json), fc.nat(2), (detail, indent) => {
        const text = JSON.stringify(detail, null, indent);
        const stored = storeDetail(JSON.parse(text) as JsonObject, text);
        fc.pre(stored.redactions.length === 0);
        const back: Json = JSON.parse(stored.canonical);
        if (stored.form === 'text') expect(back).toBe(text.toWellFormed());
        else expect(back).toEqual(JSON.parse(text));
      }),
    );
  });

  it('compact text without duplicate keys is never judged lossy unless a number or surrogate is', () => {
    fc.assert(fc.property(json, (value) => [null, 'surrogate', 'number'].includes(scanJson(JSON.stringify(value)))));
  });
});

describe('laws of slices', () => {
  it('slices of elements and members parse to what the whole parses to', () => {
    fc.assert(
      fc.property(fc.array(json), fc.nat(2), (elements, indent) => {
        const text = JSON.stringify({ before: '"[{', list: elements, after: 1 }, null, indent);
        expect(sliceElements(text, 'list').map((slice) => JSON.parse(slice))).toEqual(JSON.parse(JSON.stringify(elements)));
        expect(JSON.parse(sliceAt(text, 'before') ?? '')).toBe('"[{');
        expect(sliceAt(text, 'missing')).toBeUndefined();
      }),
    );
  });
});
