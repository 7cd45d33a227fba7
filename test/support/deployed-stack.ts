// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod';
import type { ConfigurationInput } from '../../lib/parse-configuration.ts';
import { AimsEvidenceMemberStack } from '../../lib/stacks/aims-evidence-member-stack.ts';
import { AimsEvidenceStack } from '../../lib/stacks/aims-evidence-stack.ts';
import { sourceIds } from '../../src/evidence/observation.ts';

/** Names of all functions of a deployment. */
export const functionNames = ['plan', 'project', 'seal', 'self-audit', ...sourceIds.map((id) => `collect-${id}`)];

/** A stack and its template. */
export interface Deployed<Kind> {
  readonly app: App;
  readonly stack: Kind;
  readonly template: Template;
}

const home = new Map<string, Deployed<AimsEvidenceStack>>();
const member = new Map<string, Deployed<AimsEvidenceMemberStack>>();
let bundles: string | undefined;
// The feature flags of the app itself, so that what is tested is what is deployed.
const { context } = z
  .object({ context: z.record(z.string(), z.json()) })
  .parse(JSON.parse(readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8')));

/** A folder of bundles that do nothing: a stack is tested without building. */
export function emptyBundles(): string {
  bundles ??= functionNames.reduce(
    (folder, name) => {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, 'index.mjs'), 'export const handler = async () => {};\n');
      return folder;
    },
    mkdtempSync(join(tmpdir(), 'aims-bundles-')),
  );
  return bundles;
}

/** The home's stack of a configuration; synthesised once for each. */
export function deployHome(configuration: ConfigurationInput = {}): Deployed<AimsEvidenceStack> {
  return remembered(home, configuration, (app) => new AimsEvidenceStack(app, 'AimsEvidence', { configuration, functions: emptyBundles() }));
}

/** The member account's stack of a configuration; synthesised once for each. */
export function deployMember(configuration: ConfigurationInput = {}): Deployed<AimsEvidenceMemberStack> {
  return remembered(member, configuration, (app) => new AimsEvidenceMemberStack(app, 'AimsEvidenceMember', { configuration }));
}

function remembered<Kind extends AimsEvidenceStack | AimsEvidenceMemberStack>(
  known: Map<string, Deployed<Kind>>,
  configuration: ConfigurationInput,
  make: (app: App) => Kind,
): Deployed<Kind> {
  const key = JSON.stringify(configuration);
  const found = known.get(key);
  if (found !== undefined) return found;
  const app = new App({ context });
  const stack = make(app);
  const deployed = { app, stack, template: Template.fromStack(stack) };
  known.set(key, deployed);
  return deployed;
}
