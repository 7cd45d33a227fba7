// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { formatCheckpoint, openCheckpoint, parseCheckpoint } from '../../../src/ledger/checkpoint.ts';
import { parseNote, parseVerifierKey, signNote, verifyNote } from '../../../src/ledger/note.ts';
import { testSigner } from '../../support/test-signer.ts';

const signer = testSigner('log.example/one');
const other = testSigner('log.example/two');
const key = parseVerifierKey(signer.verifierKey);
const otherKey = parseVerifierKey(other.verifierKey);
const invalid = expect.objectContaining({ code: 'LEDGER_CHECKPOINT_INVALID' });

describe('a signed note', () => {
  it('verifies with the key that signed it, alone or among others', async () => {
    const note = await signNote('some text\n\nand more\n', [signer]);
    expect(verifyNote(note, [otherKey, key])).toEqual({ text: 'some text\n\nand more\n', signedBy: [key] });
    expect(note.split('\n').at(-2)).toMatch(/^— log\.example\/one \S+$/);
  });

  it('may carry the signatures of an old and a new key', async () => {
    const note = await signNote('text\n', [signer, other]);
    expect(verifyNote(note, [key]).signedBy).toEqual([key]);
    expect(verifyNote(note, [otherKey]).signedBy).toEqual([otherKey]);
  });

  it('is refused when changed, when signed by others only, and when a known key did not sign this', async () => {
    const note = await signNote('text\n', [signer]);
    expect(() => verifyNote(note.replace('text', 'Text'), [key])).toThrow(invalid);
    expect(() => verifyNote(note, [otherKey])).toThrow(invalid);
    expect(() => verifyNote(note, [])).toThrow(invalid);
    const two = await signNote('text\n', [signer, other]);
    const swapped = two.replace(/— log\.example\/two .*\n/, (await signNote('else\n', [other])).split('\n\n')[1] ?? '');
    expect(verifyNote(swapped, [key]).signedBy).toEqual([key]);
    expect(() => verifyNote(swapped, [key, otherKey])).toThrow(invalid);
  });

  it.each([
    '',
    'text\n',
    'text\n\n',
    'text\n\n— a b',
    'text\n\n- a AAAAAAAA\n',
    'text\n\n— a+b AAAAAAAAAA==\n',
    'te\txt\n\n— a AAAAAAAAAA==\n',
    'text\n\n— a AAAAAAAAAB==\n',
  ])('is not %j', async (text) => {
    expect(() => parseNote(text)).toThrow(invalid);
    expect(parseNote(await signNote('text\n', [signer])).text).toBe('text\n');
  });
});

describe('a verifier key', () => {
  // The public test key of transparency-dev/tessera, testdata/build_log.sh.
  const name = 'example.com/log/testdata';
  const encoded = 'AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx';

  it('that Go wrote is read', () => {
    expect(parseVerifierKey(`${name}+33d7b496+${encoded}\n`)).toMatchObject({ name, keyId: '33d7b496' });
  });

  it.each([
    `${name}x+33d7b496+${encoded}`,
    `${name}+33d7b497+${encoded}`,
    `${name}+33d7b496+${encoded.slice(0, -4)}`,
    `${name}+33d7b496+${encoded.replace('Ae', 'Be')}`,
    `${name}+33d7b496+`,
    `+33d7b496+${encoded}`,
    `two words+33d7b496+${encoded}`,
    'nothing',
    '',
  ])('is not %j', (text) => {
    expect(() => parseVerifierKey(text)).toThrow(expect.objectContaining({ code: 'LEDGER_KEY_WRONG' }));
  });
});

describe('a checkpoint', () => {
  const checkpoint = { origin: 'log.example/one', size: 20_852_163, root: Buffer.alloc(32, 7), extensions: [] };
  const text = formatCheckpoint(checkpoint);

  it('has the text of C2SP and is read back', async () => {
    expect(text).toBe(`log.example/one\n20852163\n${Buffer.alloc(32, 7).toString('base64')}\n`);
    expect(parseCheckpoint(text)).toEqual(checkpoint);
    const extended = { ...checkpoint, size: 0, extensions: ['more', 'lines'] };
    expect(openCheckpoint(await signNote(formatCheckpoint(extended), [signer]), [key])).toEqual(extended);
  });

  it.each([
    ['a size with leading zeros', text.replace('208', '0208')],
    ['a size that is no number', text.replace('208', 'x08')],
    ['a size beyond what is exact', text.replace('20852163', '9007199254740993')],
    ['a short root', text.replace(/\n[^\n]+\n$/, '\nBwcH\n')],
    ['no line end', text.slice(0, -1)],
    ['an empty origin', text.replace('log.example/one', '')],
    ['an empty extension', `${text}\nx\n`],
    ['two lines only', 'a\n1\n'],
  ])('is none with %s', (_, bad) => {
    expect(() => parseCheckpoint(bad)).toThrow(invalid);
  });
});
