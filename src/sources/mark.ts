// SPDX-License-Identifier: Apache-2.0
import { isJsonObject, type Json, type JsonObject, member, stringAt } from '../evidence/json.ts';
import type { Reading } from '../evidence/observation.ts';

/**
 * A place in a source's reading after which it can go on: a part of it, a sort key in that part, and the little that later parts
 * must know of what was read before. Written into `Reading.mark` as JSON; never holds a token of the service.
 */
export interface Mark {
  readonly part: string;
  /** Sort key of the last thing read: a time, a name or an object's key; empty at the beginning of a part. */
  readonly after: string;
  readonly carried: JsonObject;
}

/** A mark as a reading. */
export function markAt(part: string, after = '', carried: JsonObject = {}): { readonly mark: string } {
  return { mark: JSON.stringify({ part, after, ...(Object.keys(carried).length === 0 ? {} : { carried }) }) };
}

/** What a reading that goes on has done already. Parts are named in the order in which they are read. */
export class Resumption<Part extends string> {
  readonly #parts: readonly Part[];
  readonly #mark: Mark | null;
  readonly #at: number;

  /** A mark that cannot be read, or of a part that is not known, is as none: reading begins anew and nothing is lost. */
  constructor(parts: readonly Part[], resumeAfter: string | null | undefined) {
    this.#parts = parts;
    const mark = readMark(resumeAfter);
    const part = parts.find((one) => one === mark?.part);
    this.#at = part === undefined ? -1 : parts.indexOf(part);
    this.#mark = part === undefined ? null : mark;
  }

  /** Whether anything was read before. */
  get isContinued(): boolean {
    return this.#mark !== null;
  }

  /** Whether reading goes on in this part. */
  isIn(part: Part): boolean {
    return this.#mark?.part === part;
  }

  /** Whether the whole part was read before. */
  isDone(part: Part): boolean {
    return this.#mark !== null && this.#parts.indexOf(part) < this.#at;
  }

  /** Sort key to go on after in this part; null where the part is to be read from its beginning. */
  after(part: Part): string | null {
    return this.#mark?.part === part && this.#mark.after !== '' ? this.#mark.after : null;
  }

  /** What the mark carries under a name, whatever its part. */
  carried(name: string): Json | undefined {
    return member(this.#mark?.carried, name);
  }
}

/** Lets no mark through that says no more than the one before it or the one that reading went on from: each mark is progress. */
export async function* onlyForward(
  readings: AsyncIterable<Reading>,
  parts: readonly string[],
  resumeAfter: string | null | undefined,
): AsyncGenerator<Reading> {
  const first = readMark(resumeAfter);
  let last = first !== null && parts.includes(first.part) ? first : null;
  for await (const reading of readings) {
    if ('mark' in reading) {
      const mark = readMark(reading.mark);
      if (mark === null || (last !== null && !isFurther(mark, last, parts))) continue;
      last = mark;
    }
    yield reading;
  }
}

// Inside a part the reader goes on in the order of its sort key, so that another key is a later one.
function isFurther(mark: Mark, last: Mark, parts: readonly string[]): boolean {
  if (mark.part !== last.part) return parts.indexOf(mark.part) > parts.indexOf(last.part);
  return mark.after !== last.after && mark.after !== '';
}

function readMark(text: string | null | undefined): Mark | null {
  const value = parsed(text ?? '');
  const [part, after] = [stringAt(value, 'part'), stringAt(value, 'after')];
  if (part === undefined || after === undefined) return null;
  const carried = member(value, 'carried');
  return { part, after, carried: isJsonObject(carried) ? carried : {} };
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
