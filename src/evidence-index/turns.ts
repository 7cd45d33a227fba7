// SPDX-License-Identifier: Apache-2.0

/** Lets so many calls be under way and has the others wait, first come, first served. */
export class Turns {
  private free: number;
  private readonly queue: (() => void)[] = [];

  constructor(atOnce: number) {
    this.free = atOnce;
  }

  /** Makes a call when its turn comes. */
  async take<Answer>(call: () => Promise<Answer>): Promise<Answer> {
    if (this.free > 0) this.free--;
    else await new Promise<void>((start) => this.queue.push(start));
    try {
      return await call();
    } finally {
      // The place goes to the next in the queue, or is free.
      const next = this.queue.shift();
      if (next === undefined) this.free++;
      else next();
    }
  }
}
