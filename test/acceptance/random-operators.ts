// SPDX-License-Identifier: Apache-2.0
import type { Json } from '../../src/evidence/json.ts';
import type { Random } from './random.ts';

/** Few and overlapping, so that operators meet: letters in both cases, wildcards, quotes, letters of several bytes, addresses. */
export const texts: readonly string[] = [
  ...[
    '',
    'a',
    'A',
    'ab',
    'aB',
    'abc',
    'ABC',
    'abab',
    'x',
    'xyz',
    'b',
    'ba',
    'cab',
    'aab',
    '"',
    'a"b',
    'true',
    '1',
    '10',
    'null',
    'N',
    '?',
    '??',
  ],
  ...['ß', 'SS', 'é', 'É', 'ⱥ', 'Ⱥ', 'ı', 'İ', 'ΰ', '大', '😀', 'a😀', 'ǅ', 'K', 'σ', 'ς', '*', 'a*', '\\', 'a.b', '\u0000', '\n'],
  ...['10.0.0.1', '10.1.2.3', '10.255.255.255', '0.0.0.0', '255.255.255.255', '192.168.0.31', '010.0.0.01', '1.2.3.400', '1.2.3'],
  ...[
    '::',
    '::1',
    '2001:db8::1',
    '2001:DB8:0:0::ffff',
    'fe80::',
    '::ffff:a01:203',
    'a01:203::',
    'a:b',
    ':',
    '1::2::3',
    '00001::',
    'fffff::',
  ],
];

const wildcards = ['*', 'a*', '*a', '*a*', 'a*b', 'a*b*', '*b*c', 'ab*ab', '\\*', 'a\\*', '\\\\', '*\\*', '\\**', '', 'é*', '*大', 'x'];
const badWildcards = ['**', 'a**', 'a\\', '\\a'];
const blocks = [
  ...['10.0.0.0/8', '10.0.0.0/24', '0.0.0.0/0', '255.255.255.255/31', '192.168.0.16/28', '16.0.0.0/4', '10.0.0.0/+8', '10.0.0.0/8/'],
  ...['2001:db8::/32', '::/0', '::1/127', 'fe80::/10', '::ffff:a00:0/8', 'a01:203::/20'],
];
const badBlocks = [
  '10.0.0.1/32',
  '10.0.0.0/33',
  '10.0.0.0',
  '10.0.0.0/',
  '::1/128',
  '::ffff:10.0.0.0/8',
  '10.0.0.0/-1',
  'x/8',
  '/8',
  '1.2.3.400/8',
];
const numbers = [0, 1, -1, 1.5, 5, 10, 100, 0.1, 1e10, -0.25, 123456789012, 3.018e2, 5e-324, 2.5e300];

function text(random: Random): string {
  return random.pick(texts);
}

function list<Item>(random: Random, make: () => Item): Item[] {
  return Array.from({ length: random.chance(0.005) ? 0 : 1 + random.below(3) }, make);
}

function oneOrList(random: Random, make: () => Json): Json {
  return random.chance(0.5) ? make() : list(random, make);
}

function numeric(random: Random): Json {
  const number = () => random.pick(numbers);
  const sign = random.pick(['=', '<', '<=', '>', '>=']);
  if (random.chance(0.03))
    return random.pick<Json>([
      [],
      ['<'],
      ['<', 'x'],
      [1],
      5,
      ['!=', 1],
      ['<', 1, '>', 0],
      ['>', 1, '<'],
      ['=', 1, '<', 2],
      ['>', 0, '<', 1, 2],
    ]);
  if (!sign.startsWith('>') || random.chance(0.4)) return [sign, number()];
  const low = number();
  const above = numbers.filter((each) => each > low);
  const high = above.length > 0 && random.chance(0.97) ? random.pick(above) : number();
  return [sign, low, random.pick(['<', '<=']), high];
}

function anythingBut(random: Random): Json {
  const kind = random.below(8);
  if (kind < 2) return oneOrList(random, () => text(random));
  if (kind < 3) return oneOrList(random, () => random.pick(numbers));
  if (kind < 4) return { 'equals-ignore-case': oneOrList(random, () => text(random)) };
  if (kind < 5) return { prefix: oneOrList(random, () => text(random) || 'a') };
  if (kind < 6) return { suffix: oneOrList(random, () => text(random) || 'a') };
  if (kind < 7) return { wildcard: oneOrList(random, () => random.pick(random.chance(0.99) ? wildcards : badWildcards)) };
  return random.chance(0.8)
    ? text(random)
    : random.pick<Json>([null, true, ['a', 1], {}, { exists: true }, [null], { prefix: 1 }, { prefix: 'a', suffix: 'b' }, [[]]]);
}

function caseless(random: Random): Json {
  return random.chance(0.97)
    ? { 'equals-ignore-case': text(random) }
    : random.pick<Json>([{}, { prefix: 'a' }, { 'equals-ignore-case': 1 }]);
}

const operators: readonly ((random: Random) => Json)[] = [
  (random) => ({ prefix: random.chance(0.6) ? text(random) : caseless(random) }),
  (random) => ({ suffix: random.chance(0.6) ? text(random) : caseless(random) }),
  (random) => ({ 'equals-ignore-case': text(random) }),
  (random) => ({ wildcard: random.pick(random.chance(0.97) ? wildcards : badWildcards) }),
  (random) => ({ 'anything-but': anythingBut(random) }),
  (random) => ({ 'anything-but': anythingBut(random) }),
  (random) => ({ numeric: numeric(random) }),
  (random) => ({ cidr: random.pick(random.chance(0.97) ? blocks : badBlocks) }),
  () => ({ exists: true }),
  () => ({ exists: false }),
  (random) => ({ exactly: text(random) }),
];

const malformed: readonly Json[] = [
  ...[
    {},
    { prefx: 'a' },
    { prefix: 1 },
    { prefix: 'a', suffix: 'b' },
    { exists: 'true' },
    { wildcard: null },
    { cidr: 5 },
    ['a'],
    { exactly: 1 },
  ],
];

/** One alternative of a leaf. */
export function randomLeaf(random: Random): Json {
  if (random.chance(0.003)) return random.pick(malformed);
  const kind = random.below(10);
  if (kind < 2) return text(random);
  if (kind < 3) return random.pick<Json>([true, false, null, ...numbers]);
  return random.pick(operators)(random);
}
