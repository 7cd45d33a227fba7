// SPDX-License-Identifier: Apache-2.0
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { readSettings } from '../lib/read-settings.ts';
import { AimsEvidenceStack } from '../lib/stacks/aims-evidence-stack.ts';

const app = new App();
new AimsEvidenceStack(app, 'AimsEvidence', readSettings(app.node));
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
