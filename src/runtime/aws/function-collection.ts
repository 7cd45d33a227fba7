// SPDX-License-Identifier: Apache-2.0

import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { basicTime } from '../../collect/basic-time.ts';
import { Collection } from '../../collect/collection.ts';
import { ItemPipeline } from '../../collect/item-pipeline.ts';
import type { HomeSecret } from '../../evidence/identity.ts';
import type { EvidenceIndex } from '../../evidence-index/evidence-index.ts';
import { createMapper } from '../../mapping/mapper.ts';
import type { Source } from '../../sources/source.ts';
import type { Vault } from '../../vault/vault.ts';
import { openFileSpill } from '../file-spill.ts';
import type { HomeKind } from '../home.ts';
import type { FunctionPack } from './function-pack.ts';
import type { Deployment } from './function-settings.ts';
import type { Telemetry } from './telemetry.ts';

/** What every function that seals records works with; made once per process. */
export interface RecordingParts extends Deployment {
  readonly kind: HomeKind;
  readonly vault: Vault;
  readonly index: EvidenceIndex;
  readonly secret: HomeSecret;
  readonly pack: FunctionPack;
  readonly telemetry: Telemetry;
  readonly now: () => Date;
}

/** The collection of one invocation, and the keys of the segments that it stored so far. */
export interface FunctionCollection {
  readonly collection: Collection;
  readonly stored: () => readonly string[];
}

/** The place that the plans of this home's runs name: AWS, or the sample account. */
export function polledFrom({ kind }: Pick<RecordingParts, 'kind'>): string {
  return kind === 'sample' ? 'sample' : 'aws';
}

/** Opens a collection that writes the vault and only reads the index. `source` is null for a function that reads none. */
export async function openFunctionCollection(parts: RecordingParts, source: Source | null, sweptAt: string): Promise<FunctionCollection> {
  const { vault, index, secret, pack, declarations, now } = parts;
  const stored: string[] = [];
  const declared = declarations.scope.aiSystems.flatMap((system) => system.accounts);
  const collection = new Collection({
    pipeline: new ItemPipeline(new Map(source === null ? [] : [[source.id, source]]), createMapper(pack, declarations)),
    index,
    stores: { vault, index, now, onSegment: ({ key }) => void stored.push(key), projects: false },
    secret,
    pack,
    collector: pack.collector,
    sweptAt,
    now,
    newRunId: (id) => `${basicTime(now().toISOString())}-${id}`,
    openSpill: () => openFileSpill(join(tmpdir(), 'aims-evidence')),
    accountsWithAi: new Set([...declared, ...(await index.accountsWithAi())]),
    progress: () => undefined,
  });
  return { collection, stored: () => stored };
}
