// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { catalogItem, catalogItems, loadCatalog } from '../../src/catalog/catalog.ts';
import { parseControlId } from '../../src/catalog/control-id.ts';

// Written out here once more on purpose: neither data nor code may move them.
const clauses =
  '4.1 4.2 4.3 4.4 5.1 5.2 5.3 6.1.1 6.1.2 6.1.3 6.1.4 6.2 6.3 7.1 7.2 7.3 7.4 7.5.1 7.5.2 7.5.3 8.1 8.2 8.3 8.4 9.1 9.2.1 9.2.2 9.3.1 9.3.2 9.3.3 10.1 10.2';
const controls =
  'A.2.2 A.2.3 A.2.4 A.3.2 A.3.3 A.4.2 A.4.3 A.4.4 A.4.5 A.4.6 A.5.2 A.5.3 A.5.4 A.5.5 A.6.1.2 A.6.1.3 A.6.2.2 A.6.2.3 A.6.2.4 A.6.2.5 A.6.2.6 A.6.2.7 A.6.2.8 ' +
  'A.7.2 A.7.3 A.7.4 A.7.5 A.7.6 A.8.2 A.8.3 A.8.4 A.8.5 A.9.2 A.9.3 A.9.4 A.10.2 A.10.3 A.10.4';

const catalog = loadCatalog();
const items = catalogItems(catalog);
const idsOf = (kind: string) => items.filter((item) => item.kind === kind).map((item) => item.id);
const byAutomation = (kind: string, level: string) => items.filter((i) => i.kind === kind && i.automation === level).map((i) => i.id);

describe('the catalogue', () => {
  it('assesses exactly the 32 clauses and 38 controls of the standard, in its order', () => {
    expect(idsOf('clause')).toEqual(clauses.split(' '));
    expect(idsOf('control')).toEqual(controls.split(' '));
    expect([idsOf('clause').length, idsOf('control').length]).toEqual([32, 38]);
  });

  it('holds all 43 clause nodes, 9 sections and 10 objectives', () => {
    expect(catalog.clauses).toHaveLength(43);
    expect(catalog.sections.map((section) => section.id)).toEqual(['A.2', 'A.3', 'A.4', 'A.5', 'A.6', 'A.7', 'A.8', 'A.9', 'A.10']);
    expect(catalog.objectives).toHaveLength(10);
  });

  it('gives every section number .1 to its objective and never to a control', () => {
    const groups = catalog.objectives.map((objective) => objective.group);
    expect(catalog.objectives.map((objective) => objective.id)).toEqual(groups.map((group) => `${group}.1`));
    expect(items.filter((item) => item.kind === 'control' && item.id.endsWith('.1'))).toEqual([]);
  });

  it('says of each assessable item what it asks, what people supply and what an auditor asks', () => {
    const told = items.map((item) => catalogItem(item.id, catalog));
    expect(told).toHaveLength(70);
    for (const item of told) {
      expect(item.asks.length).toBeGreaterThan(20);
      expect(item.evidence.manual.length).toBeGreaterThan(0);
      expect(Object.values(item.auditor).every((text) => text.length > 0)).toBe(true);
    }
  });

  it('claims high automation of ten controls and two clauses, and none where only people can tell', () => {
    expect(byAutomation('control', 'high')).toEqual('A.4.2 A.4.3 A.4.4 A.4.5 A.6.2.4 A.6.2.5 A.6.2.6 A.6.2.8 A.7.4 A.7.5'.split(' '));
    expect(byAutomation('clause', 'high')).toEqual(['7.5.3', '9.1']);
    expect(byAutomation('control', 'none')).toEqual('A.2.3 A.3.3 A.4.6 A.5.2 A.5.5 A.8.3 A.8.5 A.10.4'.split(' '));
    expect(byAutomation('clause', 'none')).toEqual('4.2 5.1 7.2 7.3 9.2.2 9.3.1 9.3.3'.split(' '));
  });

  it('tells of an item that a rule reaches no reason for having none, and of the others the reason', () => {
    expect(catalogItem(parseControlId('A.6.2.8'), catalog).no_rule_because).toBeUndefined();
    expect(catalogItem(parseControlId('A.5.5'), catalog).no_rule_because).toMatch(/people/);
  });
});
