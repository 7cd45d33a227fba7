// SPDX-License-Identifier: Apache-2.0
import type { Json } from '../../src/evidence/json.ts';

const width = 120;

/** JSON for people: what fits on one line stands on one, the rest has a line for each member. */
export function compactJson(value: Json, indent = ''): string {
  const line = oneLine(value);
  if (indent.length + line.length <= width || typeof value !== 'object' || value === null) return line;
  const deeper = `${indent}  `;
  if (Array.isArray(value))
    return block(
      '[]',
      value.map((item) => `${deeper}${compactJson(item, deeper)}`),
      indent,
    );
  const members = Object.entries(value).flatMap(([name, member]) =>
    member === undefined ? [] : [`${deeper}${JSON.stringify(name)}: ${compactJson(member, deeper)}`],
  );
  return block('{}', members, indent);
}

function block(brackets: '[]' | '{}', lines: readonly string[], indent: string): string {
  return `${brackets[0]}\n${lines.join(',\n')}\n${indent}${brackets[1]}`;
}

function oneLine(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(oneLine).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).flatMap(([name, member]) =>
    member === undefined ? [] : [`${JSON.stringify(name)}: ${oneLine(member)}`],
  );
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}
