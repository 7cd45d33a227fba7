// SPDX-License-Identifier: Apache-2.0
import type { StandardNumber } from './standard.ts';
import { standardCodes } from './standard.ts';
import type { FindingTables } from './tables.ts';

/** Where a finding may name its control, from the surest place to the least; of both forms of findings. */
export interface ControlHints {
  /** `Compliance.SecurityControlId`. */
  readonly securityControlId: string | undefined;
  readonly generatorId: string | undefined;
  /** OCSF `compliance.control`. */
  readonly complianceControl: string | undefined;
  /** Standards that the finding names, for a bare number in `complianceControl`. */
  readonly standards: readonly string[];
  /** Standard and number, in order of trust. */
  readonly numbered: readonly (StandardNumber | undefined)[];
  /** CloudFormation types of the resources: they decide a number that stands for two controls. */
  readonly resourceTypes: readonly string[];
}

/** `SageMaker.1`, `S3.8`: a service and a number. CIS numbers have no service, PCI numbers a prefix of their own. */
const controlForm = /^[A-Za-z][A-Za-z0-9]*\.\d+$/;
// With a bound, as in standard.ts.
const ownNumber = /^(?:CIS\.)?\d+(?:\.\d+){0,9}$|^PCI\./i;

/** Of two controls under one number, the one whose resource is the account, and the one whose resource is the thing itself. */
const byResourceType: ReadonlyMap<string, string> = new Map([
  ['S3.1', 'AWS::::Account'],
  ['S3.8', 'AWS::S3::Bucket'],
]);

/** The security control of a finding, spelled as AWS lists it; `undefined` where it cannot be told for sure. */
export function controlIdOf(hints: ControlHints, tables: FindingTables): string | undefined {
  const generator = hints.generatorId === undefined ? null : /^security-control\/(.+)$/.exec(hints.generatorId);
  const named = hints.securityControlId ?? generator?.[1] ?? ownControl(hints, tables);
  if (named !== undefined) return spelled(named, tables);
  for (const numbered of hints.numbered) {
    const found = numbered === undefined ? undefined : byNumber(numbered, hints.resourceTypes, tables);
    if (found !== undefined) return spelled(found, tables);
  }
  return undefined;
}

function ownControl(hints: ControlHints, tables: FindingTables): string | undefined {
  const control = hints.complianceControl;
  if (control === undefined || !ownNumber.test(control)) return control;
  for (const standard of hints.standards) {
    const found = byNumber({ standard, number: control.replace(/^CIS\./i, '') }, hints.resourceTypes, tables);
    if (found !== undefined) return found;
  }
  return undefined;
}

function byNumber(numbered: StandardNumber, resourceTypes: readonly string[], tables: FindingTables): string | undefined {
  // Control Tower writes CT.S3.8 beside S3.8 for the same check.
  const number = numbered.number.replace(/^CT\./i, '');
  if (controlForm.test(number)) return number;
  const [code = ''] = standardCodes([numbered.standard], tables);
  const ids = tables.numbers.get(code)?.get(number.toUpperCase()) ?? [];
  if (ids.length <= 1) return ids[0];
  const decided = ids.filter((id) => resourceTypes.includes(byResourceType.get(id) ?? ''));
  return decided.length === 1 ? decided[0] : undefined;
}

function spelled(id: string, tables: FindingTables): string {
  return tables.spelling.get(id.toLowerCase()) ?? id;
}
