// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { plainReason } from '../../../src/cli/plain-reason.ts';
import { aims } from '../../support/aims-command.ts';

describe('a reason as people read it', () => {
  it('has no code, and does not name again what stands before it', () => {
    expect(plainReason('SEGMENT_DAMAGED: segment a/b: its bytes are others', 'a/b')).toBe('its bytes are others');
    expect(plainReason('SEGMENT_DAMAGED: segment a/b: its bytes are others', 'c')).toBe('segment a/b: its bytes are others');
    expect(plainReason('the vault does not hold it', 'a/b')).toBe('the vault does not hold it');
    expect(plainReason('IAM: says no')).toBe('IAM: says no');
  });

  it('leaves one code where one error stands in the words of another', async () => {
    for (const args of [
      ['pattern', 'test', '{"source":"not-a-list"}', '{}'],
      ['verify', '--key', 'no+key'],
    ]) {
      const { code, stderr } = await aims('.', args);
      expect({ code, codes: stderr.match(/\b[A-Z]+_[A-Z_]+: /g) }).toEqual({ code: 2, codes: ['USAGE_OPTION: '] });
    }
  });
});
