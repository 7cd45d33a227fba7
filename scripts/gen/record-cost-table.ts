// SPDX-License-Identifier: Apache-2.0
import { assume } from '../../src/runtime/deployment/cost-assumptions.ts';
import { recordCosts } from '../../src/runtime/deployment/cost-records.ts';

/** A Markdown table of what records cost by their number, from counted calls and list prices. */
export function recordCostTable(): string {
  const rows = recordCosts(assume([])).map(
    ({ what, thousand, million }) => `| ${what} | $${thousand.toFixed(4)} | $${million.toFixed(2)} |`,
  );
  return ['| Records that arrive | per thousand | per million |', '|---|---|---|', ...rows].join('\n');
}
