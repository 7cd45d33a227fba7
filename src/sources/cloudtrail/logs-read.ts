// SPDX-License-Identifier: Apache-2.0
import { arrayAt, at, isJsonObject, type Json, type JsonObject, numberAt, stringAt } from '../../evidence/json.ts';
import type { LogSort } from './log-sort.ts';

/** Events that one folder holds of a time in which another was silent. */
export interface Missed {
  /** Folder that holds them; what further folders hold is not counted twice. */
  readonly by: string;
  readonly events: number;
  /** The silences they fell into, from the first to the last; epoch milliseconds. */
  readonly from: number;
  readonly until: number;
}

/** How far the log files of one folder were read, and what they were found to hold. */
export interface FolderRead {
  /** Delivery time of the newest file read; null where none was. */
  newest: number | null;
  /** Delivery time of the first file that could not be read whole; null where all could. */
  brokenFrom: number | null;
  readonly sorts: Set<LogSort>;
  missed: Missed | null;
}

/** What was read of each folder, by its address. */
export type LogsRead = Map<string, FolderRead>;

/** What was read of a folder; noted as nothing where it was not met before. */
export function folderRead(read: LogsRead, folder: string): FolderRead {
  const known = read.get(folder) ?? { newest: null, brokenFrom: null, sorts: new Set(), missed: null };
  read.set(folder, known);
  return known;
}

/** Notes that files of a folder cannot be read from a time on. */
export function breakOff(state: FolderRead, from: number): void {
  state.brokenFrom = Math.min(state.brokenFrom ?? Number.POSITIVE_INFINITY, from);
}

/** What was read, for a mark; a few short members for each folder. */
export function logsCarried(read: LogsRead): JsonObject {
  const folders = [...read].map(([folder, { newest, brokenFrom, sorts, missed }]): [string, JsonObject] => [
    folder,
    { newest, brokenFrom, sorts: [...sorts].sort(), missed: missed === null ? null : { ...missed } },
  ]);
  return folders.length === 0 ? {} : { logs: Object.fromEntries(folders) };
}

/** What an earlier part of the reading carried in its mark. */
export function logsBefore(carried: Json | undefined): LogsRead {
  const folders = isJsonObject(carried) ? Object.entries(carried) : [];
  return new Map(folders.map(([folder, state]) => [folder, stateOf(state ?? null)]));
}

const sorts: readonly LogSort[] = ['reads', 'writes', 'insights'];

function stateOf(state: Json): FolderRead {
  const missed = at(state, 'missed');
  const [by, events] = [stringAt(missed, 'by'), numberAt(missed, 'events')];
  const [from, until] = [numberAt(missed, 'from'), numberAt(missed, 'until')];
  const isMissed = by !== undefined && events !== undefined && from !== undefined && until !== undefined;
  return {
    newest: numberAt(state, 'newest') ?? null,
    brokenFrom: numberAt(state, 'brokenFrom') ?? null,
    sorts: new Set(sorts.filter((sort) => arrayAt(state, 'sorts').includes(sort))),
    missed: isMissed ? { by, events, from, until } : null,
  };
}
