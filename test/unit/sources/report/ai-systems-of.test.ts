// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { scopeFileSchema } from '../../../../src/evidence/scope-file.ts';
import { aiSystemsOf, isLike } from '../../../../src/sources/report/ai-systems-of.ts';

const arn = 'arn:aws:sagemaker:eu-west-1:111122223333:endpoint/claims-prod';
const scope = (system: object) =>
  scopeFileSchema.parse({ schema: 'aims-evidence/scope/1', aiSystems: [{ name: 'claims', owner: 'ops', ...system }] });
const endpoint = { arn, type: 'AWS::SageMaker::Endpoint' };

describe('the AI systems of a resource', () => {
  it('are told by tag, by ARN pattern or by account', () => {
    expect(aiSystemsOf([{ ...endpoint, tags: { 'ai-system': 'c1' } }], '', scope({ tags: ['c1'] }))).toEqual(['claims']);
    expect(aiSystemsOf([endpoint], '', scope({ arns: ['arn:aws:sagemaker:*:endpoint/claims-*'] }))).toEqual(['claims']);
    expect(aiSystemsOf([endpoint], '111122223333', scope({ accounts: ['111122223333'] }))).toEqual(['claims']);
    expect(aiSystemsOf([endpoint], '111122223333', scope({}))).toEqual([]);
  });

  it('are the tag itself where no system of the scope file claims it', () => {
    expect(aiSystemsOf([{ ...endpoint, tags: { 'ai-system': 'other' } }], '', scope({}))).toEqual(['other']);
  });
});

describe('an ARN pattern', () => {
  it.each([
    ['abc', 'abc', true],
    ['abc', 'ab', false],
    ['abc', 'a*c', true],
    ['ac', 'a*c', true],
    ['abcb', 'a*b', true],
    ['ab', 'ab*b', false],
    ['xayaz', '*a*a*', true],
    ['xaz', '*a*a*', false],
  ])('%s is like %s: %s', (text, pattern, expected) => {
    expect(isLike(text, pattern)).toBe(expected);
  });
});
