// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import type { Gap } from '../../src/evidence/gap.ts';
import { type EvidenceRecord, type RecordCore, type RecordSubjects, recordSchemaId } from '../../src/evidence/record.ts';
import type { ProjectedSegment } from '../../src/evidence-index/evidence-index.ts';

/** What a test says of a record; all else has a plain value. `name` becomes the id by SHA-256. */
export interface RecordSketch extends Partial<Omit<RecordCore, 'id' | 'salt'>>, Partial<Omit<RecordSubjects, 'salt'>> {
  readonly name: string;
  readonly facts?: EvidenceRecord['raw']['facts'];
  readonly detail?: EvidenceRecord['raw']['detail'];
}

/** The id that a sketch of this name gets. */
export const idOf = (name: string): string => hash('sha256', name);

/** Makes a record of a sketch. */
export function indexRecord(sketch: RecordSketch): EvidenceRecord {
  const { name, facts, detail, aiSystems, resources, findingKey, title, ...core } = sketch;
  return {
    schema: recordSchemaId,
    core: {
      id: idOf(name),
      kind: 'activity',
      source: 'cloudtrail',
      sourceIdentity: name,
      versionKey: [],
      channel: { kind: 'file', sha256: hash('sha256', 'file'), path: 'a.json' },
      partition: 'aws',
      account: '111122223333',
      region: 'eu-west-1',
      occurredAt: '2026-10-12T08:00:00Z',
      observedAt: null,
      collectedAt: '2026-11-11T00:00:00.000Z',
      severity: null,
      controls: [],
      pack: { id: 'test', digest: hash('sha256', 'pack') },
      run: 'run-1',
      collector: 'test',
      readAs: null,
      salt: '',
      ...core,
    },
    subjects: { aiSystems: aiSystems ?? [], resources: resources ?? [], findingKey: findingKey ?? null, title: title ?? name, salt: '' },
    raw: { detail: detail ?? {}, form: 'json', facts: facts ?? {}, redactions: [], salt: '' },
  };
}

/** Makes a segment of records; its key sorts by `name`. */
export function indexSegment(name: string, records: ProjectedSegment['records']): ProjectedSegment {
  return { key: `written=2026-11-11/source=cloudtrail/${name}.ndjson.zst`, sha256: hash('sha256', name), records };
}

/** A gap record of a run, as collection writes it. */
export function gapRecord(sketch: RecordSketch, gap: Partial<Gap> & { readonly what: string }): EvidenceRecord {
  const detail = { reason: 'denied', extent: 'scope', message: 'not allowed', code: null, detail: {}, ...gap } as const;
  return indexRecord({ kind: 'gap', occurredAt: null, detail, ...sketch });
}
