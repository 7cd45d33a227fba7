// SPDX-License-Identifier: Apache-2.0
import { SliceCollector, type SliceStep } from './slice-collector.ts';

/** AWS's wrapper members whose elements are items: log files, LookupEvents, GetFindings of Security Hub and of Macie. */
const wrapperNames: ReadonlySet<string> = new Set(['Records', 'Events', 'Findings', 'findings']);
const longestName = 8;

const quote = 34;
const backslash = 92;
const comma = 44;
const newline = 10;
const openBrace = 123;
const openBracket = 91;
const closeBrace = 125;
const closeBracket = 93;
const byteOrderMark = [0xef, 0xbb, 0xbf];
/** `itemStart` while no item is open, and while inside a wrapper object whose own bytes are not kept. */
const between = -1;
const inWrapper = -2;

/**
 * Cuts a stream of JSON bytes into items without parsing them: elements of a top-level array or of a wrapper member,
 * JSON lines, concatenated values, or the one object. It trusts nothing: what it cuts may still not parse, and a line
 * that ends too early costs only itself. Memory is the item at hand, at most `maxItemBytes`, and one chunk.
 */
export class SliceStream {
  readonly #collector: SliceCollector;
  #position = 0;
  #depth = 0;
  /** Depth at which items begin: 0 at the root, 1 in a root array, 2 in a wrapper's array. */
  #itemDepth = 0;
  #itemStart = between;
  #inString = false;
  #inScalar = false;
  /** 1 when the chunk ended between a backslash and what it escapes. */
  #skip = 0;
  /** Whether the newest string directly inside a root object names a wrapper; and its bytes when a chunk ended inside it. */
  #named = false;
  #nameHead = '';
  /** The last four bytes before the chunk, for looking back. */
  #last: Uint8Array = new Uint8Array(4);

  constructor(maxItemBytes = 64 * 1024 * 1024) {
    this.#collector = new SliceCollector(maxItemBytes);
  }

  /** Bytes seen so far. */
  get position(): number {
    return this.#position;
  }

  /** Takes the next bytes and gives the items that they completed. The chunk belongs to the stream from now on. */
  push(chunk: Uint8Array): SliceStep {
    this.#scan(chunk);
    this.#position += chunk.length;
    return this.#collector.collect(chunk, this.#position - chunk.length, this.#itemStart);
  }

