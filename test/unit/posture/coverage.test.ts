// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { ControlCount, OpenGap } from '../../../src/evidence-index/evidence-index.ts';
import { buildCoverage, type CoverageInput } from '../../../src/posture/coverage.ts';
import { type CoverageItem, sectionOf } from '../../../src/posture/item-coverage.ts';

const item = (id: string, automation: CoverageItem['automation'] = 'some'): CoverageItem => ({
  id,
  kind: id.startsWith('A.') ? 'control' : 'clause',
  title: `Title of ${id}`,
  automation,
  manual: [`paper for ${id}`],
});
const count = (control: string, more: Partial<ControlCount> = {}): ControlCount => ({
  control,
  strength: 'partial',
  polarity: 'supports',
  observations: 3,
  findings: 1,
  newest: '2026-10-12T00:00:00Z',
  ...more,
});
const gap = (source: string, what: string, reason: OpenGap['reason'] = 'denied'): OpenGap => ({
  id: what,
  source,
  account: '111122223333',
  region: 'eu-west-1',
  reason,
  extent: 'scope',
  what,
  message: 'not allowed',
  run: 'r1',
  collectedAt: '2026-10-12T00:00:00Z',
});
const cover = (more: Partial<CoverageInput>) =>
  buildCoverage({
    items: [item('6.1.2'), item('A.6.2.4'), item('A.6.2.6'), item('A.2.2', 'none')],
    sectionTitles: new Map([['A.6', 'Life cycle']]),
    counts: [],
    openGaps: [],
    rulesBySource: new Map(),
    ...more,
  });
const itemIn = (coverage: ReturnType<typeof cover>, id: string) => coverage.items.find((one) => one.id === id);
const sectionIn = (coverage: ReturnType<typeof cover>, id: string) => coverage.sections.find((one) => one.id === id);

describe('the coverage of an item', () => {
  it('puts observations and findings side by side, by strength and polarity', () => {
    const coverage = cover({
      counts: [
        count('A.6.2.4'),
        count('A.6.2.4', { polarity: 'exception', observations: 5, findings: 2 }),
        count('A.6.2.4', { strength: 'context', polarity: 'context', observations: 7, findings: 7, newest: '2026-10-14T00:00:00Z' }),
      ],
    });
    expect(itemIn(coverage, 'A.6.2.4')).toMatchObject({
      evidence: 'partial',
      observations: { direct: {}, partial: { supports: 3, exception: 5 }, context: { context: 7 } },
      findings: { direct: {}, partial: { supports: 1, exception: 2 }, context: { context: 7 } },
      newest: '2026-10-14T00:00:00Z',
    });
    expect(itemIn(coverage, 'A.6.2.6')).toMatchObject({ evidence: 'none', observations: { partial: {} }, newest: null });
  });

  it('does not call superseded evidence evidence that stands', () => {
    const coverage = cover({ counts: [count('A.6.2.4', { strength: 'direct', findings: 0 }), count('A.6.2.4', { strength: 'context' })] });
    expect(itemIn(coverage, 'A.6.2.4')).toMatchObject({
      evidence: 'context',
      observations: { direct: { supports: 3 } },
      findings: { direct: {} },
    });
  });

  it('shows open gaps of the sources that feed it, and of no other', () => {
    const coverage = cover({
      openGaps: [gap('macie', 'a'), gap('macie', 'b'), gap('macie', 'c', 'off'), gap('securityhub', 'd')],
      rulesBySource: new Map([
        ['A.6.2.4', new Set(['macie', 'cloudtrail'])],
        ['A.6.2.6', new Set(['cloudtrail'])],
      ]),
    });
    expect(itemIn(coverage, 'A.6.2.4')).toMatchObject({
      sources: ['cloudtrail', 'macie'],
      gaps: [
        { source: 'macie', reason: 'denied', open: 2 },
        { source: 'macie', reason: 'off', open: 1 },
      ],
    });
    expect(itemIn(coverage, 'A.6.2.6')?.gaps).toEqual([]);
    expect(coverage.gaps).toHaveLength(4);
  });

  it('says what a person must supply, by how far automation reaches', () => {
    const coverage = cover({});
    expect(itemIn(coverage, 'A.2.2')?.person).toEqual({ hint: expect.stringContaining('only a person'), supply: ['paper for A.2.2'] });
    expect(itemIn(coverage, 'A.6.2.4')?.person.hint).not.toEqual(itemIn(coverage, 'A.2.2')?.person.hint);
  });

  it('shows claims of controls that the catalogue does not have', () => {
    const odd = count('A.99.1');
    expect(cover({ counts: [odd, count('6.1.2')] }).unknown).toEqual([odd]);
    expect(cover({ counts: [count('6.1.2')] }).unknown).toEqual([]);
  });
});

describe('the coverage of a section', () => {
  it('counts items by the strongest evidence that stands, and those of concern beside it', () => {
    const coverage = cover({
      counts: [
        count('A.6.2.4', { strength: 'direct' }),
        count('A.6.2.4', { polarity: 'exception' }),
        count('A.6.2.6', { strength: 'context', polarity: 'exception', newest: '2026-10-20T00:00:00Z' }),
        count('6.1.2', { polarity: 'review' }),
      ],
      openGaps: [gap('macie', 'a')],
      rulesBySource: new Map([['A.6.2.6', new Set(['macie'])]]),
    });
    expect(sectionIn(coverage, 'A.6')).toEqual({
      id: 'A.6',
      title: 'Life cycle',
      items: 2,
      evidence: { direct: 1, partial: 0, context: 1, none: 0 },
      withExceptions: 1,
      withReviews: 0,
      withMissingEvidence: 0,
      withOpenGaps: 1,
      forPeopleOnly: 0,
      newest: '2026-10-20T00:00:00Z',
    });
    expect(sectionIn(coverage, '6')).toMatchObject({ items: 1, withReviews: 1, withExceptions: 0 });
    expect(sectionIn(coverage, 'A.2')).toMatchObject({ title: 'A.2', evidence: { none: 1 }, forPeopleOnly: 1 });
  });

  it('accounts for every item once', () => {
    const { sections, items } = cover({ counts: [count('6.1.2')] });
    for (const { evidence, items: all } of sections)
      expect(evidence.direct + evidence.partial + evidence.context + evidence.none).toBe(all);
    expect(sections.reduce((sum, section) => sum + section.items, 0)).toBe(items.length);
    expect(JSON.parse(JSON.stringify(sections))).toEqual(sections);
  });

  it('knows the section of clauses and controls', () => {
    expect(['4.1', '10.2', '6.1.2', 'A.6.2.4', 'A.10.3'].map(sectionOf)).toEqual(['4', '10', '6', 'A.6', 'A.10']);
  });
});
