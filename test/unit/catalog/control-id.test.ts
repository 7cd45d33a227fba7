// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { isKnownControlId, nearestControlIds, parseControlId } from '../../../src/catalog/control-id.ts';

describe('an id of the standard', () => {
  it('is taken when it is spelt as the standard spells it', () => {
    expect(parseControlId('A.6.2.8')).toBe('A.6.2.8');
    expect(parseControlId('9.2.1')).toBe('9.2.1');
    expect(isKnownControlId('A.6.2.8')).toBe(true);
  });

  it.each([['A.7.9'], ['A.4.1'], ['6.1'], ['A.6'], ['a.6.2.8'], ['A.6.2.8 '], ['B.6.2.8'], [''], ['toString'], ['A.6.2.4.1'], ['A.6.10']])(
    'is refused as %j, which is none',
    (text) => {
      expect(isKnownControlId(text)).toBe(false);
      expect(() => parseControlId(text)).toThrow(expect.objectContaining({ code: 'MAPPING_UNKNOWN_CONTROL' }));
    },
  );

  it('comes with the nearest valid ids when it is refused', () => {
    expect(() => parseControlId('A.7.9')).toThrow(
      /"A\.7\.9" is no assessable clause or control; nearest: A\.7\.6, A\.7\.5, A\.7\.4, A\.7\.3, A\.7\.2/,
    );
    expect(nearestControlIds('A.6.2.4.1')).toContain('A.6.2.4');
  });

  it('is suggested from below a heading, an objective or another spelling', () => {
    expect(nearestControlIds('6.1')).toEqual(['6.1.1', '6.1.2', '6.1.3', '6.1.4']);
    expect(nearestControlIds('A.4.1')[0]).toBe('A.4.2');
    expect(nearestControlIds('B.6.2.8')).toEqual(['A.6.2.8']);
    expect(nearestControlIds('A.6.2.9')[0]).toBe('A.6.2.8');
    expect(nearestControlIds(' a-6-2-8 ')).toEqual(['A.6.2.8']);
    expect(nearestControlIds('iso 42001 A.6.2.8')).toEqual(expect.arrayContaining(['A.6.2.8']));
  });

  it('points to the alias when an id of the seed mapping comes bare', () => {
    expect(() => parseControlId('A.12')).toThrow(/seed:A\.12/);
    expect(() => parseControlId('A.7.9')).toThrow(expect.objectContaining({ message: expect.not.stringContaining('seed:') }));
  });

  it('is compared with long text in bounded time', () => {
    expect(nearestControlIds('A.'.repeat(100_000)).length).toBeGreaterThan(0);
  });
});
