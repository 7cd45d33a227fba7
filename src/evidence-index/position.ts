// SPDX-License-Identifier: Apache-2.0
import { IndexError } from './evidence-index.ts';

/** A place in a list ordered by time, key of the id and row, all three descending. */
export interface Position {
  readonly at: number;
  readonly key: number;
  readonly seq: number;
}

/** Negative where `one` comes first, newest first. */
export function comparePositions(one: Position, other: Position): number {
  return other.at - one.at || other.key - one.key || other.seq - one.seq;
}

/** An opaque cursor that stands just after a position. */
export function cursorOf({ at, key, seq }: Position): string {
  return Buffer.from(`1.${at}.${key}.${seq}`).toString('base64url');
}

/** Reads a cursor that `cursorOf` made. Throws INDEX_CURSOR_INVALID for any other text. */
export function positionOf(cursor: string): Position {
  const parts = /^1\.(-?\d{1,16})\.(\d{1,16})\.(\d{1,16})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1'));
  const position = { at: Number(parts?.[1]), key: Number(parts?.[2]), seq: Number(parts?.[3]) };
  const isOurs = parts !== null && Object.values(position).every(Number.isSafeInteger) && cursorOf(position) === cursor;
  if (!isOurs) throw new IndexError('INDEX_CURSOR_INVALID', 'the cursor is not one that a list gave: start again without it');
  return position;
}
