// SPDX-License-Identifier: Apache-2.0

/** Asks a generator for some values before anybody takes them; never for more than `steps`. */
export class ReadAhead<Value> {
  readonly #source: AsyncGenerator<Value>;
  readonly #asked: Promise<IteratorResult<Value>>[] = [];

  constructor(source: AsyncGenerator<Value>, steps: number) {
    this.#source = source;
    for (let i = 0; i < steps; i++) this.#ask();
  }

  /** The values in their order; throws what the generator threw, in its turn. */
  async *values(): AsyncGenerator<Value> {
    for (;;) {
      const next = await this.#asked.shift();
      if (next === undefined || next.done === true) return;
      this.#ask();
      yield next.value;
    }
  }

  /** Ends the generator once it has answered what it was asked. */
  async close(): Promise<void> {
    await this.#source.return(undefined);
  }

  // An async generator answers what it is asked one after the other.
  #ask(): void {
    const asked = this.#source.next();
    // A failure is thrown to whoever takes it; until then it must not pass for one that nobody handles.
    asked.catch(() => undefined);
    this.#asked.push(asked);
  }
}
