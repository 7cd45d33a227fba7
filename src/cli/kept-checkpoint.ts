// SPDX-License-Identifier: Apache-2.0

/** A checkpoint as it is kept elsewhere: the signed note, and the verifier keys that were kept with it. */
export interface KeptCheckpoint {
  readonly note: string;
  readonly verifierKeys: readonly string[];
}

const keyLine = /^verifier key: +(\S+) *$/gm;

/** The text of a file to keep: the note, an empty line, and a line for each key. */
export function keptText({ note, verifierKeys }: KeptCheckpoint): string {
  return `${note}\n${verifierKeys.map((key) => `verifier key: ${key}\n`).join('')}`;
}

/**
 * What a kept text holds: of its notes the last, and every key. Words around them are passed over, so that the nightly mail may be kept
 * as it came. A text without a note is given back whole: whoever opens it says what is wrong with it.
 */
export function readKeptText(text: string): KeptCheckpoint {
  const plain = text.replaceAll('\r\n', '\n');
  const verifierKeys = [...new Set([...plain.matchAll(keyLine)].map(([, key = '']) => key))];
  // A key line is no part of a note, wherever it stands.
  const paragraphs = plain
    .replaceAll(keyLine, '')
    .split(/\n{2,}/)
    .map((paragraph) => paragraph.split('\n').filter((line) => line !== ''));
  const at = paragraphs.findLastIndex(([first = '']) => first.startsWith('— '));
  const [body, signed] = [paragraphs[at - 1], paragraphs[at]];
  if (body === undefined || signed === undefined) return { note: text, verifierKeys };
  const signatures = signed.filter((line) => line.startsWith('— '));
  return { note: `${body.join('\n')}\n\n${signatures.join('\n')}\n`, verifierKeys };
}
