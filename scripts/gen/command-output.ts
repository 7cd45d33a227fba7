// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { type CommandOutput, commandOutputs } from '../../src/cli/output-shapes/command-outputs.ts';
import { compactJson } from './compact-json.ts';
import { jsonSchemaText } from './json-schemas.ts';
import { type MemberRow, memberRows } from './member-rows.ts';

/** Folder of the JSON Schemas of what commands print. */
export const commandSchemaFolder = 'docs/command-output/';

/** Where `npm run gen -- --examples` keeps what commands printed of the sample account. */
export const commandExamplesFile = 'scripts/gen/command-examples.json';

const examplesSchema = z.record(z.string(), z.strictObject({ call: z.string(), output: z.json() }));
type Example = z.infer<typeof examplesSchema>[string];

/** Path and text of `docs/command-output.md`, and of the JSON Schema of each output. */
export function commandOutputFiles(root: URL): ReadonlyMap<string, string> {
  const examples = examplesSchema.parse(JSON.parse(readFileSync(new URL(commandExamplesFile, root), 'utf8')));
  const outputs: readonly (readonly [string, CommandOutput])[] = Object.entries(commandOutputs);
  const sections = outputs.map(([name, output]) => section(name, output, examples[name]));
  return new Map([
    ['docs/command-output.md', `${head}\n${sections.join('\n')}`],
    ...outputs.map(([name, { schema }]) => [`${commandSchemaFolder}${name}.json`, jsonSchemaText(schema)] as const),
  ]);
}

const head = `# What commands print for scripts

Written by \`npm run gen\` from \`src/cli/output-shapes/\`; the commands’ tests read with the same schemas what they print.

With \`--json\` a command prints one JSON object on one line of standard output, and nothing else there; errors go to standard error as words, and the exit
code tells: 0 fine, 1 a check failed, 2 wrong usage, 3 could not finish. **More members may come**, so pass over what you do not know; a member that is named
here stays, means the same and keeps its type. Times are ISO 8601 in UTC. Each section links the JSON Schema (draft 2020-12) of its output.

The examples are of the sample account (\`aims collect --from sample --home .aims-sample\`); of each list only the first element is shown. Ids, hashes and
times differ in each home.
`;

function section(name: string, { command, says, schema, elsewhere }: CommandOutput, example: Example | undefined): string {
  if (example === undefined) throw new Error(`${commandExamplesFile} has no example of ${name}: npm run gen -- --examples`);
  const rows = memberRows(schema, elsewhere);
  return `## aims ${command}

${says} [JSON Schema](command-output/${name}.json)

| Member | Type | Meaning |
|---|---|---|
${rows.map(tableRow).join('\n')}

\`${example.call}\` prints:

\`\`\`json
${compactJson(example.output)}
\`\`\`
`;
}

function tableRow({ path, type, meaning }: MemberRow): string {
  return `| \`${path}\` | ${type} | ${meaning} |`.replaceAll('  ', ' ');
}
