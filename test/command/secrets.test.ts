// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { collectShape } from '../../src/cli/output-shapes/collection-shapes.ts';
import { evidenceShape } from '../../src/cli/output-shapes/record-list-shapes.ts';
import { showShape } from '../../src/cli/output-shapes/show-shape.ts';
import { aims, aimsJson } from '../support/aims-command.ts';
import { filesBelow } from '../support/damage.ts';
import { eventBridge, logFile, writeFiles } from '../support/evidence-folder.ts';
import { vaultLines } from '../support/home-state.ts';
import { trailRecord } from '../support/intake.ts';
import { temporaryDirectories } from '../support/temporary-directory.ts';

const directory = temporaryDirectories('secrets');
const word = (n: number) => `hunter${n}SECRETvalue`;
const secrets = Array.from({ length: 8 }, (_, n) => word(n));

const withSecrets = [
  trailRecord('plain', { requestParameters: { endpointName: 'Credit', masterUserPassword: word(0) } }),
  trailRecord('nested', { requestParameters: { list: [{ deep: { SecretString: word(1), clientSecret: { value: word(2) } } }] } }),
  trailRecord('environment', { eventName: 'CreateModel', requestParameters: { primaryContainer: { environment: { DB_PASS: word(3) } } } }),
  trailRecord('answer', { responseElements: { credentials: { sessionToken: word(4) } } }),
  trailRecord('hyper', { eventName: 'CreateTrainingJob', requestParameters: { hyperParameters: { token: word(5) } } }),
  // Kept as text, since a number in it is larger than JavaScript has.
  trailRecord('text', { requestParameters: { password: word(6), n: 'HERE' } }).replace('"HERE"', '12345678901234567890'),
];

describe('secrets that stand in what AWS logged', () => {
  it('never reach the vault, the index or any other file of the home, nor what is printed, and their place is marked', async () => {
    const at = await directory();
    const event = eventBridge('aws.rds', 'AWS API Call via CloudTrail', trailRecord('event', { requestParameters: { password: word(7) } }));
    await writeFiles(join(at, 'in'), { 'a.json.gz': logFile(...withSecrets), 'b.json': event });
    const printed = await aims(at, ['collect', '--from', 'in', '--source', 'cloudtrail', '--json']);
    expect(collectShape.parse(JSON.parse(printed.stdout)).runs).toMatchObject([{ recordsStored: 7 }]);
    const lines = (await vaultLines(join(at, '.aims'))).join('\n');
    expect(lines).toContain('[redacted: secret-name]');
    expect(lines).toContain('[redacted: environment]');
    const files = filesBelow(join(at, '.aims')).map((path) => readFileSync(join(at, '.aims', path)).toString('latin1'));
    expect(files.length).toBeGreaterThan(8);
    for (const secret of secrets) {
      for (const text of [lines, printed.stdout, printed.stderr, ...files]) expect(text.includes(secret)).toBe(false);
    }
    expect(existsSync(join(at, '.aims/scratch'))).toBe(false);
    const { records } = await aimsJson(evidenceShape, at, ['evidence', '--source', 'cloudtrail']);
    const activities = records.filter(({ kind }) => kind === 'activity');
    for (const { id } of activities) {
      const { record } = await aimsJson(showShape, at, ['show', id]);
      expect(record.raw.redactions.length).toBeGreaterThan(0);
    }
  });

  it('are not printed by explain either', async () => {
    const { stdout } = await aims(await directory(), ['explain', '-', '--json'], withSecrets[0]);
    expect(stdout).toContain('"source":"cloudtrail"');
    for (const secret of secrets) expect(stdout).not.toContain(secret);
  });
});
