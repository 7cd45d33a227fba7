// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { mostNamed } from '../../../src/ledger/first-few.ts';
import { ProblemList } from '../../../src/ledger/ledger-problem.ts';

describe('a list of problems', () => {
  it('names the first of each kind, in the order they were found, and counts the rest', () => {
    const problems = new ProblemList();
    for (let n = 0; n < mostNamed + 30; n++) problems.add('foreign', `planted ${n}`, 'it is no segment');
    problems.add('forked', 'checkpoint 4', 'two histories');
    for (let n = 0; n < mostNamed; n++) problems.add('disturbed', `hidden ${n}`, 'a delete marker');
    expect(problems.all).toHaveLength(2 * mostNamed + 1);
    expect(problems.all.slice(mostNamed - 1, mostNamed + 2).map(({ item }) => item)).toEqual([
      `planted ${mostNamed - 1}`,
      'checkpoint 4',
      'hidden 0',
    ]);
    expect(problems.unnamed).toEqual([{ kind: 'foreign', count: 30 }]);
    problems.add('disturbed', 'one more', 'a delete marker');
    expect(problems.unnamed).toEqual([
      { kind: 'foreign', count: 30 },
      { kind: 'disturbed', count: 1 },
    ]);
  });
});
