// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { numbersIn, valueFacts, valueState } from '../../../../src/sources/report/metric-value.ts';

describe('the state of a value', () => {
  it.each([
    [0.5, 'NUMBER'],
    [0, 'NUMBER'],
    ['Infinity', 'INFINITE'],
    ['-Infinity', 'INFINITE'],
    [Number.POSITIVE_INFINITY, 'INFINITE'],
    ['NaN', 'NAN'],
    ['n/a', 'NAN'],
    [null, 'NULL'],
    [undefined, 'MISSING'],
  ])('of %p is %s', (value, state) => {
    expect(valueState(value)).toBe(state);
  });

  it('comes with the value only where that is a finite number', () => {
    expect(valueFacts({ value: -0.25 })).toEqual({ valueState: 'NUMBER', value: -0.25 });
    expect(valueFacts({ value: null, error: 'no group' })).toEqual({ valueState: 'NULL' });
    expect(valueFacts(undefined)).toEqual({ valueState: 'MISSING' });
  });
});

describe('numbers in the words of a violation', () => {
  it('gives the measured value, and the limit after it', () => {
    expect(numbersIn('Value: 0.4994994994994995 does not meet the constraint requirement! ')).toEqual([0.4994994994994995]);
    expect(numbersIn("Metric value -36.69 doesn't meet the baseline constraint requirement -0.52")).toEqual([-36.69, -0.52]);
    expect(numbersIn('Baseline drift distance: 2.1E-5 exceeds threshold: 0.1')).toEqual([0.000021, 0.1]);
  });

  it('keeps the word where the number is none', () => {
    expect(numbersIn("Metric value Infinity doesn't meet the baseline constraint requirement 2.9")).toEqual(['Infinity', 2.9]);
  });

  it('takes no digits out of names', () => {
    expect(numbersIn('Metric f0_5 of feature_2 was low')).toEqual([]);
  });
});
