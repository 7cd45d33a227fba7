// SPDX-License-Identifier: Apache-2.0
import { nearestIds } from './control-id.ts';
import type { MappingSource } from './mapping-source.ts';
import { assessableKinds, type IdKind, idAbove, idKinds, standardIds } from './standard-ids.ts';

/** An id of the standard as the data names it: where it stands, and what it may be there. */
interface NamedId {
  readonly where: string;
  readonly id: string;
  readonly kinds: readonly IdKind[];
}

/** Every id of the standard that catalogue, seed and the words of rules name must exist, as what it is used for. Others come with the nearest valid ones. */
export function checkIds(source: MappingSource): readonly string[] {
  const named = [...catalogIds(source), ...variantIds(source), ...seedIds(source), ...idsInWords(source)];
  return [...named.flatMap(unknown), ...misplaced(source), ...incomplete(source)];
}

function unknown({ where, id, kinds }: NamedId): readonly string[] {
  const valid = kinds.flatMap((kind) => standardIds[kind]);
  if (valid.includes(id)) return [];
  const what = kinds === idKinds ? 'id of the standard' : kinds === assessableKinds ? 'assessable item' : kinds.join(' or ');
  return [`${where}: ${id} is no ${what}; nearest: ${nearestIds(id, valid).join(', ')}`];
}

function catalogIds(source: MappingSource): readonly NamedId[] {
  const clauses = source.clauses.flatMap(({ file, content }) =>
    content.clauses.flatMap(({ id, parent, assessable }): NamedId[] => [
      { where: file, id, kinds: [assessable ? 'assessable clause' : 'heading of clauses'] },
      ...(parent === undefined ? [] : [{ where: `${file}: parent of ${id}`, id: parent, kinds: ['heading of clauses'] } satisfies NamedId]),
    ]),
  );
  const annex = source.annex.flatMap(({ file, content: { section, objectives, controls } }): NamedId[] => [
    { where: file, id: section.id, kinds: ['section'] },
    ...objectives.map(({ id }): NamedId => ({ where: file, id, kinds: ['objective'] })),
    ...objectives.map(({ id, group }): NamedId => ({ where: `${file}: group of ${id}`, id: group, kinds: ['group of controls'] })),
    ...controls.map(({ id }): NamedId => ({ where: file, id, kinds: ['control'] })),
    ...controls.map(({ id, parent }): NamedId => ({ where: `${file}: parent of ${id}`, id: parent, kinds: ['group of controls'] })),
  ]);
  return [...clauses, ...annex];
}

function variantIds({ standard }: MappingSource): readonly NamedId[] {
  return standard.source_agreement.title_variants.map(({ id }) => ({ where: 'catalog/standard.yaml: title_variants', id, kinds: idKinds }));
}

function seedIds({ seedRows }: MappingSource): readonly NamedId[] {
  return seedRows.rows.flatMap(({ alias, primary, supporting, services }) =>
    [...primary, ...supporting, ...services.flatMap((service) => service.standard)].map((id) => ({
      where: alias,
      id,
      kinds: assessableKinds,
    })),
  );
}

/** An id must stand below what holds it: an item of Annex A in its group, an objective as number .1 of its group, a group in its section. */
function misplaced(source: MappingSource): readonly string[] {
  const clauses = source.clauses.flatMap(({ content }) => content.clauses);
  const wrongParents = clauses.flatMap(({ id, parent = '' }) => {
    const above = idAbove(id);
    return parent === above ? [] : [`${id}: its parent ought to be ${above}`];
  });
  const wrongGroups = source.annex.flatMap(({ file, content: { section, objectives, controls } }) => {
    const outside = [...objectives.map(({ group }) => group), ...controls.map(({ parent }) => parent)].filter(
      (id) => id !== section.id && !id.startsWith(`${section.id}.`),
    );
    return [
      ...[...new Set(outside)].map((id) => `${file}: ${id} does not belong to section ${section.id}`),
      ...objectives.flatMap(({ id, group }) =>
        id === `${group}.1` ? [] : [`${file}: the objective of ${group} is ${group}.1, not ${id}`],
      ),
      ...controls.flatMap(({ id, parent }) => (id.startsWith(`${parent}.`) ? [] : [`${file}: ${id} does not belong to ${parent}`])),
    ];
  });
  return [...wrongParents, ...wrongGroups];
}

/** Each list of the catalogue is that of the standard: nothing missing, nothing twice, in its order. */
function incomplete(source: MappingSource): readonly string[] {
  const clauses = source.clauses.flatMap(({ content }) => content.clauses);
  const annex = source.annex.map(({ content }) => content);
  const idsOf = (nodes: readonly { readonly id: string }[]) => nodes.map(({ id }) => id);
  return [
    ...compared('assessable clause', idsOf(clauses.filter((clause) => clause.assessable))),
    ...compared('heading of clauses', idsOf(clauses.filter((clause) => !clause.assessable))),
    ...compared('control', idsOf(annex.flatMap(({ controls }) => controls))),
    ...compared('objective', idsOf(annex.flatMap(({ objectives }) => objectives))),
    ...compared('section', idsOf(annex.map(({ section }) => section))),
  ];
}

function compared(kind: IdKind, ids: readonly string[]): readonly string[] {
  const valid = standardIds[kind];
  const missing = valid.filter((id) => !ids.includes(id)).map((id) => `${kind} ${id} is missing in the catalogue`);
  const twice = ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `${id} stands twice in the catalogue`);
  const known = ids.filter((id) => valid.includes(id));
  const isOrdered = missing.length + twice.length > 0 || known.join() === valid.join();
  return [...missing, ...twice, ...(isOrdered ? [] : [`the catalogue does not list each ${kind} in the order of the standard`])];
}

/** Ids of Annex A as words name them. `A.8.15` of ISO/IEC 27001 looks alike, so fields about other standards are left out. */
const annexId = /(?<![\w.:])A\.\d+(?:\.\d+)*/g;
const otherStandards: readonly string[] = ['alias', 'outside_the_standard', 'iso27001', 'pattern', 'matches', 'misses'];

function idsInWords({ standard, clauses, annex, seedRows, rules }: MappingSource): readonly NamedId[] {
  const files = [...clauses, ...annex, ...rules, { file: 'catalog/standard.yaml', content: standard }];
  return [
    ...files.flatMap(({ file, content }) => wordsOf(content).flatMap((text) => named(file, text))),
    ...seedRows.rows.flatMap((row) => wordsOf(row).flatMap((text) => named(row.alias, text))),
  ];
}

// Text that is an id and nothing else stands in a field of ids, which knows better what it may be.
function named(where: string, text: string): readonly NamedId[] {
  return [...text.matchAll(annexId)].filter(([id]) => id !== text).map(([id]) => ({ where, id, kinds: idKinds }));
}

function wordsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => (otherStandards.includes(name) ? [] : wordsOf(member)));
}
