// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { isAiResourceType } from '../../../src/mapping/ai-resource-type.ts';
import { createScopeResolver, resolveScope } from '../../../src/mapping/scope.ts';
import { account, scoped } from '../../support/mapping.ts';

const credit = { name: 'credit', owner: 'o', tags: ['credit-scoring'], arns: ['arn:aws:s3:::credit-*'], accounts: [] };
const claims = {
  name: 'claims',
  owner: 'o',
  tags: [],
  arns: ['arn:aws:ecr:*:444455556666:repository/claims*'],
  accounts: ['777788889999'],
};
const declarations = scoped({ tagKey: 'system', aiSystems: [credit, claims] });
const bucket = (name: string, tags?: Record<string, string>) => ({
  arn: `arn:aws:s3:::${name}`,
  type: 'AWS::S3::Bucket',
  ...(tags && { tags }),
});

describe('a subject', () => {
  it('is in scope by the type of an AI service', () => {
    const types = [
      'AWS::SageMaker::Model',
      'AWS::Bedrock::Agent',
      'AWS::BedrockAgentCore::Runtime',
      'AWS::QBusiness::Application',
      'AWS::Lex::Bot',
    ];
    expect(types.filter((type) => !resolveScope([{ arn: '', type }], account, declarations).inScope)).toEqual([]);
    const others = ['AWS::S3::Bucket', 'AWS::::Account', 'AWS::SageMakerX::Model', 'Other', '', 'X::Bedrock::Agent'];
    expect(others.filter((type) => resolveScope([{ arn: '', type }], account, declarations).inScope)).toEqual([]);
  });

  it('is in scope by its ARN where the type is not known', () => {
    expect(isAiResourceType({ arn: 'arn:aws:bedrock:eu-west-1:1:agent/a', type: '' })).toBe(true);
    expect(isAiResourceType({ arn: 'arn:aws:s3:::bedrock', type: '' })).toBe(false);
    expect(isAiResourceType({ arn: 'arn:aws:bedrock:eu-west-1:1:agent/a', type: 'AWS::S3::Bucket' })).toBe(false);
  });

  it('belongs to the AI system of its tag, declared or not', () => {
    expect(resolveScope([bucket('x', { system: 'credit-scoring' })], account, declarations)).toEqual({
      inScope: true,
      aiSystems: ['credit'],
    });
    expect(resolveScope([bucket('x', { system: 'credit' })], account, declarations).aiSystems).toEqual(['credit']);
    expect(resolveScope([bucket('x', { system: 'chat' })], account, declarations)).toEqual({ inScope: true, aiSystems: ['chat'] });
    expect(resolveScope([bucket('x', { system: '' })], account, declarations).inScope).toBe(false);
    expect(resolveScope([bucket('x', { other: 'credit' })], account, declarations).inScope).toBe(false);
  });

  it('belongs to the AI system of its ARN pattern or account', () => {
    expect(resolveScope([bucket('credit-data')], account, declarations)).toEqual({ inScope: true, aiSystems: ['credit'] });
    expect(resolveScope([bucket('notes')], account, declarations)).toEqual({ inScope: false, aiSystems: [] });
    expect(resolveScope([bucket('notes')], '777788889999', declarations)).toEqual({ inScope: true, aiSystems: ['claims'] });
    expect(resolveScope([], '777788889999', declarations).inScope).toBe(true);
  });

  it('may belong to several', () => {
    const both = [bucket('credit-data'), bucket('x', { system: 'chat' })];
    expect(resolveScope(both, '777788889999', declarations).aiSystems).toEqual(['chat', 'claims', 'credit']);
  });
});

describe('an account', () => {
  it('holds an AI system where the scope file names it, also within an ARN', () => {
    const resolver = createScopeResolver(declarations);
    expect(['777788889999', '444455556666', account].map((each) => resolver.holdsAiSystem(each))).toEqual([true, true, false]);
  });
});
