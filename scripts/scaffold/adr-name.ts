// SPDX-License-Identifier: Apache-2.0
import { ScaffoldError } from './scaffold-error.ts';

/** The number after the highest among file names such as `0003-compiled-pack.md`: four digits. */
export function nextAdrNumber(names: readonly string[]): string {
  const numbers = names.map((name) => Number(/^(\d{4})-/.exec(name)?.[1] ?? 0));
  return String(Math.max(0, ...numbers) + 1).padStart(4, '0');
}

/** File name of a decision record: number and title, in letters and digits that every file system takes. */
export function adrName(number: string, title: string): string {
  const slug = title
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  if (slug === '') throw new ScaffoldError('SCAFFOLD_USAGE', 'usage: npm run new:adr -- "<title>", with letters or digits in the title');
  return `${number}-${slug}.md`;
}
