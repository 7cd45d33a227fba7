// SPDX-License-Identifier: Apache-2.0
import type { Resource } from '../evidence/observation.ts';
import type { Declarations, ScopeFile } from '../evidence/scope-file.ts';
import { isAiResourceType } from './ai-resource-type.ts';
import type { Wildcard } from './wildcard.ts';
import { globOf, matchesWildcard } from './wildcard.ts';

/** Whether a subject belongs to an AI system in scope, and to which ones by name. */
export interface ScopeAnswer {
  readonly inScope: boolean;
  readonly aiSystems: readonly string[];
}

/** The scope file made ready for many questions. */
export interface ScopeResolver {
  /** By the type, the tag or the ARN of a resource, or by the account it lies in. */
  resolve(resources: readonly Resource[], account: string): ScopeAnswer;
  /** Whether the scope file places an AI system in the account, as a whole or by an ARN in it. */
  holdsAiSystem(account: string): boolean;
}

interface System {
  readonly name: string;
  readonly tags: ReadonlySet<string>;
  readonly arns: readonly Wildcard[];
  readonly accounts: ReadonlySet<string>;
}

const outside: ScopeAnswer = { inScope: false, aiSystems: [] };
const unnamed: ScopeAnswer = { inScope: true, aiSystems: [] };

/** Prepares the scope file. */
export function createScopeResolver({ scope }: Pick<Declarations, 'scope'>): ScopeResolver {
  const systems = scope.aiSystems.map(
    (system): System => ({
      name: system.name,
      tags: new Set([system.name, ...system.tags]),
      arns: system.arns.map(globOf),
      accounts: new Set(system.accounts),
    }),
  );
  const accounts = accountsOf(scope);
  return {
    resolve: (resources, account) => resolve(systems, scope.tagKey, resources, account),
    holdsAiSystem: (account) => accounts.has(account),
  };
}

/** One question to the scope file; use a `ScopeResolver` for many. */
export function resolveScope(resources: readonly Resource[], account: string, declarations: Declarations): ScopeAnswer {
  return createScopeResolver(declarations).resolve(resources, account);
}

function resolve(systems: readonly System[], tagKey: string, resources: readonly Resource[], account: string): ScopeAnswer {
  let isAi = false;
  let names: Set<string> | undefined;
  for (const system of systems) {
    if (system.accounts.has(account)) names = (names ?? new Set()).add(system.name);
  }
  for (const resource of resources) {
    isAi ||= isAiResourceType(resource);
    const tag = tagOf(resource, tagKey);
    if (tag !== undefined) for (const name of namesOfTag(systems, tag)) names = (names ?? new Set()).add(name);
    for (const system of systems) {
      if (system.arns.some((pattern) => matchesWildcard(resource.arn, pattern))) names = (names ?? new Set()).add(system.name);
    }
  }
  if (names === undefined) return isAi ? unnamed : outside;
  return { inScope: true, aiSystems: [...names].sort() };
}

function tagOf(resource: Resource, tagKey: string): string | undefined {
  const { tags } = resource;
  return tags !== undefined && Object.hasOwn(tags, tagKey) ? tags[tagKey] : undefined;
}

// A tag that no system of the scope file claims names a system by itself; an empty one names none.
function namesOfTag(systems: readonly System[], tag: string): readonly string[] {
  if (tag === '') return [];
  const declared = systems.filter((system) => system.tags.has(tag)).map((system) => system.name);
  return declared.length > 0 ? declared : [tag];
}

function accountsOf(scope: ScopeFile): ReadonlySet<string> {
  const named = scope.aiSystems.flatMap((system) => system.accounts);
  const byArn = scope.aiSystems.flatMap((system) => system.arns.map((arn) => arn.split(':')[4] ?? ''));
  return new Set([...named, ...byArn.filter((account) => /^\d{12}$/.test(account))]);
}
