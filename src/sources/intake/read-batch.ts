// SPDX-License-Identifier: Apache-2.0
import { isUtf8 } from 'node:buffer';
import { hash } from 'node:crypto';
import type { Gap } from '../../evidence/gap.ts';
import type { Json, JsonObject } from '../../evidence/json.ts';
import { jsonFault } from '../../evidence/json-fault.ts';
import type { ItemContext, RawItem } from '../../evidence/observation.ts';
import { parseLenientJson } from '../report/lenient-json.ts';
import { recogniseReport } from '../report/recognise-report.ts';
import { type FileBatch, itemBytes, type Unrecognised } from './file-batch.ts';
import { recogniseItem } from './recognise-item.ts';

/** One item read out of a batch: evidence for a source's interpreter, a gap, or something that is not ours. */
export type ReadItem =
  | { readonly item: RawItem; readonly value: JsonObject }
  | { readonly gap: Gap }
  | { readonly unrecognised: Unrecognised };

/** Partition, account and region where the reader knows them; a file tells them in its items, or not at all. */
const nowhere = { partition: 'aws', account: '', region: '' };

/**
 * Parses and recognises the items of a batch, in order. Pure, and made to run in a worker thread.
 * Each item ends as evidence, as a `malformed` item gap with the hash of its bytes, or as not ours with the reason.
 */
export function* readBatch(batch: FileBatch, sweptAt: string): Generator<ReadItem> {
  const reader = new BatchReader(batch, sweptAt);
  for (let i = 0; i < batch.starts.length; i++) {
    // Lists and not inner generators: this is the hot path of a million records.
    const items = reader.read(i);
    for (const item of items) yield item;
  }
}

class BatchReader {
  readonly #batch: FileBatch;
  readonly #context: ItemContext;
  readonly #channel: RawItem['channel'];
  readonly #isUtf8: boolean;
  readonly #bytes: Buffer;

  constructor(batch: FileBatch, sweptAt: string) {
    this.#batch = batch;
    this.#bytes = Buffer.from(batch.bytes.buffer, batch.bytes.byteOffset, batch.bytes.byteLength);
    this.#context = { ...nowhere, ...batch.context, sweptAt };
    this.#channel = { kind: 'file', sha256: batch.sha256, path: batch.path };
    this.#isUtf8 = isUtf8(batch.bytes);
  }

  read(index: number): readonly ReadItem[] {
    const start = this.#batch.starts[index] ?? 0;
    const end = this.#batch.ends[index] ?? 0;
    const offset = this.#batch.base + start;
    if (!this.#isUtf8) {
      const bytes = itemBytes(this.#batch, index);
      if (!isUtf8(bytes)) return [{ gap: this.#malformed(bytes, offset, 'ITEM_NOT_UTF8', 'is not UTF-8 text') }];
    }
    const text = this.#bytes.toString('utf8', start, end);
    const value = parsed(text);
    return value === undefined ? this.#broken(text, offset) : this.#recognised(value, text, offset);
  }

  #recognised(value: Json, text: string, offset: number): ReadItem[] {
    return recogniseItem(value, text).map((one): ReadItem => {
      if ('recognised' in one) {
        const { source, shape, context } = one.recognised;
        const whole = context === null ? this.#context : { ...this.#context, ...context };
        return { item: { source, shape, text: one.recognised.text, channel: this.#channel, context: whole }, value: one.recognised.value };
      }
      if ('unrecognised' in one) return { unrecognised: { path: this.#batch.path, reason: one.unrecognised } };
      return { gap: this.#malformed(Buffer.from(one.broken.text), offset, 'ITEM_NOT_JSON', `is broken inside: ${one.broken.message}`) };
    });
  }

  // Text that does not parse may be a report with bare NaN, or several lines of which only one is cut short.
  #broken(text: string, offset: number): ReadItem[] {
    const lenient = parseLenientJson(text);
    if (lenient !== undefined && recogniseReport(lenient) !== null) return this.#recognised(lenient, text, offset);
    const lines = text.includes('\n') ? text.split('\n') : [];
    const isLines = lines.some((line) => line.startsWith('{') && parsed(line) !== undefined);
    const out: ReadItem[] = [];
    let at = offset;
    for (const line of isLines ? lines : [text]) {
      const value = isLines ? parsed(line) : undefined;
      // One by one: as arguments of one call, the items of a long line end the stack.
      if (value !== undefined) for (const read of this.#recognised(value, line, at)) out.push(read);
      else if (line.trim() !== '')
        out.push({ gap: this.#malformed(Buffer.from(line), at, 'ITEM_NOT_JSON', `is not JSON: ${jsonFault(line)}`) });
      at += Buffer.byteLength(line) + 1;
    }
    return out;
  }

  #malformed(bytes: Uint8Array, offset: number, code: string, what: string): Gap {
    const { path } = this.#batch;
    const detail = { offset, bytes: bytes.length, sha256: hash('sha256', bytes) };
    return { reason: 'malformed', extent: 'item', what: path, message: `The item at byte ${offset} of ${path} ${what}.`, code, detail };
  }
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    if (Error.isError(error)) return undefined;
    throw error;
  }
}
