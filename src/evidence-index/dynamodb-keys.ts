// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import type { Key } from './dynamodb-item.ts';

/** Parts that the counters, and the pointers to unfinished runs, are spread over. Summed or merged when read. */
export const countShards = 8;
/** Items that the counters of the controls are spread over within a part: so many at most does one record touch a day. */
export const controlGroups = 8;
/** Items that the accounts with AI are spread over within a part. */
export const accountGroups = 4;

// Furthest instant that a date can have, before and after 1970: https://tc39.es/ecma262/#sec-time-values-and-time-range
const furthest = 8.64e15;
const plainPart = /^[\w.:-]{1,60}$/;

/** Sorts after every time, id and name that a key is made of, all of which are ASCII below it. */
export const afterAll = '~';

/** An instant (milliseconds since 1970) as fifteen characters that sort as the instants do. */
export function timeText(at: number): string {
  const [sign, offset] = at < 0 ? ['0', furthest + at] : ['1', at];
  return sign + offset.toString(16).padStart(14, '0');
}

/** The instant that `timeText` wrote. */
export function timeIn(text: string): number {
  const offset = Number.parseInt(text.slice(1, 15), 16);
  return text.startsWith('0') ? offset - furthest : offset;
}

/** A name as part of a key: itself where it is short and plain, else 128 bits of its hash. Keys are limited to 1,024 bytes. */
export function keyPart(name: string): string {
  return plainPart.test(name) ? name : `~${shortHash(name)}`;
}

/** The first 128 bits of a text's SHA-256, in hex. */
export function shortHash(text: string): string {
  return hash('sha256', text).slice(0, 32);
}

/** A number below `count` drawn from a text. */
export function shardOf(text: string, count: number): number {
  return Number.parseInt(hash('sha256', text).slice(0, 8), 16) % count;
}

/** Names a source, account and Region. */
export function scopeOf({
  source,
  account,
  region,
}: {
  readonly source: string;
  readonly account: string;
  readonly region: string;
}): string {
  return shortHash(JSON.stringify([source, account, region]));
}

/** Where each kind of item lies. All but the pointer to the current generation begin with the generation's name. */
export class IndexKeys {
  readonly generation: string;

  constructor(generation: string) {
    this.generation = generation;
  }

  /** A record; ids are hashes, so that 256 partitions fill evenly and a prefix of two digits is one of them. */
  record(id: string): Key {
    return { pk: this.recordsStarting(id.slice(0, 2)), sk: id };
  }

  recordsStarting(twoDigits: string): string {
    return this.in('id', twoDigits);
  }

  /** A piece of what is too large for an item. */
  more(id: string, copy: string, piece: number): Key {
    return { pk: this.in('more', id), sk: `${copy}/${String(piece).padStart(6, '0')}` };
  }

  /** Records of a facet in order of time. */
  list(facet: string, shard: number): string {
    return this.in('list', facet, String(shard));
  }

  /** Which facets of a family there are. */
  facets(family: string): string {
    return this.in('facets', family);
  }

  /** States and events of a finding, and its newest state. */
  finding(finding: string): string {
    return this.in('finding', finding);
  }

  /** Plan, receipt and end of one run. */
  run(scope: string, run: string): Key {
    return { pk: this.in('run', scope), sk: keyPart(run) };
  }

  /** Receipts of a scope in order of time. */
  receipts(scope: string): string {
    return this.in('receipt', scope);
  }

  /** Gaps about one thing, in order of time; `about` is the scope and the thing. */
  gaps(about: string): string {
    return this.in('gap', about);
  }

  /** Runs that have a plan and no end. */
  unfinished(shard: number): string {
    return this.in('unfinished', String(shard));
  }

  /** Counters. */
  counts(shard: number): string {
    return this.in('count', String(shard));
  }

  /** The marker of a segment; those of one day lie together. */
  segment(key: string): Key {
    return { pk: this.in('segment', dayOfKey(key)), sk: key };
  }

  segmentsOf(day: string): string {
    return this.in('segment', day);
  }

  /** Which days there are segments of. */
  days(): string {
    return this.in('days');
  }

  private in(...parts: readonly string[]): string {
    return [this.generation, ...parts].join('/');
  }
}

/** What segments are grouped by: the first folder of the key with its slash, so that groups in order are keys in order. */
export function dayOfKey(key: string): string {
  return key.slice(0, key.indexOf('/') + 1) || key;
}
