// SPDX-License-Identifier: Apache-2.0
import { isJsonObject, type Json, type JsonObject } from '../evidence/json.ts';
import type { Channel, Observation } from '../evidence/observation.ts';

/** An observation that waits for the end of its run: for other items of its account, or for what came before it. */
export interface HeldObservation {
  readonly observation: Observation;
  readonly channel: Channel;
}

/** Append-only scratch file; lines come back in order. What it holds is lost with the run, which then is collected again. */
export interface Spill {
  append(lines: readonly string[]): Promise<void>;
  lines(): AsyncIterable<string>;
  close(): Promise<void>;
}

// Enough for every account-wide call of a busy week; a folder made of nothing else goes to the scratch file.
const maxHeldBytes = 16 * 1024 * 1024;

/** Keeps held observations in memory while they are few and in a scratch file when they are many, so that memory stays flat. */
export class HeldItems {
  readonly #openSpill: () => Promise<Spill>;
  #spill: Spill | null = null;
  #held: HeldObservation[] = [];
  #bytes = 0;

  constructor(openSpill: () => Promise<Spill>) {
    this.#openSpill = openSpill;
  }

  async add(held: HeldObservation): Promise<void> {
    this.#held.push(held);
    this.#bytes += held.observation.text.length * 2;
    if (this.#bytes < maxHeldBytes) return;
    this.#spill ??= await this.#openSpill();
    await this.#spill.append(this.#held.map(lineOf));
    this.#held = [];
    this.#bytes = 0;
  }

  /** Everything held, in the order it came; then nothing is held any more. */
  async *drain(): AsyncIterable<HeldObservation> {
    const held = this.#held;
    this.#held = [];
    this.#bytes = 0;
    if (this.#spill !== null) {
      for await (const line of this.#spill.lines()) yield heldIn(line);
      await this.#spill.close();
      this.#spill = null;
    }
    yield* held;
  }
}

/** A held observation as it is written down: without its detail where that is nested deeper than can be written; its text parses to the same. */
type HeldLine = Omit<HeldObservation, 'observation'> & {
  readonly observation: Omit<Observation, 'detail'> & { readonly detail: JsonObject | null };
};

function lineOf(held: HeldObservation): string {
  try {
    return JSON.stringify(held);
  } catch (error) {
    // The call stack ends before the nesting does.
    if (!(Error.isError(error) && error.name === 'RangeError')) throw error;
    const line: HeldLine = { ...held, observation: { ...held.observation, detail: null } };
    return JSON.stringify(line);
  }
}

function heldIn(line: string): HeldObservation {
  const { observation, channel }: HeldLine = JSON.parse(line);
  return { observation: { ...observation, detail: observation.detail ?? detailIn(observation.text) }, channel };
}

function detailIn(text: string): JsonObject {
  const value: Json = JSON.parse(text);
  return isJsonObject(value) ? value : {};
}
