// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { matchLine } from '../../../src/mapping/match-line.ts';

describe('a line of a pattern and an event', () => {
  it('is answered with whether it matches', () => {
    expect(matchLine('{"pattern":{"a":["x"]},"event":{"a":"x"}}')).toEqual({ matches: true });
    expect(matchLine('{"pattern":{"a":["x"]},"event":{"a":"y"}}')).toEqual({ matches: false });
  });

  it('is answered with an error where it cannot be', () => {
    const errors = [
      ['{"pattern":{"a":"x"},"event":{}}', 'MAPPING_PATTERN_INVALID: at a: must be an object or an array'],
      ['{"pattern":{"a":["x"]},"event":[]}', 'MAPPING_EVENT_INVALID: an event must be a JSON object'],
      ['{"pattern":["x"],"event":{}}', 'MAPPING_PATTERN_INVALID: a pattern is an object'],
      ['{"pattern":{"a":["x"]}}', 'a line must be {"pattern": …, "event": …}'],
      ['[]', 'a line must be {"pattern": …, "event": …}'],
    ] as const;
    expect(errors.map(([line]) => matchLine(line))).toEqual(errors.map(([, error]) => ({ error })));
    expect(matchLine('{')).toEqual({ error: expect.stringContaining('not JSON: ') });
  });

  it('compares whole numbers beyond a double by their digits', () => {
    const line = (pattern: string, event: string) => matchLine(`{"pattern":{"a":[${pattern}]},"event":{"a":${event}}}`);
    expect(line('9007199254740993', '9007199254740993')).toEqual({ matches: true });
    expect(line('9007199254740993', '9007199254740992')).toEqual({ matches: false });
    expect(line('9007199254740992', '9007199254740992')).toEqual({ matches: true });
    expect(line('10000000000000000000000', '1e22')).toEqual({ matches: true });
    expect(line('{"exists":true}', '123456789012345678901')).toEqual({ matches: true });
    expect(line('{"numeric":[">",1]}', '123456789012345678901')).toEqual({ matches: false });
    expect(line('{"numeric":[">",123456789012345678901]}', '1')).toEqual({ error: expect.stringContaining('at a[0].numeric[1]') });
    expect(line('{"anything-but":123456789012345678901}', '1')).toEqual({ error: expect.stringContaining('at a[0].anything-but') });
    expect(matchLine('{"pattern":{"a":123456789012345678901},"event":{}}')).toEqual({ error: expect.stringContaining('at a: ') });
  });
});
