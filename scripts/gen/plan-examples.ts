// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { planText } from '../../src/cli/plan-text.ts';
import { configurationSchema } from '../../src/runtime/deployment/configuration-schema.ts';
import { assume } from '../../src/runtime/deployment/cost-assumptions.ts';
import { planDeployment } from '../../src/runtime/deployment/plan-deployment.ts';
import { deployedSources } from '../../src/runtime/deployment/source-declarations.ts';

const folder = 'docs/plan-examples/';
const on = '2026-11-22';
const examples = [
  { name: 'one-account', accountsCount: null },
  { name: 'organisation-200', accountsCount: 200 },
] as const;

/** Path and text of what `aims plan` prints for each configuration in `docs/plan-examples/`. */
export function planExamples(root: URL): ReadonlyMap<string, string> {
  return new Map(
    examples.map(({ name, accountsCount }) => {
      const file = `${name}.yaml`;
      const configuration = configurationSchema.parse(parse(readFileSync(new URL(`${folder}${file}`, root), 'utf8')));
      const plan = planDeployment({ configuration, sources: deployedSources(configuration), on, accountsCount, assumptions: assume([]) });
      const count = accountsCount === null ? '' : ` --accounts-count ${accountsCount}`;
      const lines = [`$ aims plan --config ${file} --on ${on}${count}`, ...planText(plan, file)];
      return [`${folder}${name}.txt`, `${lines.join('\n')}\n`] as const;
    }),
  );
}
