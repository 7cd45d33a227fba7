// SPDX-License-Identifier: Apache-2.0
import type { Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod';

const listOf = <T extends z.ZodType>(schema: T) => z.union([schema, z.array(schema)]).transform((value) => [value].flat());

const statement = z.object({
  Effect: z.enum(['Allow', 'Deny']),
  Action: listOf(z.string()),
  Resource: listOf(z.json()).default([]),
  Condition: z.json().optional(),
});
/** One statement of a policy, its single values as lists. */
export type Statement = z.infer<typeof statement>;
const document = z.object({ Statement: z.array(statement) });
const reference = z.object({ Ref: z.string() });
const policy = z.object({ Properties: z.object({ PolicyDocument: document, Roles: z.array(reference) }) });
const role = z.object({
  Properties: z.object({
    Path: z.string().optional(),
    ManagedPolicyArns: z.array(z.json()).optional(),
    Policies: z.array(z.object({ PolicyDocument: document })).default([]),
  }),
});
const lambda = z.object({ Properties: z.object({ Role: z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.literal('Arn')]) }) }) });

/** What a role of a template may do and may not. */
export interface TemplateRole {
  readonly logicalId: string;
  readonly path: string | undefined;
  readonly hasManagedPolicies: boolean;
  readonly statements: readonly Statement[];
}

/** Every role of a template, with the statements of all its policies. */
export function templateRoles(template: Template): readonly TemplateRole[] {
  const policies = Object.values(template.findResources('AWS::IAM::Policy')).map((found) => policy.parse(found).Properties);
  return Object.entries(template.findResources('AWS::IAM::Role')).map(([logicalId, found]) => {
    const { Path, ManagedPolicyArns, Policies } = role.parse(found).Properties;
    const attached = policies.filter(({ Roles }) => Roles.some(({ Ref }) => Ref === logicalId));
    const statements = [...Policies, ...attached].flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
    return { logicalId, path: Path, hasManagedPolicies: ManagedPolicyArns !== undefined, statements };
  });
}

/** The role of the one function whose logical id begins so. */
export function roleOfFunction(template: Template, prefix: string): TemplateRole {
  const functions = Object.entries(template.findResources('AWS::Lambda::Function')).filter(([id]) => id.startsWith(prefix));
  const [only] = functions.map(([, found]) => lambda.parse(found).Properties.Role['Fn::GetAtt'][0]);
  const found = templateRoles(template).find(({ logicalId }) => logicalId === only);
  if (functions.length !== 1 || found === undefined) throw new Error(`${functions.length} functions begin with ${prefix}`);
  return found;
}

/** Actions that statements of one effect name, each once, in order. */
export function actionsOf(statements: readonly Statement[], effect: Statement['Effect'] = 'Allow'): readonly string[] {
  const named = statements.filter((one) => one.Effect === effect).flatMap((one) => one.Action);
  return [...new Set(named)].sort();
}
