// SPDX-License-Identifier: Apache-2.0
import { type Catalog, loadCatalog } from '../catalog/catalog.ts';
import { loadPack } from '../catalog/pack-file.ts';
import type { EvidenceIndex } from '../evidence-index/evidence-index.ts';
import { buildCoverage, type Coverage } from '../posture/coverage.ts';
import type { CoverageItem } from '../posture/item-coverage.ts';

/** Coverage of a home: its index beside the catalogue and the rules. */
export async function homeCoverage(index: EvidenceIndex): Promise<Coverage> {
  const catalog = loadCatalog();
  return buildCoverage({
    items: coverageItems(catalog),
    sectionTitles: sectionTitles(catalog),
    counts: await index.counts(),
    openGaps: await index.openGaps(),
    rulesBySource: sourcesByControl(),
  });
}

function sourcesByControl(): ReadonlyMap<string, ReadonlySet<string>> {
  const byControl = new Map<string, Set<string>>();
  for (const rule of loadPack().rules) {
    for (const { control } of rule.controls) {
      const sources = byControl.get(control) ?? new Set<string>();
      byControl.set(control, sources.add(rule.source));
    }
  }
  return byControl;
}

function coverageItems(catalog: Catalog): readonly CoverageItem[] {
  const clauses = catalog.clauses.flatMap((clause) => (clause.assessable ? [{ ...clause, kind: 'clause' as const }] : []));
  const controls = catalog.controls.map((control) => ({ ...control, kind: 'control' as const }));
  return [...clauses, ...controls].map(({ id, kind, title, automation, evidence }) => ({
    id,
    kind,
    title,
    automation,
    manual: evidence.manual,
  }));
}

function sectionTitles(catalog: Catalog): ReadonlyMap<string, string> {
  return new Map([...catalog.clauses, ...catalog.sections].map(({ id, title }) => [id, title]));
}
