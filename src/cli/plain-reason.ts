// SPDX-License-Identifier: Apache-2.0

/** A reason as it stands for people behind what it is about: without our error code, and without naming the same thing again. */
export function plainReason(reason: string, about = ''): string {
  const words = reason.replace(/^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+: /, '');
  const again = `segment ${about}: `;
  return about !== '' && words.startsWith(again) ? words.slice(again.length) : words;
}
