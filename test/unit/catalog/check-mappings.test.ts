// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { type AnnexFile, annexFileSchema, type ClauseFile } from '../../../src/catalog/catalog-schema.ts';
import { checkCatalog } from '../../../src/catalog/check-catalog.ts';
import { checkRules } from '../../../src/catalog/check-rules.ts';
import { compilePack, requireSound } from '../../../src/catalog/compile-mappings.ts';
import { type MappingSource, type Named, readMappingSource } from '../../../src/catalog/mapping-source.ts';
import type { RuleFile, RuleSource } from '../../../src/catalog/rules-schema.ts';
import type { SeedRowsFile } from '../../../src/catalog/seed-schema.ts';

type SeedRow = SeedRowsFile['rows'][number];

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
    expect(told).toMatch(/assessable clause 4\.4 is missing in the catalogue/);
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
    expect(told).toMatch(/seed:6\.1\.2: A\.12 is no assessable item; nearest: A\.2\.2/);
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

describe('an id that the standard does not have', () => {
  /** The sound data with the first Annex A file changed. */
  const annex = (change: (content: AnnexFile) => AnnexFile) => changed('annex', change);
  const firstOf = <T>([first, ...others]: readonly T[], change: (one: T) => Partial<T>): T[] =>
    first === undefined ? [] : [{ ...first, ...change(first) }, ...others];
  const leafRenamed = (content: ClauseFile, from: string, to: string): ClauseFile => ({
    ...content,
    clauses: content.clauses.map((clause) => (clause.id === from ? { ...clause, id: to } : clause)),
  });
  const rows = (change: (row: SeedRow) => Partial<SeedRow>): MappingSource => ({
    ...sound,
    seedRows: { ...sound.seedRows, rows: firstOf(sound.seedRows.rows, change) },
  });
  const variants = (id: string): MappingSource => {
    const { source_agreement: agreement } = sound.standard;
    const title_variants = firstOf(agreement.title_variants, () => ({ id }));
    return { ...sound, standard: { ...sound.standard, source_agreement: { ...agreement, title_variants } } };
  };
  const planning = sound.clauses.findIndex(({ file }) => file.includes('clause-06'));

  const places: readonly (readonly [string, () => MappingSource, readonly string[]])[] = [
    [
      'a control',
      () => annex((content) => ({ ...content, controls: firstOf(content.controls, () => ({ id: 'A.2.9' })) })),
      ['A.2.9 is no control; nearest: A.2.4, A.2.3', 'control A.2.2 is missing in the catalogue'],
    ],
    [
      'an assessable clause',
      () => ({
        ...sound,
        clauses: sound.clauses.map((one, i) => (i === planning ? { ...one, content: leafRenamed(one.content, '6.1.4', '6.1.9') } : one)),
      }),
      ['6.1.9 is no assessable clause; nearest: 6.1.4, 6.1.3', 'assessable clause 6.1.4 is missing in the catalogue'],
    ],
    [
      'a heading',
      () => ({
        ...sound,
        clauses: sound.clauses.map((one, i) => (i === planning ? { ...one, content: leafRenamed(one.content, '6.1', '6.9') } : one)),
      }),
      ['6.9 is no heading of clauses; nearest: 6.1', 'heading of clauses 6.1 is missing in the catalogue'],
    ],
    [
      'the heading above a clause',
      () => changed('clauses', (content) => ({ ...content, clauses: content.clauses.map((one) => ({ ...one, parent: '11' })) })),
      ['parent of 4.1: 11 is no heading of clauses; nearest: 10', '4.1: its parent ought to be 4'],
    ],
    [
      'an objective',
      () => annex((content) => ({ ...content, objectives: firstOf(content.objectives, () => ({ id: 'A.2.5' })) })),
      ['A.2.5 is no objective; nearest: A.2.1', 'the objective of A.2 is A.2.1, not A.2.5', 'objective A.2.1 is missing'],
    ],
    [
      'the group of a control',
      () => annex((content) => ({ ...content, controls: firstOf(content.controls, () => ({ parent: 'A.6' })) })),
      ['parent of A.2.2: A.6 is no group of controls; nearest: A.6.1, A.6.2', 'A.2.2 does not belong to A.6'],
    ],
    [
      'a section',
      () => annex((content) => ({ ...content, section: { ...content.section, id: 'A.11' } })),
      ['A.11 is no section; nearest: A.10', 'section A.2 is missing in the catalogue'],
    ],
    [
      'a section in the place of another',
      () => annex((content) => ({ ...content, section: { ...content.section, id: 'A.9' } })),
      ['A.2 does not belong to section A.9', 'section A.2 is missing in the catalogue', 'A.9 stands twice in the catalogue'],
    ],
    ['a variant of a title', () => variants('A.99'), ['title_variants: A.99 is no id of the standard; nearest: A.9']],
    [
      'what a seed row stands for',
      () => rows(() => ({ primary: ['A.7.9'] })),
      ['seed:6.1.2: A.7.9 is no assessable item; nearest: A.7.6, A.7.5'],
    ],
    ['what supports a seed row', () => rows(() => ({ supporting: ['9.4'] })), ['seed:6.1.2: 9.4 is no assessable item; nearest: 9.1']],
    [
      'what a service of a seed row is evidence for',
      () => rows(({ services }) => ({ services: firstOf(services, () => ({ standard: ['A.6.2'] })) })),
      ['seed:6.1.2: A.6.2 is no assessable item; nearest: A.6.2.2'],
    ],
    [
      'the words of a seed row',
      () => rows(() => ({ reason: 'It lives in A.6.2.9, not A.7.' })),
      ['seed:6.1.2: A.6.2.9 is no id of the standard; nearest: A.6.2.8'],
    ],
    [
      'the words of an item',
      () => annex((content) => ({ ...content, controls: firstOf(content.controls, () => ({ asks: 'As A.2.7 asks.' })) })),
      ['A.2.7 is no id of the standard; nearest: A.2.4'],
    ],
    ['the words of a rule', () => ruleChanged(() => ({ why: 'It belongs to A.12.' })), ['A.12 is no id of the standard; nearest: A.10']],
  ];
  it.each(places)('is told with the nearest valid ones as %s', (_place, source, told) => {
    const problems = checkCatalog(source()).join('\n');
    for (const one of told) expect(problems).toContain(one);
  });

  it('is told by its form alone already when the file is read', () => {
    const parse = (id: string) => annexFileSchema.shape.controls.element.shape.id.safeParse(id).error?.issues.map((issue) => issue.message);
    expect(parse('A.6.2.4')).toBeUndefined();
    expect(parse('A.12.2')).toEqual([expect.stringMatching(/^A\.12\.2 is no Annex A id such as A\.6\.2\.4; nearest: A\.2\.2, A\.10\.2$/)]);
  });

  it('is not looked for where another standard is meant', () => {
    expect(checkCatalog(rows(() => ({ outside_the_standard: 'ISO/IEC 27001:2022 A.8.15-A.8.17' })))).toEqual([]);
    expect(checkCatalog(ruleChanged(() => ({ iso27001: ['A.8.15'] })))).toEqual([]);
  });

  it('is not the only fault of a list: its order is told too', () => {
    const turned = annex((content) => ({ ...content, controls: content.controls.toReversed() }));
    expect(checkCatalog(turned)).toEqual(['the catalogue does not list each control in the order of the standard']);
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
