// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { aims } from '../support/aims-command.ts';

const { scripts } = z.object({ scripts: z.record(z.string(), z.string()) }).parse(JSON.parse(readFileSync('package.json', 'utf8')));
const documents = ['README.md', ...['docs', 'docs/adr'].flatMap((folder) => markdownIn(folder))];

function markdownIn(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name));
}

/** Lines of fenced blocks and inline code: where a document shows a command. */
function codeOf(text: string): readonly string[] {
  const fenced = [...text.matchAll(/^```\w*\n([\s\S]*?)^```/gm)].flatMap(([, block = '']) => block.replaceAll(/\\\n\s*/g, ' ').split('\n'));
  const inline = [...text.replaceAll(/^```[\s\S]*?^```/gm, '').matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
  return [...fenced, ...inline];
}

/** The command lines of a line of code: what stands between shell operators, without comments. `a · b` lists commands. */
function commandsOf(code: string): readonly string[] {
  const [line = ''] = code.split(/\s#\s/);
  return line.split(/&&|\||;|>/).flatMap((part) => {
    const words = part.trim().replace(/^\$ /, '').replace(/^npx /, '');
    if (!words.startsWith('aims ')) return [words];
    return words.split('·').map((one) => (one.trim().startsWith('aims ') ? one.trim() : `aims ${one.trim()}`));
  });
}

function shown(prefix: string): readonly { readonly path: string; readonly words: readonly string[] }[] {
  return documents.flatMap((path) =>
    codeOf(readFileSync(path, 'utf8'))
      .flatMap(commandsOf)
      .filter((command) => command.startsWith(`${prefix} `))
      .map((command) => ({ path, words: command.slice(prefix.length + 1).split(/\s+/) })),
  );
}

/** What is wrong with `aims` called with these words, judged by its own help; null where nothing is. */
async function faultOf(words: readonly string[]): Promise<string | null> {
  const [name = '', second = ''] = words;
  if (!isName(name)) return words.every((word) => word.startsWith('-') || word === '…') ? null : 'no command';
  let { stdout } = await aims('.', [name, '--help']);
  // Some commands hold others (`index rebuild`); to all others a second word is an argument (`catalog A.5.2`).
  const holdsOthers = stdout.split('\n')[0]?.endsWith('[command]') === true;
  if (holdsOthers) ({ stdout } = await aims('.', [name, second, '--help']));
  if (!stdout.startsWith(`Usage: aims ${holdsOthers ? `${name} ${second}` : name} `)) return 'no such command';
  const unknown = words.filter((word) => /^--[a-z]/.test(word)).filter((option) => !stdout.includes(option));
  return unknown.length === 0 ? null : `no option ${unknown.join(', ')}`;
}

function isName(word: string): boolean {
  return /^[a-z]+$/.test(word);
}

describe('every command that a document shows', () => {
  it('of `aims` is one, with the options shown', async () => {
    const commands = shown('aims');
    expect(commands.length).toBeGreaterThan(30);
    const faults = await Promise.all(
      commands.map(async ({ path, words }) => ({ path, words: words.join(' '), fault: await faultOf(words) })),
    );
    expect(faults.filter(({ fault }) => fault !== null)).toEqual([]);
  });

  it('of `npm run` is a script', () => {
    const commands = shown('npm run');
    expect(commands.length).toBeGreaterThan(5);
    expect(
      commands.filter(({ words }) => !Object.keys(scripts).includes(words[0] ?? '')).map(({ path, words }) => [path, ...words]),
    ).toEqual([]);
  });

  it('would be missed otherwise', async () => {
    expect(commandsOf('npx aims verify --home aws > out.txt   # why')).toEqual(['aims verify --home aws', 'out.txt']);
    expect(codeOf('a `aims x` b\n```sh\nnpm ci && npm run y\n```\n').flatMap(commandsOf)).toEqual(['npm ci', 'npm run y', '', 'aims x']);
    expect(commandsOf('aims collect · runs')).toEqual(['aims collect', 'aims runs']);
    expect(await faultOf(['verify', '--records'])).toBeNull();
    expect(await faultOf(['index', 'rebuild', '--home', 'aws'])).toBeNull();
    expect(await faultOf(['catalog', 'A.5.2'])).toBeNull();
    expect(await faultOf(['unheard'])).toBe('no such command');
    expect(await faultOf(['index', 'forget'])).toBe('no such command');
    expect(await faultOf(['verify', '--faster'])).toBe('no option --faster');
  });
});
