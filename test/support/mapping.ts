// SPDX-License-Identifier: Apache-2.0
import type { Observation } from '../../src/evidence/observation.ts';
import type { Declarations, ScopeFile } from '../../src/evidence/scope-file.ts';
import { noDeclarations } from '../../src/evidence/scope-file.ts';
import { createMapper, type Mapper } from '../../src/mapping/mapper.ts';
import type { Pack, Rule } from '../../src/mapping/pack.ts';

/** An account of the examples. */
export const account = '111122223333';

/** A rule on CloudTrail activity; what a test is about stands in `members`. */
export function rule(members: Partial<Rule> & Pick<Rule, 'id' | 'pattern'>): Rule {
  return {
    source: 'cloudtrail',
    title: `Title of ${members.id}`,
    controls: [{ control: 'A.6.2.8', strength: 'partial' }],
    polarity: 'supports',
    subject: 'resource',
    evidence: 'activity',
    why: `Why of ${members.id}`,
    ...members,
  };
}

/** A pack of rules. */
export function packOf(...rules: readonly Rule[]): Pack {
  return { id: 'test', version: '1', digest: '0'.repeat(64), rules, tables: {} };
}

/** An observation of CloudTrail about an endpoint; what a test is about stands in `members`. */
export function observation(members: Partial<Observation> = {}): Observation {
  return {
    source: 'cloudtrail',
    kind: 'activity',
    partition: 'aws',
    account,
    region: 'eu-west-1',
    sourceIdentity: 'id',
    versionKey: 'content',
    findingKey: null,
    occurredAt: null,
    observedAt: null,
    title: '',
    severity: null,
    resources: [{ arn: `arn:aws:sagemaker:eu-west-1:${account}:endpoint/risk`, type: 'AWS::SageMaker::Endpoint' }],
    detail: {},
    text: '{}',
    facts: {},
    ...members,
  };
}

/** Declarations with a scope file. */
export function scoped(scope: Partial<ScopeFile>): Declarations {
  return { ...noDeclarations, scope: { ...noDeclarations.scope, ...scope } };
}

/** A mapper of some rules; nothing declared unless said. */
export function mapperOf(rules: readonly Rule[], declarations: Declarations = noDeclarations): Mapper {
  return createMapper(packOf(...rules), declarations);
}

/** No account is known to hold an AI resource. */
export const noAccounts: ReadonlySet<string> = new Set();
