// SPDX-License-Identifier: Apache-2.0
import { isRiskyNumber, maxJsonDepth, needsEscape, numberText, tooDeep } from './canonical-json.ts';
import { isJsonObject, type Json } from './json.ts';
import type { KeyOrders } from './key-order.ts';

/** Sees each object member before it is written; returns what to write in its place. */
export interface MemberFilter {
  /** Orders that say which names need a look. One for all filters of a kind: it remembers the shapes of objects. */
  readonly orders: KeyOrders;
  replace(name: string, value: Json, path: readonly string[]): Json;
}

/** Canonical JSON as UTF-8, and whether it holds a number or string that may stand for other JSON text of the same length. */
export interface WatchedBytes {
  readonly bytes: Buffer;
  readonly isRisky: boolean;
}

/**
 * As `canonicalJson`, in bytes and with a filter on object members, so that neither text nor redaction costs a walk of its own.
 * What the filter replaces is replaced in `value` too: the caller's object and the bytes stay the same thing.
 *
 * Where `isRisky` is false, no value's canonical form is longer than any JSON text of that value, and none of equal length means another
 * value. So compact JSON text that is as long as the canonical form lost nothing on its way: no digit, no duplicate name.
 *
 * `isPlain` says that no string of the value needs an escape (`isPlainText` of the text it was parsed from), so that none is searched.
 */
export function canonicalBytes(value: Json, filter: MemberFilter, isPlain: boolean): WatchedBytes {
  writer.begin(filter, isPlain);
  writer.value(value);
  return { bytes: writer.taken(), isRisky: writer.isRisky };
}

/** Whether JSON text is ASCII without a backslash: then so is every string in it, and valid JSON holds no raw control characters. */
export function isPlainText(text: string): boolean {
  return Buffer.byteLength(text) === text.length && !text.includes('\\');
}

const quote = 0x22;
const comma = 0x2c;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;

/** Values share a piece of memory of this size; a larger one gets its own. */
const pieceBytes = 128 * 1024;
/** The most that a UTF-16 unit takes in UTF-8. */
const bytesPerUnit = 3;
/** Up to this many characters, a loop costs less than a call into the engine. */
const fewCharacters = 14;

/** Writes one value at a time. JavaScript strings would be built as a tree of pieces and laid out afterwards, which costs twice as much. */
class CanonicalWriter {
  isRisky = false;
  #memory = Buffer.allocUnsafeSlow(pieceBytes);
  #start = 0;
  #at = 0;
  #isPlain = false;
  #filter: MemberFilter | null = null;
  #path: string[] = [];

  begin(filter: MemberFilter, isPlain: boolean): void {
    this.isRisky = false;
    this.#filter = filter;
    this.#isPlain = isPlain;
    this.#path = [];
    // What a value that could not be written left behind is written over.
    this.#at = this.#start;
  }

  /** What was written since `begin`. */
  taken(): Buffer {
    const bytes = this.#memory.subarray(this.#start, this.#at);
    this.#start = this.#at;
    return bytes;
  }

  value(value: Json): void {
    if (typeof value === 'string') this.#string(value);
    else if (typeof value === 'number') this.#number(value);
    else if (typeof value === 'boolean') this.#ascii(value ? 'true' : 'false');
    else if (value === null) this.#ascii('null');
    else if (this.#path.length >= maxJsonDepth) throw tooDeep();
    else if (isJsonObject(value)) this.#object(value);
    else this.#array(value);
  }

  #array(values: readonly Json[]): void {
    this.#byte(openBracket);
    let index = 0;
    for (const value of values) {
      if (index > 0) this.#byte(comma);
      this.#path.push(String(index++));
      this.value(value);
      this.#path.pop();
    }
    this.#byte(closeBracket);
  }

  #object(object: { [name: string]: Json | undefined }): void {
    const filter = this.#filter;
    if (filter === null) return;
    let isFirst = true;
    for (const member of filter.orders.of(object)) {
      let value = object[member.name];
      if (value === undefined) continue;
      this.#name(member.bytes);
      // Counted back from the end: making room moves everything.
      if (isFirst) this.#memory[this.#at - member.bytes.length] = openBrace;
      isFirst = false;
      if (member.isWatched) {
        value = filter.replace(member.name, value, this.#path);
        if (value !== object[member.name]) object[member.name] = value;
      }
      if (typeof value === 'string') this.#string(value);
      else {
        this.#path.push(member.name);
        this.value(value);
        this.#path.pop();
      }
    }
    if (isFirst) this.#byte(openBrace);
    this.#byte(closeBrace);
  }

  #name(bytes: Uint8Array): void {
    this.#makeRoom(bytes.length);
    const memory = this.#memory;
    let at = this.#at;
    for (let i = 0; i < bytes.length; i++) memory[at++] = bytes[i] ?? 0;
    this.#at = at;
  }

  #string(text: string): void {
    if (!this.#isPlain && needsEscape.test(text)) {
      if (!text.isWellFormed()) this.isRisky = true;
      this.#text(JSON.stringify(text));
      return;
    }
    this.#byte(quote);
    this.#text(text);
    this.#byte(quote);
  }

  #number(value: number): void {
    const text = numberText(value);
    if (isRiskyNumber(value, text)) this.isRisky = true;
    this.#ascii(text);
  }

  #text(text: string): void {
    if (this.#isPlain && text.length <= fewCharacters) this.#ascii(text);
    else {
      this.#makeRoom(bytesPerUnit * text.length);
      this.#at += this.#memory.write(text, this.#at);
    }
  }

  #ascii(text: string): void {
    this.#makeRoom(text.length);
    const memory = this.#memory;
    let at = this.#at;
    for (let i = 0; i < text.length; i++) memory[at++] = text.charCodeAt(i);
    this.#at = at;
  }

  #byte(byte: number): void {
    if (this.#at >= this.#memory.length) this.#makeRoom(1);
    this.#memory[this.#at++] = byte;
  }

  #makeRoom(bytes: number): void {
    if (this.#at + bytes <= this.#memory.length) return;
    const written = this.#at - this.#start;
    const larger = Buffer.allocUnsafeSlow(Math.max(pieceBytes, 2 * (written + bytes)));
    this.#memory.copy(larger, 0, this.#start, this.#at);
    this.#memory = larger;
    this.#start = 0;
    this.#at = written;
  }
}

// One for the thread: writing is synchronous, so no two values meet here.
const writer = new CanonicalWriter();
