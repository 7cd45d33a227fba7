// SPDX-License-Identifier: Apache-2.0
import { Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import * as z from 'zod';

/** One rule that one resource breaks. */
export interface Finding {
  readonly rule: string;
  readonly path: string;
}

/** One finding that a construct answers for, with the reason. */
export interface Acknowledged extends Finding {
  readonly reason: string;
}

/** What the AWS solutions pack finds, acknowledged or not where `isRaw`. */
export function nagFindings(scope: IConstruct, isRaw = false): readonly Finding[] {
  const checks = new AwsSolutionsChecks();
  if (isRaw) Object.defineProperty(checks, 'isAcknowledged', { value: () => false });
  return checks
    .validateScope(scope)
    .violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath = '' }) => ({ rule: ruleName, path: constructPath })),
    );
}

/** Every acknowledgement of the pack's rules in a tree, by the construct that it stands on. The CDK makes others on its own. */
export function acknowledgements(scope: IConstruct): readonly Acknowledged[] {
  const key: string = Validations.ACKNOWLEDGED_RULES_METADATA_KEY;
  return scope.node.findAll().flatMap(({ node }) =>
    node.metadata
      .filter(({ type }) => type === key)
      .flatMap(({ data }) => Object.entries(z.record(z.string(), z.string()).parse(data)))
      .map(([id, reason]) => ({ rule: id.replace(/^annotation::/i, ''), path: node.path, reason }))
      .filter(({ rule }) => rule.startsWith('AwsSolutions-')),
  );
}
