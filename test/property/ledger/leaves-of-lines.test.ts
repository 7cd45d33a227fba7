// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isJsonObject, type Json } from '../../../src/evidence/json.ts';
import { recordLeafHash } from '../../../src/evidence/leaf.ts';
import { leavesOfLines } from '../../../src/evidence/leaves-of-lines.ts';
import { sealedLine } from '../../support/sealed-lines.ts';

const ignoreLine = (): void => undefined;
const leavesOf = (lines: readonly string[]): Buffer => leavesOfLines(Buffer.from(`${lines.join('\n')}\n`), lines.length, ignoreLine);

/** JSON that canonical text keeps: fast-check also makes lone surrogates, which live collection keeps as text. */
const detail = fc.jsonValue().map((value): Json => JSON.parse(JSON.stringify(value)));

describe('leaves read from the bytes of a segment', () => {
  it('are those read from its lines', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string(), detail), { minLength: 1, maxLength: 8 }), (records) => {
        const lines = records.map(([name, value]) => sealedLine(JSON.stringify(name), value).line);
        expect(leavesOf(lines)).toEqual(Buffer.concat(lines.map((line) => recordLeafHash(line))));
      }),
      { numRuns: 100 },
    );
  });

  it('are right for a record whose raw answer is one of our own records', () => {
    const inner: Json = JSON.parse(sealedLine('inner').line);
    expect(isJsonObject(inner)).toBe(true);
    for (const value of [inner, [inner, inner], { raw: inner, schema: inner }, JSON.stringify(inner)]) {
      const { line, leafHash } = sealedLine('outer', value);
      expect(leavesOf([line]).toString('hex')).toBe(leafHash);
    }
  });

  it('are refused where a line is no record, and the line is told', () => {
    const good = sealedLine('good').line;
    const bad = [
      good.replace('"core"', '"Core"'),
      good.slice(0, -1),
      `${good} `,
      good.replace('record/1', 'record/2'),
      good.replace(',"raw":{"detail"', ',"raw":{"Detail"').replace('"schema"', '"Schema"'),
      '{}',
      'x',
    ];
    for (const line of bad) {
      let told = 0;
      const read = (): Buffer =>
        leavesOfLines(Buffer.from(`${good}\n${line}\n${good}\n`), 3, (at) => {
          told = at;
        });
      expect(read).toThrow(expect.objectContaining({ code: 'RECORD_LINE_MALFORMED' }));
      expect(told).toBe(2);
    }
    expect(leavesOf([good, good])).toHaveLength(64);
  });
});
