// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { keptText, readKeptText } from '../../../src/cli/kept-checkpoint.ts';
import { openCheckpoint } from '../../../src/ledger/checkpoint.ts';
import { parseVerifierKey, signNote } from '../../../src/ledger/note.ts';
import { testSigner } from '../../support/test-signer.ts';

const [signer, older] = [testSigner('log.example/kept'), testSigner('log.example/older')];
const noteOf = (size: number) => signNote(`log.example/kept\n${size}\n${Buffer.alloc(32, size).toString('base64')}\n`, [signer]);

describe('a kept checkpoint', () => {
  it('is the note and its keys, and reads as what was kept', async () => {
    const kept = { note: await noteOf(3), verifierKeys: [signer.verifierKey, older.verifierKey] };
    const text = keptText(kept);
    expect(text).toBe(`${kept.note}\nverifier key: ${signer.verifierKey}\nverifier key: ${older.verifierKey}\n`);
    expect(readKeptText(text)).toEqual(kept);
    const { note, verifierKeys } = readKeptText(text);
    expect(openCheckpoint(note, verifierKeys.map(parseVerifierKey)).size).toBe(3);
  });

  it('may be a bare note, which has no key', async () => {
    const note = await noteOf(3);
    expect(readKeptText(note)).toEqual({ note, verifierKeys: [] });
  });

  it('may have lost its last line end, or gained carriage returns, on the way', async () => {
    const kept = { note: await noteOf(3), verifierKeys: [signer.verifierKey] };
    expect(readKeptText(keptText(kept).trimEnd())).toEqual(kept);
    expect(readKeptText(keptText(kept).replaceAll('\n', '\r\n'))).toEqual(kept);
  });

  it('may be the nightly mail, words and all', async () => {
    const kept = { note: await noteOf(7), verifierKeys: [signer.verifierKey] };
    const mail = ['Keep this message.', 'Pass it to `aims verify`.', '', `verifier key: ${signer.verifierKey}`, '', kept.note];
    expect(readKeptText(mail.join('\n'))).toEqual(kept);
    for (const foot of ['--\nTo unsubscribe, follow the link.\n', '\n--\nTo unsubscribe, follow the link.\n'])
      expect(readKeptText(`${mail.join('\n')}${foot}`)).toEqual(kept);
  });

  it('of several in one file is the last, with the keys of all', async () => {
    const [first, last] = [await noteOf(3), await noteOf(9)];
    const text = `${keptText({ note: first, verifierKeys: [older.verifierKey] })}${keptText({ note: last, verifierKeys: [signer.verifierKey] })}`;
    expect(readKeptText(text)).toEqual({ note: last, verifierKeys: [older.verifierKey, signer.verifierKey] });
  });

  it('that is none is given back whole, for its reader to say what is wrong', () => {
    for (const text of ['', '— only a signature\n', 'no note at all\n\nnor here\n']) expect(readKeptText(text).note).toBe(text);
  });
});
