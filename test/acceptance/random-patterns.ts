// SPDX-License-Identifier: Apache-2.0
import type { Json, JsonObject } from '../../src/evidence/json.ts';
import { isJsonObject } from '../../src/evidence/json.ts';
import { MappingError } from '../../src/mapping/mapping-error.ts';
import { readBranches } from '../../src/mapping/read-branches.ts';
import { findShadowed } from '../../src/mapping/shadowed-branches.ts';
import { hitsKnownDefect } from './known-defects.ts';
import type { Random } from './random.ts';
import { randomFrom } from './random.ts';
import { randomLeaf, texts } from './random-operators.ts';

const keys = [
  'a',
  'b',
  'c',
  'd',
  'e',
  'a.b',
  'b.c',
  '__proto__',
  'constructor',
  '',
  'f',
  '1',
  '0',
  'a.',
  '.a',
  'a.b',
  'a.b.c',
  'b',
  'c',
  'f',
  'toString',
  'prefix',
];

function key(random: Random): string {
  return random.chance(0.8) ? random.pick(keys.slice(0, 5)) : random.pick(keys);
}

function pattern(random: Random, depth: number): JsonObject {
  const members = new Map<string, Json>();
  const size = random.chance(0.003) ? 0 : 1 + random.below(3);
  for (let at = 0; at < size; at++) members.set(key(random), memberOf(random, depth));
  if (random.chance(depth === 0 ? 0.25 : 0.1)) members.set('$or', choices(random, depth));
  return Object.fromEntries(members);
}

function memberOf(random: Random, depth: number): Json {
  if (depth < 3 && random.chance(0.35)) return pattern(random, depth + 1);
  if (random.chance(0.002)) return random.pick<Json>(['x', 1, null, [], {}, true]);
  return Array.from({ length: random.chance(0.7) ? 1 : 2 + random.below(3) }, () => randomLeaf(random));
}

function choices(random: Random, depth: number): Json {
  if (random.chance(0.02))
    return random.pick<Json>(['x', [], {}, [{ a: ['x'] }], [1, 2], [{ prefix: 'a' }], [{ exists: true }, 'x'], { a: ['x'] }]);
  return Array.from({ length: 2 + random.below(2) }, () => pattern(random, depth + 1));
}

/** Paths and accepted-looking values of a pattern, so that the event has a chance to match it. */
function fill(random: Random, wanted: Json | undefined): JsonObject {
  const event: Record<string, Json> = Object.create(null);
  const set = (name: string, value: Json) =>
    Object.defineProperty(event, name, { value, enumerable: true, configurable: true, writable: true });
  if (isJsonObject(wanted)) {
    for (const [name, below] of Object.entries(wanted)) {
      if (random.chance(0.07)) continue;
      if (name === '$or' && Array.isArray(below) && below.length > 0)
        for (const each of [random.pick(below)]) for (const [k, v] of Object.entries(fill(random, each))) set(k, v ?? null);
      else set(name, arranged(random, below));
    }
  }
  const noise = random.below(3);
  for (let at = 0; at < noise; at++) if (random.chance(0.5)) set(key(random), randomValue(random, 2));
  return Object.fromEntries(Object.entries(event));
}

function arranged(random: Random, wanted: Json | undefined): Json {
  const make = (): Json => (isJsonObject(wanted) ? fill(random, wanted) : hit(random, wanted));
  if (random.chance(0.7)) return make();
  const elements = Array.from({ length: random.below(4) }, () => (random.chance(0.8) ? make() : randomValue(random, 1)));
  return random.chance(0.15) ? [elements, make()] : elements;
}

/** A value likely to satisfy a leaf. */
function hit(random: Random, leaf: Json | undefined): Json {
  const operator = Array.isArray(leaf) && leaf.length > 0 ? random.pick(leaf) : 'x';
  if (!isJsonObject(operator)) return random.chance(0.85) && !Array.isArray(operator) ? operator : randomValue(random, 1);
  const [name, value] = Object.entries(operator)[0] ?? ['', null];
  const scalars = scalarsOf(value ?? null);
  const found = scalars.length > 0 ? random.pick(scalars) : 'x';
  return random.chance(0.25) ? randomValue(random, 1) : bent(random, name, found);
}

function scalarsOf(value: Json): readonly Json[] {
  if (Array.isArray(value)) return value.flatMap(scalarsOf);
  return isJsonObject(value) ? Object.values(value).flatMap((each) => scalarsOf(each ?? null)) : [value];
}

function bent(random: Random, name: string, value: Json): Json {
  if (typeof value === 'number') return random.pick([value, value + 1, value - 1, value / 2, -value]);
  if (typeof value !== 'string') return value;
  if (name === 'cidr') return random.pick([...texts.filter((text) => /[.:]/.test(text)), value.split('/')[0] ?? '']);
  const star = value.replaceAll('*', () => random.pick(['', 'x', 'ab', 'a'])).replaceAll('\\', '');
  return random.pick([
    value,
    value.toUpperCase(),
    value.toLowerCase(),
    `${value}${random.pick(texts)}`,
    `${random.pick(texts)}${value}`,
    star,
  ]);
}

function randomValue(random: Random, depth: number): Json {
  const kind = random.below(depth > 0 ? 10 : 7);
  if (kind < 4) return random.pick(texts);
  if (kind < 5) return random.pick([0, 1, -1, 1.5, 5, 10, 100, 0.1, 1e10, -0.25, 123456789012, 3.018e2]);
  if (kind < 7) return random.pick([true, false, null]);
  if (kind < 8) return Array.from({ length: random.below(3) }, () => randomValue(random, depth - 1));
  return Object.fromEntries(Array.from({ length: random.below(3) }, () => [key(random), randomValue(random, depth - 1)]));
}

// Where event-ruler's answer hangs on the order of a Java hash set, or on a defect of its own, there is nothing to compare.
function isComparable(wanted: JsonObject): boolean {
  try {
    const branches = readBranches(wanted, 'current');
    return !findShadowed(branches).isUncertain && !hitsKnownDefect(branches);
  } catch (error) {
    if (error instanceof MappingError) return true;
    throw error;
  }
}

/** How many patterns were left out of the comparison. */
export interface LeftOut {
  patterns: number;
}

/** Lines with a random pattern and an event that was bent towards it; the same seed gives the same lines. */
export function* randomLines(count: number, seed: number, leftOut: LeftOut): Iterable<string> {
  const random = randomFrom(seed);
  for (let at = 0; at < count; ) {
    const wanted = pattern(random, 0);
    const event = random.chance(0.003) ? randomValue(random, 1) : fill(random, wanted);
    if (!isComparable(wanted)) {
      leftOut.patterns++;
      continue;
    }
    yield JSON.stringify({ pattern: wanted, event });
    at++;
  }
}
