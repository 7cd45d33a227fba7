// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { ItemPipeline } from '../../../src/collect/item-pipeline.ts';
import { processBatch } from '../../../src/collect/process-batch.ts';
import type { Interpretation } from '../../../src/evidence/observation.ts';
import { noDeclarations } from '../../../src/evidence/scope-file.ts';
import { laptopTools } from '../../../src/runtime/laptop-tools.ts';
import { batchOf, trailRecord } from '../../support/intake.ts';
import { sealContext } from '../../support/seal-context.ts';

const { mapper, sources } = laptopTools(noDeclarations);
const cloudtrail = sources.get('cloudtrail');

function outcomeOf(results: readonly Interpretation[] | null) {
  if (cloudtrail === undefined) throw new Error('no source');
  const source = results === null ? cloudtrail : { ...cloudtrail, interpret: () => results };
  const pipeline = new ItemPipeline(new Map([['cloudtrail', source]]), mapper);
  const setting = { sweptAt: '2026-11-21T00:00:00.000Z', contexts: new Map([['cloudtrail', sealContext] as const]) };
  const { sealed, deferred, gaps, unrecognised } = processBatch(pipeline, setting, batchOf(trailRecord('e-1')), new Set());
  return { sealed: sealed.flatMap(({ ids }) => ids).length, deferred: deferred.length, gaps: gaps.length, unrecognised };
}

describe('an item of a batch', () => {
  it('that its source makes nothing of is listed', () => {
    const reason = 'an item of cloudtrail in the shape event, with nothing in it to keep';
    expect(outcomeOf([])).toEqual({ sealed: 0, deferred: 0, gaps: 0, unrecognised: [{ path: 'a.json', reason }] });
  });

  it('that is evidence is sealed, or held for what only the collecting thread knows, and not listed', () => {
    const { sealed, deferred, gaps, unrecognised } = outcomeOf(null);
    expect([sealed + deferred, gaps, unrecognised]).toEqual([1, 0, []]);
  });
});
