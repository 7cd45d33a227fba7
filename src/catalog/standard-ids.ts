// SPDX-License-Identifier: Apache-2.0
import { annexControlIds, clauseLeafIds } from './control-ids.ts';

/** What an id of the standard can name. */
export const idKinds = ['assessable clause', 'heading of clauses', 'control', 'objective', 'group of controls', 'section'] as const;
export type IdKind = (typeof idKinds)[number];

/** Kinds that are assessed, so that evidence can be claimed for them. */
export const assessableKinds: readonly IdKind[] = ['assessable clause', 'control'];

/** The id above one: `6.1` above `6.1.2`; empty above a first number. */
export const idAbove = (id: string): string => id.split('.').slice(0, -1).join('.');

const distinct = (ids: readonly string[]): readonly string[] => [...new Set(ids)];
const groups = distinct(annexControlIds.map(idAbove));

/**
 * The ids of the standard by what they name, each list in its order. All follow from those that are assessed: a heading stands above a leaf, and
 * in Annex A each group of controls (a section, or A.6.1 and A.6.2 in place of A.6) has number .1 as its objective.
 */
export const standardIds: Readonly<Record<IdKind, readonly string[]>> = {
  'assessable clause': clauseLeafIds,
  'heading of clauses': distinct(clauseLeafIds.flatMap((id) => [idAbove(idAbove(id)), idAbove(id)]).filter((id) => id !== '')),
  control: annexControlIds,
  objective: groups.map((id) => `${id}.1`),
  'group of controls': groups,
  section: distinct(annexControlIds.map((id) => id.split('.').slice(0, 2).join('.'))),
};
