// SPDX-License-Identifier: Apache-2.0
import { jsonStringEnd } from './json-string-end.ts';

/** One value met while scanning JSON text: where it stands, what it is, and how it is reached. */
export interface ScannedValue {
  readonly start: number;
  readonly end: number;
  readonly token: 'string' | 'number' | 'literal' | 'other';
  /** Member names and element indexes from the root. The array is reused: copy it to keep it. */
  readonly path: readonly string[];
}

interface Frame {
  readonly isObject: boolean;
  index: number;
  /** The first name of an object, and all of them where it has more: a set for each of 200,000 levels would take a worker's memory. */
  first: string | null;
  names: Set<string> | null;
}

const numberToken = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const wordToken = /[^\s,:{}[\]"]+/y;

/**
 * Walks JSON text without a stack of its own calls, so depth does not matter, and says why text → value → canonical text
 * would lose something: `duplicate key`, `number`, `surrogate`, `token` (NaN and the like); null where nothing is lost.
 */
export function scanJson(text: string, onScalar?: (value: ScannedValue) => void): string | null {
  const scan = new Scan(text, onScalar);
  return scan.run();
}

class Scan {
  readonly text: string;
  readonly onScalar: ((value: ScannedValue) => void) | undefined;
  readonly frames: Frame[] = [];
  readonly path: string[] = [];
  loss: string | null = null;
  at = 0;

  constructor(text: string, onScalar: ((value: ScannedValue) => void) | undefined) {
    this.text = text;
    this.onScalar = onScalar;
  }

  run(): string | null {
    while (this.at < this.text.length) this.step(this.text[this.at] ?? '');
    return this.loss;
  }

  step(c: string): void {
    if (c === '{' || c === '[') this.open(c === '{');
    else if (c === '}' || c === ']') this.close();
    else if (c === ',') this.comma();
    else if (c === '"') this.string();
    else if (c === ':' || c <= ' ' || c === '\ufeff') this.at++;
    else this.bare();
  }

  open(isObject: boolean): void {
    this.at++;
    this.frames.push({ isObject, index: 0, first: null, names: null });
    this.path.push(isObject ? '' : '0');
  }

  close(): void {
    this.at++;
    this.frames.pop();
    this.path.pop();
  }

  comma(): void {
    this.at++;
    const frame = this.frames.at(-1);
    if (frame === undefined) return;
    frame.index++;
    this.path[this.path.length - 1] = frame.isObject ? '' : String(frame.index);
  }

  string(): void {
    const start = this.at;
    this.at = jsonStringEnd(this.text, start);
    const token = this.text.slice(start, this.at);
    const value = unquote(token);
    if (value === null || !value.isWellFormed()) this.loss ??= 'surrogate';
    const frame = this.frames.at(-1);
    if (frame?.isObject && this.path.at(-1) === '' && this.isNameAhead()) this.name(frame, value ?? token);
    else this.onScalar?.({ start, end: this.at, token: 'string', path: this.path });
  }

  isNameAhead(): boolean {
    let i = this.at;
    while ((this.text[i] ?? 'x') <= ' ') i++;
    return this.text[i] === ':';
  }

  name(frame: Frame, name: string): void {
    if (frame.first === null) frame.first = name;
    else {
      frame.names ??= new Set([frame.first]);
      if (frame.names.has(name)) this.loss ??= 'duplicate key';
      frame.names.add(name);
    }
    this.path[this.path.length - 1] = name;
  }

  bare(): void {
    wordToken.lastIndex = this.at;
    const word = wordToken.exec(this.text)?.[0] ?? this.text[this.at] ?? '';
    const start = this.at;
    this.at += word.length;
    const token = tokenOf(word);
    if (token === 'other') this.loss ??= 'token';
    if (token === 'number' && !survives(word)) this.loss ??= 'number';
    this.onScalar?.({ start, end: this.at, token, path: this.path });
  }
}

function unquote(token: string): string | null {
  try {
    const value: unknown = JSON.parse(token);
    return typeof value === 'string' ? value : null;
  } catch (error) {
    if (error instanceof SyntaxError || Error.isError(error)) return null;
    throw error;
  }
}

function tokenOf(word: string): ScannedValue['token'] {
  if (word === 'true' || word === 'false' || word === 'null') return 'literal';
  numberToken.lastIndex = 0;
  return numberToken.exec(word)?.[0] === word ? 'number' : 'other';
}

/** Whether a number token names the same decimal value after a trip through a double. */
function survives(token: string): boolean {
  return decimal(token) === decimal(String(Number(token)));
}

function decimal(token: string): string {
  const [mantissa = '', exponent = '0'] = token.toLowerCase().split('e');
  const sign = mantissa.startsWith('-') ? '-' : '';
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.');
  const digits = (whole + fraction).replace(/^0+/, '');
  const trimmed = digits.replace(/0+$/, '');
  return trimmed === '' ? `${sign}0` : `${sign}${trimmed}e${Number(exponent) - fraction.length + digits.length - trimmed.length}`;
}
