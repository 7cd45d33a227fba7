// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { adrName, nextAdrNumber } from '../../scripts/scaffold/adr-name.ts';
import { fillTemplate } from '../../scripts/scaffold/fill-template.ts';
import { sourceFiles, sourceNames, withMaker, withSourceId } from '../../scripts/scaffold/source-files.ts';

describe('a template', () => {
  it('is filled wherever it asks', () => {
    expect(fillTemplate('{{a}} and {{b}}, {{a}}; { {b} }', { a: '1', b: '$1' })).toBe('1 and $1, 1; { {b} }');
  });

  it('is refused where a value is missing', () => {
    expect(() => fillTemplate('{{a}} {{c}} {{toString}}', { a: '1' })).toThrow('{{c}}');
    expect(() => fillTemplate('{{toString}}', { a: '1' })).toThrow('{{toString}}');
  });
});

describe('the number and name of a decision record', () => {
  it('follow the highest there is', () => {
    expect(nextAdrNumber([])).toBe('0001');
    expect(nextAdrNumber(['0002-b.md', '0010-a.md', 'README.md'])).toBe('0011');
  });

  it('keep letters and digits', () => {
    expect(adrName('0007', '  Öpen ids, & why: "A.6.2"! ')).toBe('0007-open-ids-why-a-6-2.md');
  });

  it('are refused for a title without any', () => {
    expect(() => adrName('0007', ' … ')).toThrow(expect.objectContaining({ code: 'SCAFFOLD_USAGE' }));
  });
});

describe('a new source', () => {
  it('is named after its id, in every form that a file needs', () => {
    expect(sourceNames('bedrock-guardrails2')).toEqual({
      id: 'bedrock-guardrails2',
      Name: 'BedrockGuardrails2',
      Title: 'Bedrock Guardrails2',
    });
    expect([...sourceFiles('kms').values()]).toContain('src/sources/kms/interpret-kms.ts');
  });

  it.each(['', 'Macie', '../x', 'a b', 'a--b', '-a', '2fa'])('is refused under the id %j', (id) => {
    expect(() => sourceNames(id)).toThrow(expect.objectContaining({ code: 'SCAFFOLD_USAGE' }));
  });

  it.each(["['a', 'b']", "[\n  'a',\n  'b',\n]"])('joins the known ids %j', (list) => {
    const text = `export const sourceIds = ${list} as const;\nexport const others = ['c'] as const;\n`;
    expect(withSourceId(text, 'kms').replaceAll(/\s/g, '')).toContain("sourceIds=['a','b','kms']asconst;");
    expect(withSourceId(text, 'kms')).toContain("others = ['c']");
  });

  it('is not written where its place was not found', () => {
    const absent = expect.objectContaining({ code: 'SCAFFOLD_ANCHOR_ABSENT' });
    expect(() => withSourceId('export const other = 1;', 'kms')).toThrow(absent);
    expect(() => withMaker('export const other = 1;', sourceNames('kms'))).toThrow(absent);
  });
});
