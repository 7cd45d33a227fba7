// SPDX-License-Identifier: Apache-2.0

/** The document with the text between `<!-- gen:name -->` and `<!-- /gen:name -->` replaced. Throws where the markers are not there once, in order. */
export function replaceRegion(document: string, name: string, content: string): string {
  const [open, close] = [`<!-- gen:${name} -->`, `<!-- /gen:${name} -->`];
  const [start, end] = [document.indexOf(open), document.indexOf(close)];
  if (start === -1 || end < start || document.indexOf(open, start + 1) !== -1) {
    throw new Error(`the document lacks the markers ${open} and ${close}, once and in this order`);
  }
  return `${document.slice(0, start + open.length)}\n${content.trimEnd()}\n${document.slice(end)}`;
}
