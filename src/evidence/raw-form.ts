// SPDX-License-Identifier: Apache-2.0
import { canonicalBytes, isPlainText, type WatchedBytes } from './canonical-bytes.ts';
import { CanonicalJsonError, canonicalJson } from './canonical-json.ts';
import type { JsonObject } from './json.ts';
import { type Redaction, Redactor, redactText } from './redaction.ts';
import { scanJson } from './scan-json.ts';

/** An answer ready to be stored: the canonical text of `detail`, its form, and what was taken out of it. */
export interface StoredDetail {
  readonly form: 'json' | 'text';
  /** Canonical JSON in UTF-8: the answer itself, or, where that would lose something, its text as a JSON string. */
  readonly canonical: Buffer;
  readonly redactions: readonly Redaction[];
}

/**
 * Redacts an answer and writes it canonically in one walk. `detail` must be what `text` parses to; what is redacted is
 * replaced in `detail` too, so that rules see what is stored. Where text → value → canonical text loses something
 * (integers beyond 2^53, duplicate keys, NaN, lone surrogates, depth), the text itself is kept.
 */
export function storeDetail(detail: JsonObject, text: string): StoredDetail {
  const redactor = new Redactor();
  const isPlain = isPlainText(text);
  let written: WatchedBytes;
  try {
    written = canonicalBytes(detail, redactor, isPlain);
  } catch (error) {
    if (!(error instanceof CanonicalJsonError)) throw error;
    return storeText(text);
  }
  const { redactions } = redactor;
  const canonical = written.bytes;
  const textBytes = isPlain ? text.length : Buffer.byteLength(text);
  const isSure = !written.isRisky && redactions.length === 0 && canonical.length === textBytes && !holdsToken(text);
  if (isSure || scanJson(text) === null) return { form: 'json', canonical, redactions };
  return storeText(text);
}

// NaN and Infinity are no JSON, but a lenient parser may have read them.
function holdsToken(text: string): boolean {
  return text.includes('NaN') || text.includes('Infinity');
}

function storeText(text: string): StoredDetail {
  const redacted = redactText(text.isWellFormed() ? text : text.toWellFormed());
  return { form: 'text', canonical: Buffer.from(canonicalJson(redacted.text)), redactions: redacted.redactions };
}
