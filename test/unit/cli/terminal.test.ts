// SPDX-License-Identifier: Apache-2.0
import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { columns, Progress, print, type Terminal, wrapped } from '../../../src/cli/terminal.ts';

function terminal(isTTY: boolean) {
  const [stdout, stderr] = [new PassThrough(), Object.assign(new PassThrough(), { isTTY })];
  const written: Terminal = { stdin: new PassThrough(), stdout, stderr, directory: '.' };
  const textOf = (stream: PassThrough) => String(stream.read() ?? '');
  return { written, out: () => textOf(stdout), err: () => textOf(stderr) };
}

// A finding's title that clears the screen, sets the window's name, and forges a row.
const hostile = '\u001b[2J\u001b]0;owned\u0007\u009b31mbucket\nverified: everything is fine';

describe('what is printed for a person', () => {
  it('shows names of other people and never obeys them', () => {
    const { written, out } = terminal(true);
    print(written, `é 漢 ok\tplain`, hostile);
    const text = out();
    expect(text).toContain('é 漢 ok\tplain');
    expect(text).toContain('bucket');
    expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
  });

  it('keeps a row a row, whatever its cells hold', () => {
    const rows = columns([
      ['title', 'count'],
      [hostile, 3],
      ['a', 12],
    ]);
    expect(rows).toHaveLength(3);
    expect(rows.every((row) => !row.includes('\n'))).toBe(true);
    expect(rows[2]).toMatch(/^a +12$/);
  });
});

describe('progress', () => {
  it('is shown on a terminal, without the commands in a path, and not in a pipe', () => {
    const [shown, piped] = [terminal(true), terminal(false)];
    for (const { written } of [shown, piped]) new Progress(written).show(`reading ${hostile}`);
    expect(shown.err().replace('\r\u001b[K', '')).toMatch(/^reading [^\u001b\u009b]*bucket/);
    expect(piped.err()).toBe('');
  });
});

describe('text that is longer than a line', () => {
  it('is broken between words, as wide as the terminal, and loses nothing', () => {
    const text = 'one two three four five six seven eight nine ten eleven twelve thirteen';
    const lines = wrapped({ stdout: Object.assign(new PassThrough(), { columns: 42 }) }, text, 2);
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.every((line) => line.startsWith('  ') && line.length <= 42)).toBe(true);
    expect(lines.map((line) => line.trim()).join(' ')).toBe(text);
    expect(wrapped({ stdout: new PassThrough() }, text)).toEqual([text]);
    const long = 'x'.repeat(200);
    expect(wrapped({ stdout: new PassThrough() }, `a ${long} b`)).toEqual(['a', long, 'b']);
  });
});
