// SPDX-License-Identifier: Apache-2.0
import { at, type Json, type JsonObject } from '../evidence/json.ts';
import type { SourceId } from '../evidence/observation.ts';
import { compilePattern } from '../mapping/compile-pattern.ts';
import { isKnownControlId, nearestControlIds } from './control-id.ts';
import type { Fact } from './facts-schema.ts';
import type { MappingSource } from './mapping-source.ts';
import { mergePatterns, patternLeaves } from './pattern-leaves.ts';
import type { RuleFile, RuleSource } from './rules-schema.ts';

type KnownFacts = ReadonlyMap<string, Fact>;

/** What a schema cannot say of the rules: ids used once, references that resolve, facts that are defined. One sentence per problem. */
export function checkRules(source: MappingSource): readonly string[] {
  const problems = [
    ...repeated(source),
    ...source.rules.flatMap(({ file, content }) => checkFile(file, content, factsOf(source, content.source))),
  ];
  return [...problems, ...twiceDefined(source)];
}

/** The facts that observations of a source may carry: its own and the engine's. */
export function factsOf(source: MappingSource, id: SourceId): KnownFacts {
  const files = source.facts.filter(({ content }) => content.source === id || content.source === 'engine');
  return new Map(files.flatMap(({ content }) => Object.entries(content.facts)));
}

function repeated(source: MappingSource): readonly string[] {
  const seen = new Map<string, string>();
  return source.rules.flatMap(({ file, content }) =>
    content.rules.flatMap(({ id }) => {
      const first = seen.get(id);
      seen.set(id, first ?? file);
      return first === undefined ? [] : [`${file}: rule ${id} stands in ${first} already`];
    }),
  );
}

function twiceDefined(source: MappingSource): readonly string[] {
  const engine = new Set(source.facts.filter((f) => f.content.source === 'engine').flatMap((f) => Object.keys(f.content.facts)));
  return source.facts
    .filter(({ content }) => content.source !== 'engine')
    .flatMap(({ file, content }) =>
      Object.keys(content.facts)
        .filter((name) => engine.has(name))
        .map((name) => `${file}: fact ${name} is the engine's already`),
    );
}

function checkFile(file: string, content: RuleFile, facts: KnownFacts): readonly string[] {
  return content.rules.flatMap((rule) =>
    [...checkIds(rule, content), ...checkPattern(rule, content, facts), ...checkExamples(rule, content, facts)].map(
      (problem) => `${file}: ${rule.id}: ${problem}`,
    ),
  );
}

function checkIds(rule: RuleSource, file: RuleFile): readonly string[] {
  const problems: string[] = [];
  if (!rule.id.startsWith(`${file.source}.`)) problems.push(`the id does not begin with ${file.source}.`);
  const controls = rule.controls.map((claim) => claim.control);
  if (new Set(controls).size !== controls.length) problems.push('a control is named twice');
  const unknown = controls.filter((id) => !isKnownControlId(id));
  return [...problems, ...unknown.map((id) => `unknown control ${id}; nearest: ${nearestControlIds(id).join(', ')}`)];
}

function checkPattern(rule: RuleSource, file: RuleFile, facts: KnownFacts): readonly string[] {
  const problems: string[] = [];
  const pattern = mergePatterns(file.where, rule.pattern);
  problems.push(...checkCompiles(pattern));
  const [sources, kinds] = [pattern['source'], pattern['kind']];
  if (JSON.stringify(sources) !== JSON.stringify([file.source])) problems.push(`the pattern asks for source ${JSON.stringify(sources)}`);
  if (kinds !== undefined && JSON.stringify(kinds) !== JSON.stringify([rule.evidence])) {
    problems.push(`the pattern asks for kind ${JSON.stringify(kinds)}, evidence is ${rule.evidence}`);
  }
  for (const { path, allowed } of patternLeaves(pattern)) {
    const [top, name] = path;
    if (top === 'facts' && name !== undefined) problems.push(...checkFact(name, allowed, facts));
    else if (!isReadable(path)) problems.push(`${path.join('.')} is no part of an observation`);
  }
  problems.push(...checkSubject(rule, pattern));
  return [...problems, ...(rule.facts ?? []).flatMap((name) => checkFact(name, [], facts))];
}

// A rule about record stores claims wherever it matches, so it must match declared stores only; and one that does is about them.
function checkSubject({ subject }: RuleSource, pattern: JsonObject): readonly string[] {
  const asksForStore = JSON.stringify(at(pattern, 'facts', 'recordStore')) === '[true]';
  if (asksForStore === (subject === 'record-store')) return [];
  return ['subject: record-store belongs to facts: { recordStore: [true] } in the pattern, and to nothing else'];
}

function checkCompiles(pattern: JsonObject): readonly string[] {
  try {
    return compilePattern(pattern).shadowed === 0 ? [] : ['a branch of $or can never match'];
  } catch (error) {
    return [`the pattern does not compile: ${String(error)}`];
  }
}

/** Patterns read these members of an observation and nothing else. */
function isReadable(path: readonly string[]): boolean {
  return path.length === 1 ? ['source', 'kind', 'account', 'region'].includes(path[0] ?? '') : path[0] === 'detail';
}

function checkExamples(rule: RuleSource, file: RuleFile, facts: KnownFacts): readonly string[] {
  const examples = [...rule.matches, ...rule.misses];
  const problems = examples.flatMap((example) =>
    Object.entries(example.facts ?? {}).flatMap(([name, value]) => checkFact(name, listed(value), facts)),
  );
  if (examples.some((example) => example.source !== file.source)) problems.push(`an example is not of source ${file.source}`);
  if (rule.matches.some((example) => example.kind !== rule.evidence))
    problems.push(`an example that matches is not of kind ${rule.evidence}`);
  return problems;
}

function listed(value: Json | undefined): readonly Json[] {
  if (Array.isArray(value)) return value;
  return value === undefined ? [] : [value as Json];
}

/** Plain values must be ones that the fact can take; operators are left to the pattern compiler. */
function checkFact(name: string, values: readonly Json[], facts: KnownFacts): readonly string[] {
  const fact = facts.get(name);
  if (fact === undefined) return [`fact ${name} is not defined`];
  const plain = values.filter((value) => typeof value !== 'object');
  return plain.filter((value) => !canTake(fact, value)).map((value) => `fact ${name} never is ${JSON.stringify(value)}`);
}

function canTake(fact: Fact, value: JsonObject | Json): boolean {
  switch (fact.type) {
    case 'boolean':
      return typeof value === 'boolean';
    case 'integer':
      return Number.isSafeInteger(value);
    case 'number':
      return typeof value === 'number';
    case 'list of numbers and strings':
      return typeof value === 'number' || typeof value === 'string';
    default:
      return typeof value === 'string' && (fact.values?.includes(value) ?? true);
  }
}
