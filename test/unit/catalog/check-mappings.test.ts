// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { checkCatalog } from '../../../src/catalog/check-catalog.ts';
import { checkRules } from '../../../src/catalog/check-rules.ts';
import { compilePack, requireSound } from '../../../src/catalog/compile-mappings.ts';
import { type MappingSource, type Named, readMappingSource } from '../../../src/catalog/mapping-source.ts';
import type { RuleFile, RuleSource } from '../../../src/catalog/rules-schema.ts';

const sound = readMappingSource();

/** The sound data with one of its files changed. */
function changed<Key extends 'rules' | 'facts' | 'clauses' | 'annex'>(
  key: Key,
  change: (content: MappingSource[Key][number]['content']) => MappingSource[Key][number]['content'],
): MappingSource {
  const [first, ...others] = sound[key];
  if (first === undefined) throw new Error('the sound data is empty');
  return { ...sound, [key]: [{ file: first.file, content: change(first.content) }, ...others] };
}

/** The sound data with the first rule of its first file changed. */
function ruleChanged(change: (rule: RuleSource) => Partial<RuleSource>): MappingSource {
  const alter = ({ rules: [first, ...others], ...file }: RuleFile): RuleFile => {
    if (first === undefined) throw new Error('the first file has no rule');
    return { ...file, rules: [{ ...first, ...change(first) }, ...others] };
  };
  return changed('rules', (content) => alter(content as RuleFile) as Named<RuleFile>['content']);
}

const example = { source: 'cloudtrail', kind: 'activity', detail: {} } as const;

