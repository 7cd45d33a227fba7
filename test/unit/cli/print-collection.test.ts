// SPDX-License-Identifier: Apache-2.0
import { Readable, Writable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { printCollection } from '../../../src/cli/print-collection.ts';
import type { SealedReport } from '../../../src/runtime/collect-laptop.ts';

const run = (source: string, more: object = {}) => ({
  id: source,
  source,
  account: '111122223333',
  region: 'eu-west-1',
  since: null,
  until: null,
  itemsRead: 0,
  recordsStored: 0,
  duplicates: 0,
  itemGaps: 0,
  scopeGaps: 0,
  ...more,
});

function printed(report: Partial<SealedReport>): string {
  let text = '';
  const write = (chunk: Buffer, _encoding: string, done: () => void) => {
    text += chunk.toString('utf8');
    done();
  };
  const out = new Writable({ write });
  const whole = { home: '/h', runs: [], unrecognised: [], checkpoint: null, damaged: [], interrupted: 0, ...report };
  printCollection({ stdin: Readable.from([]), stdout: out, stderr: out, directory: '.' }, whole);
  return text;
}

describe('a finished collection', () => {
  it('has a row for each run that read something or met a gap, and one line for the others', () => {
    const text = printed({
      runs: [run('cloudtrail', { itemsRead: 3, recordsStored: 3 }), run('macie'), run('securityhub', { scopeGaps: 1 })],
    });
    expect(text.match(/^(cloudtrail|macie|securityhub) .*\d$/gm)).toHaveLength(2);
    expect(text).toMatch(/^nothing to read and no gap: macie 111122223333 eu-west-1$/m);
    expect(printed({ runs: [run('cloudtrail', { itemsRead: 1 })] })).not.toContain('nothing to read');
  });

  it('says of interrupted runs what is so: that each is on record, and which are still open', () => {
    const text = printed({ interrupted: 2 });
    expect(text).toContain(
      '2 earlier run(s) had ended without a receipt: each is on record as a gap, closed by a run that reads the same again',
    );
    expect(text).toContain('aims gaps lists those still open, aims gaps --all every one');
    expect(printed({})).not.toContain('receipt');
  });

  it('names a damaged segment once', () => {
    const text = printed({ damaged: [{ key: 'a/b', reason: 'SEGMENT_DAMAGED: segment a/b: its bytes are others' }] });
    expect(text).toContain('damaged segment a/b: its bytes are others');
  });
});
