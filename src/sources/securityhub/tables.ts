// SPDX-License-Identifier: Apache-2.0
import { arrayAt, at, isJsonObject, type Json } from '../../evidence/json.ts';
import type { SourceSettings } from '../source.ts';

/** The tables of the pack that facts of findings are computed from. An absent table is empty: then less is known, nothing is wrong. */
export interface FindingTables {
  /** Standard code, such as `cis-1.2`, to number in capitals to control ids; two ids where the number alone does not decide. */
  readonly numbers: ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>;
  /** `pci-dss/v/3.2.1` to `pci-3.2.1`. */
  readonly standardCodes: ReadonlyMap<string, string>;
  /** ASFF resource types whose CloudFormation name does not follow from their own. */
  readonly oddTypes: ReadonlyMap<string, string>;
  /** Controls that a rule names, in lower case. */
  readonly mapped: ReadonlySet<string>;
  /** Lower case to the spelling that AWS lists. */
  readonly spelling: ReadonlyMap<string, string>;
}

/** Reads the source's tables out of the pack. */
export function findingTables(tables: SourceSettings['tables']): FindingTables {
  const controls = tables['securityhub.controlId'];
  const numbers = new Map(membersOf(at(controls, 'tables')).map(([code, table]) => [code, numbersOf(table)]));
  const mapped = arrayAt(tables['securityhub.mappedControls']).filter((id) => typeof id === 'string');
  const listed = [...mapped, ...membersOf(at(controls, 'retired')).map(([id]) => id)];
  for (const table of numbers.values()) for (const ids of table.values()) listed.push(...ids);
  return {
    numbers,
    standardCodes: textMap(at(tables['securityhub.standard'], 'codes')),
    oddTypes: textMap(at(tables['securityhub.resourceTypes'], 'odd')),
    mapped: new Set(mapped.map((id) => id.toLowerCase())),
    spelling: new Map(listed.map((id) => [id.toLowerCase(), id])),
  };
}

function numbersOf(table: Json): ReadonlyMap<string, readonly string[]> {
  const entries = membersOf(table).map(([number, ids]): [string, readonly string[]] => {
    const list = Array.isArray(ids) ? ids : [ids];
    return [number.toUpperCase(), list.filter((id) => typeof id === 'string')];
  });
  return new Map(entries);
}

function textMap(value: Json | undefined): ReadonlyMap<string, string> {
  return new Map(membersOf(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

function membersOf(value: Json | undefined): [string, Json][] {
  if (!isJsonObject(value)) return [];
  return Object.entries(value).filter((entry): entry is [string, Json] => entry[1] !== undefined);
}