describe('the checks of the rules', () => {
  it('find nothing in the data as it is', () => {
    expect(checkRules(sound)).toEqual([]);
  });

  const faults: readonly (readonly [string, (rule: RuleSource) => Partial<RuleSource>, RegExp])[] = [
    [
      'a control that does not exist',
      () => ({ controls: [{ control: 'A.7.9', strength: 'context' }] }),
      /unknown control A\.7\.9; nearest: A\.7\.6/,
    ],
    ['a control named twice', (rule) => ({ controls: [...rule.controls, ...rule.controls] }), /a control is named twice/],
    ['an id of another source', () => ({ id: 'macie.trail.stopped' }), /the id does not begin with cloudtrail\./],
    ['an id used before', () => ({ id: sound.rules[1]?.content.rules[0]?.id ?? '' }), /stands in rules\/cloudtrail-account\.yaml already/],
    ['a pattern for another source', () => ({ pattern: { source: ['macie'] } }), /asks for source \["macie"\]/],
    ['a pattern for another kind', () => ({ pattern: { kind: ['finding'] } }), /asks for kind \["finding"\], evidence is activity/],
    [
      'a pattern that does not compile',
      () => ({ pattern: { detail: { eventName: [{ begins: 'x' }] } } }),
      /the pattern does not compile: .*eventName/,
    ],
    [
      'a rule about record stores that matches others too',
      () => ({ subject: 'record-store' }),
      /record-store belongs to facts: \{ recordStore/,
    ],
    [
      'a rule that matches record stores only and is about something else',
      () => ({ subject: 'resource', pattern: { facts: { recordStore: [true] } } }),
      /record-store belongs to facts: \{ recordStore/,
    ],
    ['a fact without definition', () => ({ pattern: { facts: { moonPhase: ['full'] } } }), /fact moonPhase is not defined/],
    [
      'a fact inside $or',
      () => ({ pattern: { $or: [{ facts: { moonPhase: ['full'] } }, { kind: ['activity'] }] } }),
      /fact moonPhase is not defined/,
    ],
    [
      'a value that the fact never has',
      () => ({ pattern: { facts: { digestChain: ['perfect'] } } }),
      /fact digestChain never is "perfect"/,
    ],
    ['a text where the fact is a boolean', () => ({ pattern: { facts: { unmatched: ['true'] } } }), /fact unmatched never is "true"/],
    ['a fact of the reader that is not defined', () => ({ facts: ['moonPhase'] }), /fact moonPhase is not defined/],
    ['a member that observations do not have', () => ({ pattern: { severity: ['HIGH'] } }), /severity is no part of an observation/],
    [
      'an example of another kind',
      () => ({ matches: [{ ...example, kind: 'finding' }] }),
      /an example that matches is not of kind activity/,
    ],
    ['an example of another source', () => ({ misses: [{ ...example, source: 'macie' }] }), /an example is not of source cloudtrail/],
    [
      'an example with an unknown fact',
      () => ({ misses: [{ ...example, facts: { moonPhase: 'full' } }] }),
      /fact moonPhase is not defined/,
    ],
  ];
  it.each(faults)('find %s', (_fault, change, told) => {
    expect(checkRules(ruleChanged(change)).join('\n')).toMatch(told);
  });

  it('find a fact that a source and the engine both define', () => {
    const engine = sound.facts.find(({ content }) => content.source === 'engine')?.content.facts['unmatched'];
    if (engine === undefined) throw new Error('the engine defines unmatched');
    const twice = changed('facts', (content) => ({ ...content, facts: { ...content.facts, unmatched: engine } }));
    expect(checkRules(twice).join('\n')).toMatch(/fact unmatched is the engine's already/);
  });
});

describe('the checks of the catalogue', () => {
  it('find nothing in the data as it is', () => {
    expect(checkCatalog(sound)).toEqual([]);
  });

  it('find a clause that is missing, and the count that no longer holds', () => {
    const told = checkCatalog(changed('clauses', (content) => ({ ...content, clauses: content.clauses.slice(0, -1) }))).join('\n');
    expect(told).toMatch(/the assessable items are not those of control-ids\.ts/);
    expect(told).toMatch(/clause_nodes: 43 stated, 42 found/);
  });

  it('find an id that stands twice and a parent that is another', () => {
    const told = checkCatalog(
      changed('clauses', (content) => ({
        ...content,
        clauses: content.clauses.map((clause) => ('parent' in clause ? { ...clause, id: '7.2' } : clause)),
      })),
    ).join('\n');
    expect(told).toMatch(/7\.2 stands twice/);
    expect(told).toMatch(/7\.2: its parent ought to be 7/);
  });

  it('find an item that no rule reaches and that does not say why', () => {
    const silent = changed('clauses', (content) => ({
      ...content,
      clauses: content.clauses.map((clause) => (clause.assessable ? { ...clause, no_rule_because: undefined } : clause)),
    }));
    expect(checkCatalog(silent).join('\n')).toMatch(/4\.1 has no rule and does not say why/);
  });

  it('find an item that says it has no rule and has some', () => {
    const denying = changed('annex', (content) => ({
      ...content,
      controls: content.controls.map((control) => ({ ...control, no_rule_because: 'Nothing reaches it.' })),
    }));
    expect(checkCatalog(denying).join('\n')).toMatch(/A\.2\.2 has rules and says why it has none/);
  });

  it('find seed rows that lead nowhere and services that are not described', () => {
    const [row, ...rows] = sound.seedRows.rows;
    if (row === undefined) throw new Error('the seed has no rows');
    const lost = {
      ...row,
      primary: ['A.12'],
      fit: 'perfect',
      services: [{ service: 'Amazon Moon', standard: ['9.1'], evidence: 'state' as const, why: 'none' }],
    };
    const told = checkCatalog({ ...sound, seedRows: { ...sound.seedRows, rows: [lost, ...rows, row] } }).join('\n');
    expect(told).toMatch(/seed:6\.1\.2: A\.12 is no assessable item/);
    expect(told).toMatch(/seed:6\.1\.2: fit perfect is not explained/);
    expect(told).toMatch(/seed:6\.1\.2 stands twice/);
    expect(told).toMatch(/Amazon Moon is named by a row and not described/);
  });

  it('find a service that no row names', () => {
    const rows = sound.seedRows.rows.slice(1, 2);
    expect(checkCatalog({ ...sound, seedRows: { ...sound.seedRows, rows } }).join('\n')).toMatch(
      /AWS Artifact is described and named by no row/,
    );
  });
});

describe('compiling', () => {
  it('makes a pack of sound data and refuses data with a fault', () => {
    expect(() => requireSound(sound)).not.toThrow();
    expect(compilePack(sound).rules.length).toBeGreaterThanOrEqual(1_138);
    const faulty = ruleChanged(() => ({ controls: [{ control: 'A.7.9', strength: 'context' }] }));
    expect(() => requireSound(faulty)).toThrow(expect.objectContaining({ code: 'MAPPING_DATA_UNSOUND' }));
  });
});
