// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SliceStream } from '../../../src/sources/intake/slice-stream.ts';

interface Cut {
  readonly texts: string[];
  readonly offsets: number[];
  readonly problems: string[];
}

function cut(text: string, sizes: readonly number[]): Cut {
  const bytes = Buffer.from(text);
  const stream = new SliceStream();
  const out: Cut = { texts: [], offsets: [], problems: [] };
  const take = ({ slices, problems }: ReturnType<SliceStream['push']>) => {
    for (const [i, start] of (slices?.starts ?? []).entries()) {
      out.texts.push(Buffer.from(slices?.bytes.slice(start, slices.ends[i]) ?? []).toString());
      out.offsets.push((slices?.base ?? 0) + start);
    }
    out.problems.push(...problems.map((problem) => `${problem.kind}@${problem.offset}+${problem.length}:${problem.sha256}`));
  };
  for (let at = 0, k = 0; at < bytes.length; k++) {
    const size = sizes[k % sizes.length] ?? 1;
    take(stream.push(new Uint8Array(bytes.subarray(at, at + size))));
    at += size;
  }
  take(stream.end());
  return out;
}

// Bare numbers and words at the root are garbage to a slicer of records: objects are what items are.
const item = fc.dictionary(fc.string({ maxLength: 12 }), fc.jsonValue({ maxDepth: 3 }), { minKeys: 0, maxKeys: 4 }).filter((value) => {
  return !['Records', 'Events', 'Findings', 'findings'].some((name) => Array.isArray(value[name]));
});
const items = fc.array(item, { maxLength: 6 });
const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });
const indent = fc.constantFrom(0, 1, 2, '\t');
const wrapper = fc.constantFrom('Records', 'Events', 'Findings', 'findings');

function written(value: unknown, space: number | string): string {
  return JSON.stringify(value, null, space);
}

describe('cutting a stream of JSON into items', () => {
  it('gives the elements of a top-level array, however it is written and chunked', () => {
    fc.assert(
      fc.property(items, sizes, indent, (values, chunks, space) => {
        const found = cut(written(values, space), chunks);
        expect(found.texts.map((text) => JSON.parse(text))).toEqual(JSON.parse(JSON.stringify(values)));
        expect(found.problems).toEqual([]);
      }),
    );
  });

  it('gives the elements of a wrapper member, whatever stands before and after it', () => {
    fc.assert(
      fc.property(items, sizes, indent, fc.tuple(wrapper, fc.jsonValue({ maxDepth: 2 })), (values, chunks, space, [name, other]) => {
        const found = cut(written({ before: other, [name]: values, after: other }, space), chunks);
        expect(found.texts.map((text) => JSON.parse(text))).toEqual(JSON.parse(JSON.stringify(values)));
        expect(found.problems).toEqual([]);
      }),
    );
  });

  it('gives JSON lines and concatenated values, with any line ends and a byte order mark', () => {
    fc.assert(
      fc.property(items, sizes, indent, fc.constantFrom('\n', '\r\n', '', ' ', ',\n', '\u001e'), (values, chunks, space, between) => {
        const found = cut(`\ufeff${values.map((value) => written(value, space)).join(between)}${between}`, chunks);
        expect(found.texts.map((text) => JSON.parse(text))).toEqual(JSON.parse(JSON.stringify(values)));
        expect(found.problems).toEqual([]);
      }),
    );
  });

  it('gives exact byte offsets, and the same for every chunking', () => {
    fc.assert(
      fc.property(items, sizes, indent, (values, chunks, space) => {
        const text = written({ Records: values }, space);
        const bytes = Buffer.from(text);
        const found = cut(text, chunks);
        expect(found).toEqual(cut(text, [bytes.length]));
        for (const [i, offset] of found.offsets.entries()) {
          const expected = Buffer.from(found.texts[i] ?? '');
          expect(bytes.subarray(offset, offset + expected.length).equals(expected)).toBe(true);
        }
      }),
    );
  });

  it('gives the same for any bytes, however they are chunked', () => {
    const fragment = fc.constantFrom('{', '}', '[', ']', '"', '\\', ':', ',', '\n', '\r\n', ' ', 'a', '1', '{"a":1}', '"Records":[', 'é');
    fc.assert(
      fc.property(fc.array(fragment, { maxLength: 40 }), sizes, (parts, chunks) => {
        const text = parts.join('');
        expect(cut(text, chunks)).toEqual(cut(text, [1]));
        expect(cut(text, chunks)).toEqual(cut(text, [1_000]));
      }),
      { numRuns: 500 },
    );
  });
});
