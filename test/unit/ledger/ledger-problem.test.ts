// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { mostNamed } from '../../../src/ledger/first-few.ts';
import { worstFirst } from '../../../src/ledger/found-disturbed.ts';
import { ProblemList } from '../../../src/ledger/ledger-problem.ts';

describe('a list of problems', () => {
  it('names the first of each kind, in the order they were found, and counts the rest', () => {
    const problems = new ProblemList();
    for (let n = 0; n < mostNamed + 30; n++) problems.add('foreign', `planted ${n}`, 'it is no segment');
    problems.add('forked', 'checkpoint 4', 'two histories');
    for (let n = 0; n < mostNamed; n++) problems.addDisturbed('hidden', `hidden ${n}`, 'a delete marker');
    expect(problems.all).toHaveLength(2 * mostNamed + 1);
    expect(problems.all.slice(mostNamed - 1, mostNamed + 2).map(({ item }) => item)).toEqual([
      `planted ${mostNamed - 1}`,
      'checkpoint 4',
      'hidden 0',
    ]);
    expect(problems.unnamed).toEqual([{ kind: 'foreign', count: 30 }]);
    problems.addDisturbed('hidden', 'one more', 'a delete marker');
    expect(problems.unnamed).toEqual([
      { kind: 'foreign', count: 30 },
      { kind: 'disturbed', what: 'hidden', count: 1 },
    ]);
  });

  it('names what lost its protection however much was covered or hidden before', () => {
    const problems = new ProblemList();
    for (let n = 0; n < mostNamed + 5; n++) problems.addDisturbed('covered', `early ${n}`, 'a newer version');
    for (let n = 0; n < mostNamed + 7; n++) problems.addDisturbed('hidden', `early ${n}`, 'a delete marker');
    problems.addDisturbed('unprotected', 'late', 'kept only until yesterday');
    expect(problems.all).toHaveLength(2 * mostNamed + 1);
    expect(worstFirst(problems.all)[0]).toEqual({
      kind: 'disturbed',
      what: 'unprotected',
      item: 'late',
      reason: 'kept only until yesterday',
    });
    expect(problems.unnamed).toEqual([
      { kind: 'disturbed', what: 'covered', count: 5 },
      { kind: 'disturbed', what: 'hidden', count: 7 },
    ]);
  });
});
