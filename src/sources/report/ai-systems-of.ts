// SPDX-License-Identifier: Apache-2.0
import type { Resource } from '../../evidence/observation.ts';
import type { ScopeFile } from '../../evidence/scope-file.ts';

/** Names of the AI systems that resources belong to, as the mapping tells them: by tag, by ARN pattern, by account. */
export function aiSystemsOf(resources: readonly Resource[], account: string, scope: ScopeFile): readonly string[] {
  const tags = resources.flatMap(({ tags }) => (tags !== undefined && Object.hasOwn(tags, scope.tagKey) ? (tags[scope.tagKey] ?? []) : []));
  const isNamedBy = (tag: string) => (system: ScopeFile['aiSystems'][number]) => system.tags.includes(tag) || system.name === tag;
  const declared = scope.aiSystems
    .filter(
      (system) =>
        system.accounts.includes(account) ||
        tags.some((tag) => isNamedBy(tag)(system)) ||
        resources.some((resource) => system.arns.some((pattern) => isLike(resource.arn, pattern))),
    )
    .map((system) => system.name);
  // A tag that no system of the scope file claims names a system by itself.
  const undeclared = tags.filter((tag) => tag !== '' && !scope.aiSystems.some(isNamedBy(tag)));
  return [...new Set([...declared, ...undeclared])].sort();
}

/** Whether text fits a pattern in which `*` stands for any text. Linear: no regular expression is made of a person's input. */
export function isLike(text: string, pattern: string): boolean {
  const parts = pattern.split('*');
  const first = parts[0] ?? '';
  const last = parts.at(-1) ?? '';
  if (parts.length === 1) return text === pattern;
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return false;
  let from = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, from);
    if (found < 0 || found + part.length > text.length - last.length) return false;
    from = found + part.length;
  }
  return true;
}
