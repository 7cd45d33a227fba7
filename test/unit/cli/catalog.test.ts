// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { catalog } from '../../../src/cli/catalog.ts';
import { seedAliasShape } from '../../../src/cli/output-shapes/mapping-shapes.ts';

const itemShape = z.looseObject({
  id: z.string(),
  rules: z.array(z.object({ rule: z.string(), strength: z.string(), title: z.string() })),
});

function printed(id: string, json = false): string {
  const stdout = new PassThrough();
  catalog({ stdin: new PassThrough(), stdout, stderr: new PassThrough(), directory: '.' }, id, { json });
  return String(stdout.read());
}

/** Claims on each item as `docs/mapping.md` counts them: the sum of its cells "direct / partial / context". */
const counted = new Map(
  [...readFileSync('docs/mapping.md', 'utf8').matchAll(/^\| (A\.[\d.]+|\d[\d.]*) \|.*$/gm)].map(([row, id = '']) => {
    const numbers = [...row.matchAll(/(\d+) \/ (\d+) \/ (\d+)/g)].flatMap(([, ...cells]) => cells.map(Number));
    return [id, numbers.reduce((sum, one) => sum + one, 0)] as const;
  }),
);

describe('the rules that claim an item', () => {
  it('are as many as the table of the pack counts, for each of the 70 items', () => {
    expect(counted.size).toBe(70);
    for (const [id, count] of counted) {
      const { rules } = itemShape.parse(JSON.parse(printed(id, true)));
      expect({ id, count: rules.length }).toEqual({ id, count });
    }
  });

  it('leave out those that match in order to claim nothing', () => {
    const { rules } = itemShape.parse(JSON.parse(printed('A.7.2', true)));
    expect(rules.map(({ rule }) => rule)).toContain('macie.account.bucket-statistics');
    expect(rules.map(({ rule }) => rule)).not.toContain('macie.finding.sample');
    expect(printed('A.7.2')).toContain(`${rules.length} rules claim it:`);
    expect(printed('A.7.2')).not.toContain('macie.finding.sample');
  });

  it('come strongest first, and where there is none the reason does', () => {
    const strengths = [...printed('A.6.2.8').matchAll(/^ {2}(direct|partial|context) /gm)].map(([, strength]) => strength);
    expect(strengths.length).toBeGreaterThan(100);
    expect(strengths).toEqual(['direct', 'partial', 'context'].flatMap((one) => strengths.filter((strength) => strength === one)));
    expect(printed('A.5.5')).toMatch(/No rule claims it: Effects on society/);
  });
});

describe('a row of the seed', () => {
  it('names its services, what each is evidence for, and its state', () => {
    const text = printed('seed:A.12');
    expect(text).toMatch(/^seed:A\.12 {2}Logging and Monitoring\n/);
    expect(text).toMatch(/stands for +A\.6\.2\.8\nsupported +A\.6\.2\.6, 7\.5\.3, 9\.1\n/);
    expect(text).toContain('their state on 2026-11-21:\n');
    expect(text).toContain('  AWS CloudTrail: open\n    A.6.2.8: API event record\n');
    expect(text).toContain('  AWS Audit Manager: closed to new customers, since 2026-04-30\n');
    expect(text).toContain('    instead: AWS Config conformance packs');
    expect(printed('seed:6.1.2')).toContain('  AWS Security Hub: renamed, now AWS Security Hub CSPM\n');
    expect(printed('seed:A.9')).toMatch(/stands for +none\n/);
  });

  it('is to a script what it was, with the services beside it', () => {
    const { services, ...row } = seedAliasShape.parse(JSON.parse(printed('seed:A.12', true)));
    expect(row).toEqual({
      alias: 'seed:A.12',
      title: 'Logging and Monitoring',
      fit: 'not-in-standard',
      primary: ['A.6.2.8'],
      supporting: ['A.6.2.6', '7.5.3', '9.1'],
      reason: 'Event logs are A.6.2.8; monitoring is A.6.2.6; protecting records is 7.5.3.',
      servicesAsOf: '2026-11-21',
    });
    expect(services.map(({ service, status }) => [service, status])).toEqual([
      ['AWS CloudTrail', 'open'],
      ['Amazon CloudWatch Logs', 'open'],
      ['AWS Audit Manager', 'closed-to-new'],
      ['Amazon S3 with Object Lock', 'open'],
    ]);
    expect(services[2]).toMatchObject({ since: '2026-04-30', standard: ['9.2.1', '7.5.1'], evidence: 'document', checked: 'page' });
  });
});
