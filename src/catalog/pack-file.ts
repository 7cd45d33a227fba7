// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { canonicalJson } from '../evidence/canonical-json.ts';
import type { Json, JsonObject } from '../evidence/json.ts';
import type { Pack, Rule } from '../mapping/pack.ts';
import { CatalogError } from './catalog-error.ts';
import { isPack } from './is-pack.ts';

/** A pack before its digest is known. */
export type UnsealedPack = Omit<Pack, 'digest'>;

const packFile = new URL('../../mappings/pack.json', import.meta.url);

// The file is the canonical JSON of the pack (RFC 8785) with line breaks put between rules and tables, so that changes can be reviewed.
// `digest` sorts first. So the bytes that were hashed are the file without line breaks and without its first member: no second walk at start-up.
const head = /^\{"digest":"([0-9a-f]{64})",/;

/** Text of `mappings/pack.json`: one line per rule and table, digest filled in. */
export function packText(pack: UnsealedPack): string {
  const { id, version, rules, tables } = pack;
  const lines = (members: readonly string[]) => members.join(',\n');
  const ruleLines = lines(rules.map((rule) => canonicalJson(ruleJson(rule))));
  const names = Object.keys(tables).sort();
  const tableLines = lines(names.map((name) => `${JSON.stringify(name)}:${canonicalJson(tables[name] ?? null)}`));
  const rest = `"id":${JSON.stringify(id)},\n"rules":[\n${ruleLines}\n],\n"tables":{\n${tableLines}\n},\n"version":${JSON.stringify(version)}}\n`;
  return `{"digest":"${sha256(`{${withoutBreaks(rest)}`)}",\n${rest}`;
}

/** Reads the pack that ships with the product. Throws MAPPING_PACK_ABSENT or MAPPING_PACK_DAMAGED. */
export function loadPack(file: URL = packFile): Pack {
  let content: string;
  try {
    content = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new CatalogError('MAPPING_PACK_ABSENT', `cannot read ${file.pathname}; run npm run gen, or install again`, { cause });
  }
  return parsePack(content, file.pathname);
}

/** The pack of a text, its digest checked. `name` is where the text came from. Throws MAPPING_PACK_DAMAGED. */
export function parsePack(content: string, name = 'pack'): Pack {
  const canonical = withoutBreaks(content);
  const found = head.exec(canonical);
  if (found === null) throw damaged(name, 'does not begin with its digest');
  const digest = sha256(`{${canonical.slice(found[0].length)}`);
  if (digest !== found[1]) throw damaged(name, `says digest ${found[1]} and has ${digest}`);
  let value: Json;
  try {
    value = JSON.parse(content);
  } catch (cause) {
    throw damaged(name, 'is no JSON', cause);
  }
  if (!isPack(value)) throw damaged(name, 'has not the form of a pack of this version');
  return value;
}

function damaged(name: string, what: string, cause?: unknown): CatalogError {
  const message = `refusing to map with ${name}: it ${what}; run npm run gen, or install again`;
  return new CatalogError('MAPPING_PACK_DAMAGED', message, { cause });
}

/** The rule as JSON: members that are not set are left out. */
function ruleJson(rule: Rule): JsonObject {
  const controls: Json[] = rule.controls.map((claim) => ({ ...claim }));
  return { ...rule, controls };
}

/** JSON strings never hold a raw line break, so every one of them stands between values. */
function withoutBreaks(content: string): string {
  return content.replace(/[\r\n]+/g, '');
}

function sha256(content: string): string {
  return createHash('sha256').update(content, 'utf8').digest('hex');
}
