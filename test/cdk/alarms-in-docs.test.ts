// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { sourceIds } from '../../src/evidence/observation.ts';
import { deployHome } from '../support/deployed-stack.ts';

const sources = sourceIds.map((id) => id.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase()));

/** Names of the alarms of a whole deployment: their ids without the construct that holds them and CloudFormation's hash. */
function deployedAlarms(): readonly string[] {
  const ids = Object.keys(deployHome().template.findResources('AWS::CloudWatch::Alarm'));
  return ids.map((id) => id.replace(/^Alarms/, '').replace(/[0-9A-F]{8}$/, '')).sort();
}

/** Names in the first column of the table of alarms. */
function documentedAlarms(text: string): readonly string[] {
  const section = text.slice(text.indexOf('\n## Alarms\n'), text.indexOf('\n### Dead letters\n'));
  const cells = section.split('\n').flatMap((line) => (line.startsWith('| `') ? [line.split('|')[1] ?? ''] : []));
  const names = cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name));
  return names.flatMap((name) => (name.includes('{Source}') ? sources.map((source) => name.replace('{Source}', source)) : [name])).sort();
}

describe('docs/operations.md', () => {
  const text = readFileSync('docs/operations.md', 'utf8');

  it('says of each alarm of a deployment what it means, and of no other', () => {
    expect(deployedAlarms().length).toBeGreaterThan(40);
    expect(documentedAlarms(text)).toEqual(deployedAlarms());
  });

  it('says of each its cause, the first thing to do and when it clears', () => {
    const rows = text
      .slice(text.indexOf('\n## Alarms\n'), text.indexOf('\n### Dead letters\n'))
      .split('\n')
      .filter((line) => line.startsWith('| `'));
    expect(rows.length).toBeGreaterThan(10);
    for (const row of rows) expect(row.split('|').map((cell) => cell.trim() !== '')).toEqual([false, true, true, true, true, false]);
  });

  it('would be caught if it left one out', () => {
    const without = documentedAlarms(text.replace('| `SealLate` |', '| `SealOnTime` |'));
    expect(without).toContain('SealOnTime');
    expect(without).not.toEqual(deployedAlarms());
  });
});
