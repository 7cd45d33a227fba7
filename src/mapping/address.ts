// SPDX-License-Identifier: Apache-2.0

/** Addresses between two bounds, all as upper-case hex digits: 8 for IPv4, 32 for IPv6. */
export interface AddressRange {
  readonly bottom: string;
  readonly top: string;
}

const v4Form = /^[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+$/;
const v6Form = /^[0-9a-fA-F:]*:[0-9a-fA-F:]*$/;
// The longest IPv4 text that the JDK (whose parser event-ruler uses) reads.
const longestV4 = 15;

const hexDigits = '0123456789ABCDEF';

function hex(value: number, width: number): string {
  return value.toString(16).toUpperCase().padStart(width, '0');
}

function v4ToHex(text: string): string | undefined {
  if (text.length > longestV4) return undefined;
  const octets = text.split('.').map(Number);
  return octets.every((octet) => octet <= 0xff) ? octets.map((octet) => hex(octet, 2)).join('') : undefined;
}

/** Groups of one side of a `::`; `undefined` where one is empty or above ffff. Leading zeros are allowed without limit, as in the JDK. */
function groupsOf(side: string): readonly string[] | undefined {
  if (side === '') return [];
  const groups = side.split(':');
  const values = groups.map((group) => (group === '' ? Number.NaN : Number.parseInt(group, 16)));
  return values.every((value) => value <= 0xffff) ? values.map((value) => hex(value, 4)) : undefined;
}

function v6ToHex(text: string): string | undefined {
  const sides = text.split('::');
  if (sides.length > 2) return undefined;
  const left = groupsOf(sides[0] ?? '');
  const right = groupsOf(sides[1] ?? '');
  if (left === undefined || right === undefined) return undefined;
  const missing = 8 - left.length - right.length;
  // `::` stands for at least one group.
  if (sides.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const digits = [...left, ...Array<string>(missing).fill('0000'), ...right].join('');
  // An IPv4 address mapped into IPv6 is that IPv4 address (RFC 4291, 2.5.5.2).
  return digits.startsWith('00000000000000000000FFFF') ? digits.slice(24) : digits;
}

/** An IP address as hex digits, `undefined` where the text is none. */
export function addressToHex(text: string): string | undefined {
  if (v4Form.test(text)) return v4ToHex(text);
  return v6Form.test(text) ? v6ToHex(text) : undefined;
}

/** The range of one address. */
export function rangeOfAddress(digits: string): AddressRange {
  return { bottom: digits, top: digits };
}

/** The range of a CIDR block such as 10.0.0.0/8, or the reason why it is none. */
export function rangeOfCidr(text: string): AddressRange | { readonly reason: string } {
  const parts = text.split('/');
  while (parts.at(-1) === '') parts.pop();
  const [address = '', mask = ''] = parts;
  if (parts.length !== 2) return { reason: 'a CIDR block is an address, one "/" and the number of mask bits' };
  if (!/^\+?[0-9]+$/.test(mask)) return { reason: `mask bits must be a whole number, not ${JSON.stringify(mask)}` };
  const digits = addressToHex(address);
  if (digits === undefined) return { reason: `not an IP address: ${JSON.stringify(address)}` };
  const bits = Number(mask);
  const width = digits.length * 4;
  // event-ruler takes /0 to /31 and /0 to /127: a single address is written without a mask.
  if (bits >= width) return { reason: `mask bits of this address must be below ${width}` };
  const variable = (1n << BigInt(width - bits)) - 1n;
  const value = BigInt(`0x${digits}`);
  const toDigits = (bound: bigint) => bound.toString(16).toUpperCase().padStart(digits.length, '0');
  return { bottom: toDigits(value & ~variable), top: toDigits(value | variable) };
}

/**
 * True where the address lies between the bounds. event-ruler compares digit by digit and decides at the first that differs, so an
 * IPv6 address can lie in an IPv4 range whose digits it starts with; an address that ends before it is decided does not.
 */
export function isInRange(digits: string, range: AddressRange): boolean {
  return decides(digits, range.bottom, 1) && decides(digits, range.top, -1);
}

function decides(digits: string, bound: string, direction: 1 | -1): boolean {
  const shared = Math.min(digits.length, bound.length);
  for (let at = 0; at < shared; at++) {
    const digit = digits.charAt(at);
    const limit = bound.charAt(at);
    // The text of a number may hold a sign or a point, which no digit of a range is.
    if (digit !== limit) return hexDigits.includes(digit) && (direction === 1 ? digit > limit : digit < limit);
  }
  return digits.length >= bound.length;
}
