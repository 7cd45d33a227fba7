// SPDX-License-Identifier: Apache-2.0
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { commandExamplesFile, commandSchemaFolder } from '../../scripts/gen/command-output.ts';
import { generatedFiles } from '../../scripts/gen/generated-files.ts';
import { replaceRegion } from '../../scripts/gen/region.ts';
import { commandOutputs } from '../../src/cli/output-shapes/command-outputs.ts';

const root = new URL('../../', import.meta.url);

describe('npm run gen', () => {
  it('finds every generated file as it would write it', () => {
    const files = generatedFiles(root);
    expect([...files.keys()]).toEqual(
      expect.arrayContaining(['mappings/pack.json', 'mappings/catalog.json', 'docs/mapping.md', 'mappings/schemas/rules.json']),
    );
    const stale = [...files].filter(
      ([path, text]) => !existsSync(new URL(path, root)) || readFileSync(new URL(path, root), 'utf8') !== text,
    );
    expect(stale.map(([path]) => path)).toEqual([]);
  });

  it('writes the same bytes each time and leaves no schema that nothing writes', () => {
    const [first, second] = [generatedFiles(root), generatedFiles(root)];
    expect([...first]).toEqual([...second]);
    const schemas = readdirSync(new URL('mappings/schemas/', root)).map((name) => `mappings/schemas/${name}`);
    expect(schemas.length).toBeGreaterThanOrEqual(7);
    const outputs = readdirSync(new URL(commandSchemaFolder, root)).map((name) => `${commandSchemaFolder}${name}`);
    expect(outputs).toHaveLength(Object.keys(commandOutputs).length);
    expect([...schemas, ...outputs].filter((path) => !first.has(path))).toEqual([]);
  });

  it('shows of each command what it prints in the form that is promised', () => {
    const examples = JSON.parse(readFileSync(new URL(commandExamplesFile, root), 'utf8'));
    expect(Object.keys(examples).sort()).toEqual(Object.keys(commandOutputs).sort());
    for (const [name, { schema }] of Object.entries(commandOutputs))
      expect({ name, problem: schema.safeParse(examples[name].output).error?.message }).toEqual({ name });
  });

  it('replaces the region of a document and nothing around it', () => {
    const document = 'before\n<!-- gen:x -->\nold\n<!-- /gen:x -->\nafter\n';
    expect(replaceRegion(document, 'x', 'new\n')).toBe('before\n<!-- gen:x -->\nnew\n<!-- /gen:x -->\nafter\n');
    expect(replaceRegion(replaceRegion(document, 'x', 'new'), 'x', 'new')).toBe(replaceRegion(document, 'x', 'new'));
  });

  it.each(['no markers', '<!-- /gen:x --><!-- gen:x -->', '<!-- gen:x --><!-- gen:x --><!-- /gen:x -->'])(
    'refuses a document with %j',
    (document) => {
      expect(() => replaceRegion(document, 'x', 'new')).toThrow(/lacks the markers/);
    },
  );
});
