// SPDX-License-Identifier: Apache-2.0
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { loadConfiguration } from '../../../src/runtime/configuration.ts';
import { temporaryDirectories } from '../../support/temporary-directory.ts';

const directory = temporaryDirectories('configuration');

/** The three dated files, each with its day, and where the day stands in it. */
const dated = [
  ['scope', 'scopeFile', 'approvedOn', (day: string) => `schema: aims-evidence/scope/1\napprovedBy: ann\napprovedOn: ${day}\n`],
  [
    'thresholds',
    'thresholdsFile',
    'approvedOn',
    (day: string) => `schema: aims-evidence/thresholds/1\napprovedBy: ann\napprovedOn: ${day}\n`,
  ],
  [
    'approvals',
    'approvalsFile',
    'approvals.0.approvedOn',
    (day: string) =>
      `schema: aims-evidence/approvals/1\napprovals:\n  - { sha256: ${'a'.repeat(64)}, what: limits, approvedBy: ann, approvedOn: ${day} }\n`,
  ],
] as const;

describe('the day of an approval', () => {
  describe.each(dated)('in the %s file', (name, setting, field, textWith) => {
    async function load(day: string) {
      const at = await directory();
      writeFileSync(join(at, `${name}.yaml`), textWith(day));
      writeFileSync(join(at, 'aims.config.yaml'), `${setting}: ${name}.yaml\n`);
      return await loadConfiguration(at);
    }

    it.each(['2026-11-22', '2024-02-29', '"2026-01-31"'])('is taken as %s', async (day) => {
      const { declarations } = await load(day);
      expect(JSON.stringify(declarations[name])).toContain(`"approvedOn":"${day.replaceAll('"', '')}"`);
    });

    it.each([['2026-99-99'], ['2026-02-29'], ['2026-04-31'], ['2026-1-1'], ['soon']])(
      'is refused as %s, with file, field and cause',
      async (day) => {
        const refused = load(day);
        await expect(refused).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining(`${name}.yaml`) });
        const fault = `: ${field}: "${day}" is no day of the calendar: write it as 2026-11-22`;
        await expect(refused).rejects.toMatchObject({ message: expect.stringContaining(fault) });
      },
    );
  });
});
