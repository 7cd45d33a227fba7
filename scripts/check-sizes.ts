// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** Size budgets of the style guide: warns at the first figure, fails at the second. */
const budgets = {
  source: { file: [200, 350], callable: [40, 70] },
  test: { file: [400, 700], callable: [40, 80] },
  parameters: 4,
} as const;

const folders = ['bin', 'lib', 'lambdas', 'src', 'scripts', 'bench', 'test'];

function* files(): Generator<string> {
  for (const folder of folders) {
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) if (name.endsWith('.ts')) yield join(folder, name);
  }
}

function* problemsOf(path: string): Generator<{ level: 'warn' | 'fail'; text: string }> {
  const text = readFileSync(path, 'utf8');
  const isTest = path.startsWith('test/');
  const budget = isTest ? budgets.test : budgets.source;
  yield* judge(path, text.split('\n').length, budget.file, 'lines');
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true);
  for (const node of callables(tree)) {
    const line = (at: number) => tree.getLineAndCharacterOfPosition(at).line + 1;
    const start = line(node.getStart());
    // A describe block holds tests as a folder holds files: its length is the file's matter.
    if (!(isTest && holdsTests(node)))
      yield* judge(`${path}:${start}`, line(node.end) - start + 1, budget.callable, 'lines in one function');
    if (node.parameters.length > budgets.parameters)
      yield { level: 'fail', text: `${path}:${start} has ${node.parameters.length} parameters` };
  }
}

function* judge(where: string, size: number, [warn, fail]: readonly [number, number], what: string) {
  if (size > fail) yield { level: 'fail' as const, text: `${where}: ${size} ${what}, at most ${fail}` };
  else if (size > warn) yield { level: 'warn' as const, text: `${where}: ${size} ${what}, aim at ${warn}` };
}

function* callables(node: ts.Node): Generator<ts.SignatureDeclaration> {
  if (ts.isFunctionLike(node) && 'body' in node && node.body !== undefined) yield node;
  const inner: ts.Node[] = [];
  node.forEachChild((child) => void inner.push(child));
  for (const child of inner) yield* callables(child);
}

function holdsTests(node: ts.Node): boolean {
  return /\b(it|describe)\(/.test(node.getText());
}

let failed = 0;
let seen = 0;
for (const path of files()) {
  seen++;
  for (const problem of problemsOf(path)) {
    if (problem.level === 'fail') failed++;
    console.log(`${problem.level}: ${problem.text}`);
  }
}
console.log(`sizes: ${seen} files, ${failed} over budget`);
process.exitCode = failed > 0 || seen === 0 ? 1 : 0;
