// SPDX-License-Identifier: Apache-2.0
import type { Readable, Writable } from 'node:stream';

/** Where a command reads and writes: results to `stdout`, talk to `stderr`. */
export interface Terminal {
  readonly stdin: Readable;
  readonly stdout: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  readonly stderr: Writable & { readonly isTTY?: boolean };
  /** Directory that relative paths start from. */
  readonly directory: string;
}

/** Prints one JSON object on one line: what scripts read. */
export function printJson(terminal: Terminal, value: object): void {
  terminal.stdout.write(`${JSON.stringify(value)}\n`);
}

/** Prints lines for a person. */
export function print(terminal: Terminal, ...lines: readonly string[]): void {
  for (const line of lines) terminal.stdout.write(`${visible(line)}\n`);
}

// C0 but tab and line end, DEL and C1: what a terminal obeys instead of showing.
const commands = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** Text that a terminal shows and does not obey: names in AWS answers and files are other people's, and may hold escape sequences. */
export function visible(text: string): string {
  return text.replace(commands, '\ufffd');
}

/** Columns of a line where no terminal says how wide it is. */
const usualWidth = 100;
/** Narrower than this, words would stand one below the other. */
const leastWidth = 40;

/** Text in lines as wide as the terminal, broken between words only, each behind so many spaces. */
export function wrapped({ stdout }: Pick<Terminal, 'stdout'>, text: string, indent = 0): string[] {
  const width = Math.max(leastWidth, stdout.columns ?? usualWidth) - indent;
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).filter((one) => one !== '')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].filter((one) => one !== '').map((one) => `${' '.repeat(indent)}${one}`);
}

/** Text without line ends: one in somebody's name must not look like a line of ours. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, (space) => (/[\r\n]/.test(space) ? ' ' : space));
}

/** Rows in columns as wide as their widest cell; numbers to the right. The first row is the heading. */
export function columns(cells: readonly (readonly (string | number)[])[]): string[] {
  const rows = cells.map((row) => row.map((cell) => (typeof cell === 'string' ? oneLine(cell) : cell)));
  const widths: number[] = [];
  for (const row of rows) {
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, String(cell).length);
  }
  return rows.map((row) =>
    row
      .map((cell, i) => (typeof rows[1]?.[i] === 'number' ? String(cell).padStart(widths[i] ?? 0) : String(cell).padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}

/** A line on a terminal that is written over as work goes on; silent in pipes. */
export class Progress {
  readonly #terminal: Terminal;
  #shown = 0;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  show(text: string): void {
    if (this.#terminal.stderr.isTTY !== true) return;
    const now = performance.now();
    // A tenth of a second between lines: the eye needs no more, and writing is not free.
    if (now - this.#shown < 100) return;
    this.#shown = now;
    this.#terminal.stderr.write(`\r\u001b[K${visible(text).slice(0, 110)}`);
  }

  clear(): void {
    if (this.#terminal.stderr.isTTY === true) this.#terminal.stderr.write('\r\u001b[K');
  }
}
