// SPDX-License-Identifier: Apache-2.0
import { parseVaultKey } from '../vault/vault-key.ts';
import { LedgerError } from './ledger-store.ts';

/** Numbers are spread over folders by three digits, so that none grows beyond a thousand names. */
export const numberDigits = 12;
const largestNumber = 10 ** numberDigits - 1;

/** Throws LEDGER_DAMAGED for what is not the path of a tile, a bundle, a proposal or a day mark. */
export function checkTilePath(path: string): void {
  // `.p/` is the one place where C2SP paths have a dot; parseVaultKey refuses everything that could leave the directory.
  const plain = path.replace(/\.p\/(\d{1,3})$/, '/$1');
  if (!/^(tile|proposal|day)\//.test(path)) throw new LedgerError('LEDGER_DAMAGED', `not the path of a tile: ${JSON.stringify(path)}`);
  parseVaultKey(plain);
}

/** A number as path elements of three digits, so that paths are in order of number. */
export function numberPath(number: number): string {
  if (!Number.isInteger(number) || number < 0 || number > largestNumber) throw new RangeError(`no number of a ledger: ${number}`);
  return String(number)
    .padStart(numberDigits, '0')
    .replace(/\d{3}(?=\d)/g, '$&/');
}

/** The number in a path that `numberPath` made, with or without a hash behind it. */
export function numberOfPath(path: string): number {
  return Number(path.replace(/-[0-9a-f]{16}$/, '').replace(/\D/g, ''));
}
