// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { packText, parsePack, type UnsealedPack } from '../../../src/catalog/pack-file.ts';
import { canonicalJson } from '../../../src/evidence/canonical-json.ts';
import type { Rule } from '../../../src/mapping/pack.ts';

const rule: Rule = {
  id: 'macie.test.rule',
  source: 'macie',
  title: 'Line\nbreak and “quotes”',
  pattern: { source: ['macie'], detail: { type: ['a\r\nb'] } },
  controls: [
    { control: 'A.7.2', strength: 'partial' },
    { control: '9.1', strength: 'context', polarity: 'review' },
  ],
  polarity: 'supports',
  subject: 'resource',
  evidence: 'finding',
  why: 'Only a test.',
};
const pack: UnsealedPack = {
  id: 'aims-test',
  version: '0.0.1',
  rules: [rule, { ...rule, id: 'macie.test.second' }],
  tables: { 'macie.b': [1], 'macie.a': { z: 1, a: 'x' } },
};
const text = packText(pack);
const damaged = expect.objectContaining({ code: 'MAPPING_PACK_DAMAGED' });

/** The text with a digest that fits it, as somebody would write who wants to be believed. */
function resealed(content: string): string {
  const rest = content.slice(content.indexOf('\n') + 1);
  const digest = createHash('sha256')
    .update(`{${rest.replaceAll('\n', '')}`)
    .digest('hex');
  return `{"digest":"${digest}",\n${rest}`;
}

describe('the pack file', () => {
  it('gives back the pack that was written, with its digest', () => {
    const { digest, ...rest } = parsePack(text);
    expect(rest).toEqual(pack);
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
  });

  it('has as digest the SHA-256 of the canonical JSON of the pack without it', () => {
    const { digest, ...rest } = JSON.parse(text);
    expect(createHash('sha256').update(canonicalJson(rest)).digest('hex')).toBe(digest);
    expect(text.replaceAll('\n', '')).toBe(canonicalJson(JSON.parse(text)));
  });

  it('puts each rule and each table on a line of its own', () => {
    expect(text.split('\n').filter((line) => line.includes('"id":"macie.test'))).toHaveLength(2);
    expect(text.split('\n').filter((line) => /^"macie\.[ab]":/.test(line))).toHaveLength(2);
  });

  it('is read alike when a checkout rewrote its line ends', () => {
    expect(parsePack(text.replaceAll('\n', '\r\n'))).toEqual(parsePack(text));
  });

  it('is refused when one character changed', () => {
    expect(parsePack(text).rules[0]?.why).toBe('Only a test.');
    expect(() => parsePack(text.replace('Only a test.', 'Only a text.'))).toThrow(damaged);
    expect(() => parsePack(text.replace('"strength":"partial"', '"strength":"direct"'))).toThrow(damaged);
  });

  it('is refused when it is cut, empty, or begins with anything but its digest', () => {
    expect(() => parsePack(text.slice(0, -20))).toThrow(damaged);
    expect(() => parsePack('')).toThrow(damaged);
    expect(() => parsePack(text.slice(text.indexOf('\n')))).toThrow(damaged);
  });

  it('is refused when its digest fits and its form does not', () => {
    expect(parsePack(resealed(text))).toEqual(parsePack(text));
    for (const [from, to] of [
      ['"strength":"partial"', '"strength":"total"'],
      ['"subject":"resource"', '"subject":"house"'],
      ['"polarity":"review"', '"polarity":"maybe"'],
      ['"version":"0.0.1"}', '"version":"0.0.1"'],
    ] as const) {
      expect(text).toContain(from);
      expect(() => parsePack(resealed(text.replace(from, to)))).toThrow(damaged);
    }
  });
});
