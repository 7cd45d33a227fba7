// SPDX-License-Identifier: Apache-2.0
import { loadPack } from '../catalog/pack-file.ts';
import { ItemPipeline } from '../collect/item-pipeline.ts';
import type { SourceId } from '../evidence/observation.ts';
import type { Declarations } from '../evidence/scope-file.ts';
import { createMapper, type Mapper } from '../mapping/mapper.ts';
import type { Pack } from '../mapping/pack.ts';
import { createSources } from '../sources/registry.ts';
import type { Source } from '../sources/source.ts';

/** Everything that turns items into records, made of the pack and the three dated files. */
export interface LaptopTools {
  readonly pack: Pack;
  readonly sources: ReadonlyMap<SourceId, Source>;
  readonly mapper: Mapper;
  readonly pipeline: ItemPipeline;
}

/** Makes the tools; loading the pack takes a few milliseconds. */
export function laptopTools(declarations: Declarations): LaptopTools {
  const pack = loadPack();
  const sources = createSources({ tables: pack.tables, declarations });
  const mapper = createMapper(pack, declarations);
  return { pack, sources, mapper, pipeline: new ItemPipeline(sources, mapper) };
}
