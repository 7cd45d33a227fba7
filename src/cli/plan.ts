// SPDX-License-Identifier: Apache-2.0
import { relative } from 'node:path';
import { loadConfiguration } from '../runtime/configuration.ts';
import { assume } from '../runtime/deployment/cost-assumptions.ts';
import { planDeployment } from '../runtime/deployment/plan-deployment.ts';
import { priceList, prices } from '../runtime/deployment/prices.ts';
import { deployedSources } from '../runtime/deployment/source-declarations.ts';
import { UsageError } from '../runtime/home-error.ts';
import { countOption } from './options.ts';
import { planText } from './plan-text.ts';
import { print, printJson, type Terminal } from './terminal.ts';

interface PlanOptions {
  readonly config?: string;
  readonly json?: boolean;
  readonly accountsCount?: string;
  readonly on?: string;
  readonly assume: readonly string[];
}

/** `aims plan`: what a deployment would collect, keep undeletable, be allowed and cost. Asks AWS nothing. */
export async function plan(terminal: Terminal, options: PlanOptions): Promise<void> {
  const { path, configuration } = await loadConfiguration(terminal.directory, options.config);
  const accountsCount = options.accountsCount === undefined ? null : countOption('accounts-count', options.accountsCount, [1, 100_000]);
  const planned = planDeployment({
    configuration,
    sources: deployedSources(configuration),
    on: dayOption(options.on, new Date()),
    accountsCount,
    assumptions: assume(options.assume),
  });
  const from = path === null ? null : relative(terminal.directory, path);
  if (options.json) printJson(terminal, { configuration: from, ...planned, prices: { ...priceList, of: prices } });
  else print(terminal, ...planText(planned, from));
}

function dayOption(text: string | undefined, now: Date): string {
  if (text === undefined) return now.toISOString().slice(0, 10);
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  // 2026-02-30 would be read as 2 March.
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== text) {
    throw new UsageError('USAGE_OPTION', `--on ${text} is no day: write 2026-11-22`);
  }
  return text;
}
