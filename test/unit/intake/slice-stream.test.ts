// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { SliceProblem } from '../../../src/sources/intake/slice-collector.ts';
import { SliceStream } from '../../../src/sources/intake/slice-stream.ts';

function cut(
  content: string | Uint8Array,
  chunk = 1 << 16,
  maxItemBytes = 64 * 1024 * 1024,
): { texts: string[]; problems: SliceProblem[] } {
  const bytes = Buffer.from(content);
  const stream = new SliceStream(maxItemBytes);
  const texts: string[] = [];
  const problems: SliceProblem[] = [];
  const take = (step: ReturnType<SliceStream['push']>) => {
    const { slices } = step;
    if (slices !== null)
      for (const [i, start] of slices.starts.entries()) texts.push(Buffer.from(slices.bytes.slice(start, slices.ends[i])).toString());
    problems.push(...step.problems);
  };
  for (let at = 0; at < bytes.length; at += chunk) take(stream.push(new Uint8Array(bytes.subarray(at, at + chunk))));
  take(stream.end());
  return { texts, problems };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

describe('cutting items out of chunks that are handed over', () => {
  it('keeps the item that is open, whether the chunk is a Buffer or not, when the memory of its chunk is gone', () => {
    const content = Buffer.from('[{"a":1},{"b":2},{"c":3},{"d":4},{"e":5}]');
    for (const chunkOf of [(part: Buffer) => new Uint8Array(part), (part: Buffer) => Buffer.from(new Uint8Array(part).buffer)]) {
      for (const size of [5, 11, 20]) {
        const stream = new SliceStream();
        const texts: string[] = [];
        for (let at = 0; at < content.length; at += size) {
          const { slices } = stream.push(chunkOf(content.subarray(at, at + size)));
          if (slices === null) continue;
          for (const [i, start] of slices.starts.entries()) texts.push(Buffer.from(slices.bytes.slice(start, slices.ends[i])).toString());
          slices.bytes.buffer.transfer(0);
        }
        expect(stream.end()).toEqual({ slices: null, problems: [] });
        expect(texts).toEqual(['{"a":1}', '{"b":2}', '{"c":3}', '{"d":4}', '{"e":5}']);
      }
    }
  });
});

describe('cutting items out of damaged or extreme JSON', () => {
  it('gives the items before the cut of a truncated file, then the place of the cut and the hash of what is left', () => {
    const { texts, problems } = cut('{"Records":[{"a":1},{"b":2},{"c":"trunc');
    expect(texts).toEqual(['{"a":1}', '{"b":2}']);
    expect(problems).toEqual([{ kind: 'cut', offset: 28, length: 11, sha256: sha256('{"c":"trunc') }]);
  });

  it('notices an array that is never closed, and none in one that is', () => {
    expect(cut('[{"a":1}').problems).toMatchObject([{ kind: 'cut', offset: 8, length: 0 }]);
    expect(cut('[{"a":1}]').problems).toEqual([]);
  });

  it('loses only the line that was cut short, inside a string or after a value', () => {
    expect(cut('{"a":"cut\n{"b":1}\n{"c":2}\n').texts).toEqual(['{"a":"cut', '{"b":1}', '{"c":2}']);
    expect(cut('{"a":{"x":1}\r\n{"b":1}\r\n').texts).toEqual(['{"a":{"x":1}', '{"b":1}']);
    expect(cut('{"a":1}\n{"Records":[{"b":2\n{"c":3}]}\n').texts).toEqual(['{"a":1}', '{"b":2', '{"c":3}']);
  });

  it('takes pretty-printed arrays whose elements begin a line for what they are', () => {
    expect(cut('[\n{"a":[\n{"x":1},\n{"y":2}\n]},\n{"b":2}\n]').texts).toEqual(['{"a":[\n{"x":1},\n{"y":2}\n]}', '{"b":2}']);
  });

  it('gives foreign text between objects as items of its own, so that it is accounted for', () => {
    expect(cut('2026-11-19 log {"a":1}\nnot json\n{"b":2}').texts).toEqual(['2026-11-19 log ', '{"a":1}', 'not json', '{"b":2}']);
    expect(cut('}{"a":1}').texts).toEqual(['}', '{"a":1}']);
  });

  it('reads only a root member with an array as a wrapper', () => {
    const value = '{"detail":{"findings":[{"a":1}]},"x":"Records","y":[{"b":2}],"Records":{"c":[1]}}';
    expect(cut(value).texts).toEqual([value]);
    expect(cut('{"Records":[],"findings":[{"a":1}]}').texts).toEqual(['{"a":1}']);
  });

  it('gives nothing for an empty wrapper or array', () => {
    expect(cut('{"Records":[]}')).toEqual({ texts: [], problems: [] });
    expect(cut(' [ ] ')).toEqual({ texts: [], problems: [] });
  });

  it('gives a string of 10 MB and a value nested 10,000 deep whole', () => {
    const long = JSON.stringify({ long: 'x'.repeat(10_000_000) });
    const deep = `{"deep":${'['.repeat(10_000)}${']'.repeat(10_000)}}`;
    const { texts, problems } = cut(`[${long},${deep}]`);
    expect(texts.map((text) => text.length)).toEqual([long.length, deep.length]);
    expect(texts[1]).toBe(deep);
    expect(problems).toEqual([]);
  });

  it('passes over an item larger than the limit, with its place and hash, and goes on', () => {
    const large = JSON.stringify({ large: 'y'.repeat(500) });
    for (const chunk of [10, 100, 10_000]) {
      const { texts, problems } = cut(`[{"a":1},${large},{"b":2}]`, chunk, 300);
      expect(texts).toEqual(['{"a":1}', '{"b":2}']);
      expect(problems).toEqual([{ kind: 'too-large', offset: 9, length: large.length, sha256: sha256(large) }]);
    }
  });

  it('says that an item larger than the limit was cut, when it was', () => {
    const { texts, problems } = cut(`{"large":"${'y'.repeat(500)}`, 100, 300);
    expect(texts).toEqual([]);
    expect(problems).toMatchObject([{ kind: 'cut', offset: 0, length: 510, sha256: sha256(`{"large":"${'y'.repeat(500)}`) }]);
  });

  it('does not count what stands around a wrapper towards the limit', () => {
    const { texts, problems } = cut(`{"note":"${'z'.repeat(500)}","Records":[{"a":1}],"more":"${'z'.repeat(500)}"}`, 64, 300);
    expect(texts).toEqual(['{"a":1}']);
    expect(problems).toEqual([]);
  });
});
