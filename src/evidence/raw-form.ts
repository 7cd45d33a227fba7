// SPDX-License-Identifier: Apache-2.0
import { CanonicalJsonError, canonicalJson, canonicalJsonFiltered } from './canonical-json.ts';
import type { JsonObject } from './json.ts';
import { type Redaction, Redactor, redactText } from './redaction.ts';
import { scanJson } from './scan-json.ts';

/** An answer ready to be stored: the canonical text of `detail`, its form, and what was taken out of it. */
export interface StoredDetail {
  readonly form: 'json' | 'text';
  /** Canonical JSON: the answer itself, or, where that would lose something, its text as a JSON string. */
  readonly canonical: string;
  readonly redactions: readonly Redaction[];
}

// Exponents, long runs of digits, negative zero and surrogate escapes may not survive a double or UTF-8; a NaN token is no JSON at all.
const risky = /\\u[dD][89a-fA-F]|[:,[\s]-?\d[\d.]*[eE]|\d{16}|[:,[\s]-0[^.\d]|[:,[\s](?:NaN|-?Infinity)/;

/**
 * Redacts an answer and writes it canonically in one walk. `detail` must be what `text` parses to; what is redacted is
 * replaced in `detail` too, so that rules see what is stored. Where text → value → canonical text loses something
 * (integers beyond 2^53, duplicate keys, NaN, lone surrogates, depth), the text itself is kept.
 */
export function storeDetail(detail: JsonObject, text: string): StoredDetail {
  const redactor = new Redactor();
  let canonical: string;
  try {
    canonical = canonicalJsonFiltered(detail, redactor);
  } catch (error) {
    if (!(error instanceof CanonicalJsonError)) throw error;
    return storeText(text);
  }
  const { redactions } = redactor;
  // Equal length of compact text and canonical text leaves no room for a dropped duplicate: only order can differ.
  const plain = redactions.length === 0 && canonical.length === text.length && !risky.test(text);
  if (plain || scanJson(text) === null) return { form: 'json', canonical, redactions };
  return storeText(text);
}

function storeText(text: string): StoredDetail {
  const redacted = redactText(text.isWellFormed() ? text : text.toWellFormed());
  return { form: 'text', canonical: canonicalJson(redacted.text), redactions: redacted.redactions };
}
