// SPDX-License-Identifier: Apache-2.0
import { noDeclarations } from '../../evidence/scope-file.ts';
import { createSources } from '../../sources/registry.ts';
import type { Source } from '../../sources/source.ts';
import type { Configuration } from './configuration-schema.ts';

export { type Declarations, noDeclarations } from '../../evidence/scope-file.ts';

/** What is deployed of a source: its declarations, nothing that runs. */
export type DeployedSource = Pick<Source, 'id' | 'title' | 'actions' | 'schedule' | 'window' | 'eventPatterns'>;

/** Declarations of the sources that a configuration names, in the order in which sources are read. They depend on no pack and no dated file. */
export function deployedSources({ sources }: Pick<Configuration, 'sources'>): readonly DeployedSource[] {
  const all = createSources({ tables: {}, declarations: noDeclarations });
  return [...all.values()].filter(({ id }) => sources.includes(id));
}
