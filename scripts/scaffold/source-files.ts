// SPDX-License-Identifier: Apache-2.0
import { ScaffoldError } from './scaffold-error.ts';

const idForm = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** What templates of a source are filled with: `bedrock-guardrails`, `BedrockGuardrails`, `Bedrock Guardrails`. */
export function sourceNames(id: string): { readonly id: string; readonly Name: string; readonly Title: string } {
  if (!idForm.test(id)) {
    throw new ScaffoldError(
      'SCAFFOLD_USAGE',
      `${JSON.stringify(id)} is no source id: lower-case words joined by -, such as bedrock-guardrails`,
    );
  }
  const words = id.split('-').map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return { id, Name: words.join(''), Title: words.join(' ') };
}

/** Which template becomes which file. */
export function sourceFiles(id: string): ReadonlyMap<string, string> {
  return new Map([
    ['source.ts', `src/sources/${id}.ts`],
    ['read.ts', `src/sources/${id}/read-${id}.ts`],
    ['interpret.ts', `src/sources/${id}/interpret-${id}.ts`],
    ['rules.yaml', `mappings/rules/${id}.yaml`],
    ['facts.yaml', `mappings/facts/${id}.yaml`],
    ['fixture.json', `test/fixtures/${id}/state.json`],
    ['interpret.test.ts', `test/unit/sources/${id}/interpret-${id}.test.ts`],
  ]);
}

/** `src/evidence/observation.ts` with the id among the known ones. */
export function withSourceId(text: string, id: string): string {
  return replaced(text, /(export const sourceIds = \[[^\]]*?),?\s*(\] as const;)/, `$1, '${id}'$2`);
}

/** `src/sources/registry.ts` with the source read last. */
export function withMaker(text: string, { id, Name }: { readonly id: string; readonly Name: string }): string {
  const imported = replaced(text, /(import type \{ Source, SourceSettings \})/, `import { create${Name} } from './${id}.ts';\n$1`);
  return replaced(imported, /(const makers:[^=]*(?:=>[^=]*)*= \[[^\]]*?)(\];)/, `$1  create${Name},\n$2`);
}

function replaced(text: string, anchor: RegExp, replacement: string): string {
  if (!anchor.test(text)) throw new ScaffoldError('SCAFFOLD_ANCHOR_ABSENT', `no place found for the new source: ${anchor.source}`);
  return text.replace(anchor, replacement);
}
