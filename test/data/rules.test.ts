// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { catalogItems, loadCatalog } from '../../src/catalog/catalog.ts';
import { checkCatalog } from '../../src/catalog/check-catalog.ts';
import { checkRules, factsOf } from '../../src/catalog/check-rules.ts';
import { isKnownControlId } from '../../src/catalog/control-id.ts';
import { readMappingSource } from '../../src/catalog/mapping-source.ts';
import { loadPack } from '../../src/catalog/pack-file.ts';
import { patternLeaves } from '../../src/catalog/pattern-leaves.ts';
import { canonicalJson } from '../../src/evidence/canonical-json.ts';
import { at, type Json } from '../../src/evidence/json.ts';

const source = readMappingSource();
const rules = source.rules.flatMap(({ content }) => content.rules);
const pack = loadPack();
const claims = pack.rules.flatMap((rule) => rule.controls.map((claim) => ({ rule: rule.id, ...claim })));

/** Floors: rules are added and corrected, never lost by a slip. */
const floors: Readonly<Record<string, number>> = {
  'rules/cloudtrail-account.yaml': 203,
  'rules/cloudtrail-bedrock.yaml': 148,
  'rules/cloudtrail-data.yaml': 117,
  'rules/cloudtrail-operations.yaml': 134,
  'rules/cloudtrail-refused.yaml': 24,
  'rules/cloudtrail-sagemaker.yaml': 117,
  'rules/macie.yaml': 43,
  'rules/sagemaker-clarify.yaml': 29,
  'rules/sagemaker-model-monitor.yaml': 59,
  'rules/securityhub-controls.yaml': 228,
  'rules/securityhub-findings.yaml': 36,
};

describe('the rules', () => {
  it('pass every check that compares files with each other', () => {
    expect(rules.length).toBeGreaterThan(0);
    expect([...checkCatalog(source), ...checkRules(source)]).toEqual([]);
  });

  it('do not become fewer, in no file', () => {
    const counts = Object.fromEntries(source.rules.map(({ file, content }) => [file, content.rules.length]));
    expect(Object.entries(floors).filter(([file, floor]) => (counts[file] ?? 0) < floor)).toEqual([]);
    expect(Object.keys(counts).length).toBeGreaterThanOrEqual(11);
    expect(rules.length).toBeGreaterThanOrEqual(1_138);
  });

  it('have ids used once', () => {
    expect(new Set(rules.map((rule) => rule.id)).size).toBe(rules.length);
  });

  it('show an observation that matches and one that just misses, each', () => {
    expect(rules.filter((rule) => rule.matches.length === 0 || rule.misses.length === 0)).toEqual([]);
    expect(rules.flatMap((rule) => [...rule.matches, ...rule.misses]).length).toBeGreaterThanOrEqual(2_664);
  });

  it('claim only items of the standard, and every item is claimed or says why not', () => {
    expect(claims.filter((claim) => !isKnownControlId(claim.control))).toEqual([]);
    const silent = new Set(pack.rules.filter((rule) => rule.polarity === 'ignore').map((rule) => rule.id));
    const reached = new Set(claims.filter((claim) => !silent.has(claim.rule) && claim.polarity !== 'ignore').map((claim) => claim.control));
    const catalog = loadCatalog();
    const reasons = new Set(
      [...catalog.clauses.filter((clause) => clause.assessable), ...catalog.controls].filter((i) => i.no_rule_because).map((i) => i.id),
    );
    const items = catalogItems(catalog).map((item) => item.id);
    expect(items.filter((id) => !reached.has(id) && !reasons.has(id))).toEqual([]);
    expect(items.filter((id) => reached.has(id)).length).toBeGreaterThanOrEqual(44);
  });

  it('are modest: few direct claims, on four items only, and most are context', () => {
    const direct = claims.filter((claim) => claim.strength === 'direct');
    expect(direct.length).toBeLessThanOrEqual(10);
    expect([...new Set(direct.map((claim) => claim.control))].sort()).toEqual(['7.5.3', 'A.6.2.5', 'A.6.2.6', 'A.6.2.8']);
    expect(claims.filter((claim) => claim.strength === 'context').length).toBeGreaterThan(claims.length / 2);
  });

  it('let no finding of Security Hub claim more than partial', () => {
    const own = pack.rules.filter((rule) => rule.source === 'securityhub');
    expect(own.length).toBeGreaterThan(0);
    expect(own.flatMap((rule) => rule.controls).filter((claim) => claim.strength === 'direct')).toEqual([]);
  });

  it('read no fact that is not defined for their source', () => {
    const read = pack.rules.flatMap((rule) =>
      patternLeaves(rule.pattern).flatMap(({ path: [top, name] }) =>
        top === 'facts' && name !== undefined ? [{ source: rule.source, name }] : [],
      ),
    );
    expect(read.length).toBeGreaterThan(200);
    expect(read.filter(({ source: id, name }) => !factsOf(source, id).has(name))).toEqual([]);
  });
});

