// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalJson } from '../../src/evidence/canonical-json.ts';
import type { Json } from '../../src/evidence/json.ts';

/** Runs the RFC 8785 suite of cyberphone/json-canonicalization: `node test/acceptance/rfc8785.ts DIR`. */
const dir = process.argv[2] ?? '.';
let failed = 0;
const names = readdirSync(join(dir, 'input')).sort();
for (const name of names) {
  const input: Json = JSON.parse(readFileSync(join(dir, 'input', name), 'utf8'));
  const expected = readFileSync(join(dir, 'output', name), 'utf8').trimEnd();
  const got = canonicalJson(input);
  if (got === expected) continue;
  failed++;
  process.stdout.write(`${name}: expected ${expected.slice(0, 80)}, got ${got.slice(0, 80)}\n`);
}
process.stdout.write(`rfc8785: ${names.length - failed} passed, ${failed} failed\n`);
process.exitCode = failed > 0 || names.length === 0 ? 1 : 0;
