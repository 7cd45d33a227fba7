// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { readSettings } from '../lib/read-settings.ts';
import { readsOtherAccounts } from '../lib/reads-other-accounts.ts';
import { AimsEvidenceMemberStack } from '../lib/stacks/aims-evidence-member-stack.ts';
import { AimsEvidenceStack } from '../lib/stacks/aims-evidence-stack.ts';
import { loadConfiguration } from '../src/runtime/configuration.ts';

const app = new App();
const loaded = await loadConfiguration(process.cwd(), app.node.tryGetContext('config'));
const { configuration, sampleEndpoint } = readSettings(app.node, loaded.configuration);

// Standard output of a CDK app is the CLI's; what the build says goes to standard error.
const build = fileURLToPath(new URL('../scripts/build-functions.ts', import.meta.url));
execFileSync(process.execPath, [build, '--if-stale'], { stdio: ['ignore', process.stderr, 'inherit'] });

new AimsEvidenceStack(app, 'AimsEvidence', { configuration, declarations: loaded.declarations, sampleEndpoint });
// With one stack in the app, `cdk deploy` needs no name: the other stands here only where something is to be deployed with it.
if (readsOtherAccounts(configuration) || configuration.member.forwardEvents) {
  new AimsEvidenceMemberStack(app, 'AimsEvidenceMember', { configuration });
}
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