describe('a fact', () => {
  it('that is said to be for reports is read by no pattern', () => {
    const forReports = source.facts.flatMap(({ content }) =>
      Object.entries(content.facts).flatMap(([name, { computed }]) =>
        computed.includes('no pattern reads it') ? [`${content.source} ${name}`] : [],
      ),
    );
    expect(forReports).toEqual(expect.arrayContaining(['macie aiBucketsOutside', 'macie findingsInRun']));
    const read = new Set(pack.rules.flatMap((rule) => patternLeaves(rule.pattern).map(({ path: [, name] }) => `${rule.source} ${name}`)));
    expect(read.has('macie aiBucketCount')).toBe(true);
    expect(forReports.filter((one) => read.has(one))).toEqual([]);
  });
});

describe('the pack', () => {
  it('has a digest over its canonical bytes', () => {
    const { digest, ...rest } = pack;
    const rulesJson = rest.rules.map((rule): Json => ({ ...rule, controls: rule.controls.map((claim) => ({ ...claim })) }));
    const canonical = canonicalJson({ ...rest, rules: rulesJson });
    expect(createHash('sha256').update(canonical).digest('hex')).toBe(digest);
  });

  it('carries no examples, and a key of a rule instead of the same key of its file', () => {
    expect(Object.keys(pack.rules[0] ?? {})).not.toContain('matches');
    const started = pack.rules.find((rule) => rule.id === 'cloudtrail.trail.logging-started');
    expect(at(started?.pattern, 'detail', 'errorCode')).toEqual([{ exists: false }]);
    const overriding = source.rules.flatMap(({ content }) =>
      content.rules.filter((rule) => at(rule.pattern, 'facts', 'recordState') !== undefined),
    );
    expect(overriding.length).toBeGreaterThan(0);
    for (const { id, pattern } of overriding) {
      const compiled = pack.rules.find((rule) => rule.id === id);
      expect(at(compiled?.pattern, 'facts', 'recordState')).toEqual(at(pattern, 'facts', 'recordState'));
    }
  });

  it('holds the tables that facts are computed with', () => {
    expect(at(pack.tables, 'securityhub.controlId', 'tables', 'cis-1.4', '2.1.2')).toBe('S3.5');
    expect(at(pack.tables, 'securityhub.standard', 'codes', 'pci-dss/v/3.2.1')).toBe('pci-3.2.1');
    expect(at(pack.tables, 'securityhub.resourceTypes', 'odd', 'AwsAccount')).toBe('AWS::::Account');
  });

  it('lists the Security Hub controls that rules name, each once', () => {
    const mapped = pack.tables['securityhub.mappedControls'];
    expect(mapped).toEqual(expect.arrayContaining(['SageMaker.1', 'S3.8', 'IAM.6']));
    expect(new Set(mapped as readonly string[]).size).toBe((mapped as readonly string[]).length);
    const tables = Object.values(
      (at(pack.tables, 'securityhub.controlId', 'tables') ?? {}) as Record<string, Record<string, string | string[]>>,
    );
    const named = tables.flatMap((table) => Object.values(table)).flat();
    expect(named.length).toBeGreaterThan(150);
    expect(named.filter((id) => !(mapped as readonly string[]).includes(id))).toEqual([]);
  });

  it('names no retired control', () => {
    const retired = Object.keys((at(pack.tables, 'securityhub.controlId', 'retired') ?? {}) as Record<string, string>);
    expect(retired.length).toBeGreaterThan(0);
    expect(retired.filter((id) => (pack.tables['securityhub.mappedControls'] as readonly string[]).includes(id))).toEqual([]);
  });
});
