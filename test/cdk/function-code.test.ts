// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { App } from 'aws-cdk-lib';
import { FunctionCode } from '../../lib/constructs/function-code.ts';
import { type ConfigurationInput, parseConfiguration } from '../../lib/parse-configuration.ts';
import { AimsEvidenceStack } from '../../lib/stacks/aims-evidence-stack.ts';
import { noDeclarations } from '../../src/runtime/deployment/source-declarations.ts';
import { emptyBundles, functionNames } from '../support/deployed-stack.ts';

const declarations = { ...noDeclarations, scope: { ...noDeclarations.scope, tagKey: 'system' } };

/** What lies beside `index.mjs` in each staged asset of a function. */
function stagedFiles(configurations: readonly ConfigurationInput[]): readonly { readonly names: string[]; readonly deployment: unknown }[] {
  const app = new App();
  for (const [index, configuration] of configurations.entries()) {
    new AimsEvidenceStack(app, `Stack${index}`, { configuration, declarations, functions: emptyBundles() });
  }
  const { directory } = app.synth();
  const assets = readdirSync(directory).filter((name) => name.startsWith('asset.'));
  return assets
    .map((name) => ({ folder: join(directory, name), names: readdirSync(join(directory, name)).sort() }))
    .filter(({ names }) => names.includes('index.mjs'))
    .map(({ folder, names }) => ({ names, deployment: JSON.parse(readFileSync(join(folder, 'deployment.json'), 'utf8')) }));
}

describe('the code of a function', () => {
  it('has the whole configuration and the dated files beside it', () => {
    const staged = stagedFiles([{ sources: ['macie'], regions: ['eu-west-1'] }]);
    expect(staged.length).toBeGreaterThan(0);
    for (const { names, deployment } of staged) {
      expect(names).toEqual(['deployment.json', 'index.mjs']);
      expect(deployment).toEqual({ configuration: parseConfiguration({ sources: ['macie'], regions: ['eu-west-1'] }), declarations });
    }
  });

  it('is another one for another configuration, in one app too', () => {
    const days = stagedFiles([{ logRetentionDays: 30 }, { logRetentionDays: 90 }]).map(({ deployment }) => JSON.stringify(deployment));
    expect(days.filter((text) => text.includes('"logRetentionDays":30')).length).toBeGreaterThan(0);
    expect(days.filter((text) => text.includes('"logRetentionDays":90')).length).toBeGreaterThan(0);
  });

  it('is refused where no bundle was built, with what to do', () => {
    const code = new FunctionCode(emptyBundles(), {});
    expect(functionNames.length).toBe(9);
    for (const name of functionNames) expect(() => code.of(name)).not.toThrow();
    expect(() => code.of('absent')).toThrow(/no bundle in .*absent: run `npm run build:functions`/);
  });
});