  /** Ends the stream: gives a last bare value, or names the item that the stream ends inside. */
  end(): SliceStep {
    if (this.#inScalar) this.#close(this.#position);
    const offset = this.#itemStart >= 0 ? this.#itemStart : this.#position;
    const isCut = this.#itemStart !== between || this.#depth > 0;
    const cut = isCut ? [this.#collector.cut(offset, this.#position)] : [];
    const step = this.#collector.collect(new Uint8Array(0), this.#position, between);
    return { slices: step.slices, problems: [...step.problems, ...cut] };
  }

  #scan(b: Uint8Array): void {
    let i = this.#skip;
    while (i < b.length) {
      if (this.#inString || (this.#itemStart !== between && !this.#inScalar)) {
        i = this.#within(b, i);
        continue;
      }
      const c = b[i];
      const at = this.#position + i;
      if (c === quote) {
        if (this.#itemStart === between) this.#itemStart = at;
        this.#inString = true;
      } else if (c === openBrace || c === openBracket) this.#open(c, at);
      else if (c === closeBrace || c === closeBracket) this.#shut(at);
      else if (!this.#inScalar) this.#startScalar(c, at);
      else if (endsScalar(c, this.#depth)) this.#close(at);
      i++;
    }
    this.#skip = i - b.length;
    const last = new Uint8Array(4);
    for (let k = 1; k <= 4; k++) last[4 - k] = this.#back(b, b.length, k);
    this.#last = last;
  }

  // The hot loop, through an open item or string: locals instead of fields, and no read beyond the end, since one such
  // read makes V8 give up its fast code. Returns the index where the slow loop goes on.
  #within(b: Uint8Array, from: number): number {
    const n = b.length;
    const itemDepth = this.#itemDepth;
    let depth = this.#depth;
    let inString = this.#inString;
    this.#inString = false;
    let stringStart = from;
    let i = from;
    while (i < n) {
      if (inString) {
        i = endOfPlain(b, i);
        if (i >= n) break;
        const c = b[i];
        if (c === backslash) i += 2;
        else if (c === openBrace) {
          if (this.#back(b, i, 1) === newline) return this.#restart(b, i);
          i++;
        } else {
          inString = false;
          if (depth === itemDepth) return this.#endRootString(i);
          if (depth === 1) this.#noteName(b, stringStart, i);
          i++;
        }
        continue;
      }
      const c = b[i];
      if (c === quote) {
        inString = true;
        stringStart = i + 1;
      } else if (c === openBrace || c === openBracket) {
        if (c === openBrace && this.#brokenLine(b, i)) return this.#restart(b, i);
        if (depth === 1 && this.#named && c === openBracket) return this.#enterWrapper(i);
        depth++;
      } else if ((c === closeBrace || c === closeBracket) && --depth <= itemDepth) {
        this.#depth = depth;
        if (this.#itemStart >= 0) this.#close(this.#position + i + 1);
        else this.#itemStart = between;
        return i + 1;
      }
      i++;
    }
    this.#depth = depth;
    this.#inString = inString;
    if (inString && depth === 1 && itemDepth === 0) this.#nameHead += latin1(b, stringStart, Math.min(n, stringStart + longestName + 1));
    return i;
  }

  #open(c: number, at: number): void {
    if (this.#inScalar) this.#close(at);
    if (this.#depth === 0 && c === openBracket) this.#itemDepth = 1;
    else this.#itemStart = at;
    this.#depth++;
  }

  // A closing bracket while no item is open closes the array of items; at the root it is no JSON and stands as an item of its own.
  #shut(at: number): void {
    if (this.#inScalar) this.#close(at);
    if (this.#depth === 0) {
      this.#startScalar(closeBrace, at);
      return;
    }
    this.#depth--;
    this.#itemStart = this.#itemDepth === 2 ? inWrapper : between;
    this.#itemDepth = 0;
  }

  #close(end: number): void {
    this.#collector.add(this.#itemStart, end);
    this.#itemStart = between;
    this.#inScalar = false;
    this.#named = false;
  }

  #startScalar(c: number | undefined, at: number): void {
    if (c === undefined || c <= 32 || c === comma) return;
    if (at < 3 && c === byteOrderMark[at]) return;
    this.#itemStart = at;
    this.#inScalar = true;
  }

  #endRootString(i: number): number {
    if (!this.#inScalar) this.#close(this.#position + i + 1);
    return i + 1;
  }

  #noteName(b: Uint8Array, start: number, end: number): void {
    if (this.#itemDepth !== 0) return;
    const length = end - start + this.#nameHead.length;
    this.#named = length <= longestName && wrapperNames.has(this.#nameHead + latin1(b, start, end));
    this.#nameHead = '';
  }

  #enterWrapper(i: number): number {
    this.#itemStart = between;
    this.#itemDepth = 2;
    this.#depth = 2;
    this.#named = false;
    this.#collector.drop();
    return i + 1;
  }

  // An object that begins a line where JSON allows none (after a raw line end inside a string, or after a finished value)
  // shows that the line before was cut short: the cut line is given as an item, which will not parse, and reading goes on.
  #brokenLine(b: Uint8Array, i: number): boolean {
    if (this.#back(b, i, 1) !== newline) return false;
    const before = this.#back(b, i, 2) === 13 ? this.#back(b, i, 3) : this.#back(b, i, 2);
    return before === quote || before === closeBrace || before === closeBracket || isLetterOrDigit(before);
  }

  #restart(b: Uint8Array, i: number): number {
    const at = this.#position + i;
    if (this.#itemStart >= 0) this.#close(at - (this.#back(b, i, 2) === 13 ? 2 : 1));
    this.#named = false;
    this.#nameHead = '';
    this.#itemStart = at;
    this.#depth = this.#itemDepth + 1;
    return i + 1;
  }

  #back(b: Uint8Array, i: number, steps: number): number {
    const at = i - steps;
    return (at >= 0 ? b[at] : this.#last[at + 4]) ?? 0;
  }
}

// Index of the next quote, backslash or open brace, or the length: the plain run of a string.
function endOfPlain(b: Uint8Array, from: number): number {
  const n = b.length;
  let i = from;
  while (i < n) {
    const c = b[i];
    if (c === quote || c === backslash || c === openBrace) return i;
    i++;
  }
  return n;
}

function endsScalar(c: number | undefined, depth: number): boolean {
  return depth === 0 ? c === newline : c === comma || (c !== undefined && c <= 32);
}

function isLetterOrDigit(c: number): boolean {
  return (c >= 48 && c <= 57) || (c >= 97 && c <= 122);
}

function latin1(b: Uint8Array, start: number, end: number): string {
  return end > start ? Buffer.from(b.buffer, b.byteOffset + start, end - start).toString('latin1') : '';
}
