// SPDX-License-Identifier: Apache-2.0
import type { FindingTables } from './tables.ts';

/** A standard and the number of a control in it, as findings spell them: `cis-aws-foundations-benchmark/v/1.2.0` and `1.4`. */
export interface StandardNumber {
  readonly standard: string;
  readonly number: string;
}

const standardPath = /(?:^|\/)([a-z0-9-]+\/v\/[0-9][0-9.]*)/;
// Numbers have few parts. Without a bound, a repeated group takes a step of the stack for each round, and a text of 10 MB ends the program.
const numberedPath = /(?:^|\/)([a-z0-9-]+\/v\/[0-9][0-9.]*)\/(?:rule\/)?([A-Za-z0-9]+(?:\.[A-Za-z0-9]+){0,9})(?:\/finding\/|$)/;

/** The standard in an ARN, a generator id or `standards/NAME/v/VERSION`; `undefined` where there is none. */
export function standardIn(text: string | undefined): string | undefined {
  return text === undefined ? undefined : standardPath.exec(text)?.[1];
}

/** Standard and number in `…/control/S/v/V/N`, `S/v/V/N`, `…ruleset/S/v/V/rule/N` or `…/subscription/S/v/V/N/finding/…`. */
export function standardNumberIn(text: string | undefined): StandardNumber | undefined {
  const [, standard, number] = (text === undefined ? null : numberedPath.exec(text)) ?? [];
  return standard === undefined || number === undefined ? undefined : { standard, number };
}

/** Codes of standards, each once; one without a code keeps the part after `standards/` or `ruleset/`. */
export function standardCodes(names: readonly (string | undefined)[], tables: FindingTables): string[] {
  const codes = new Set<string>();
  for (const name of names) {
    if (name === undefined) continue;
    const part = standardIn(name) ?? name.replace(/^.*?(?:standards|ruleset)\//, '');
    codes.add(tables.standardCodes.get(part) ?? part);
  }
  return [...codes];
}
