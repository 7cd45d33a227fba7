// SPDX-License-Identifier: Apache-2.0
import type { JsonObject } from '../evidence/json.ts';
import type { FieldPath, Fields } from './field-path.ts';
import { readFields } from './field-path.ts';

/** Reads each path of an event once, however many conditions ask. One event at a time. */
export class FieldCache {
  readonly #numbers = new Map<string, Slot>();
  /** By path object: paths of one name and the same steps share a slot. */
  readonly #slots = new Map<FieldPath, Slot>();
  #event: JsonObject = {};
  #events = 0;

  /** Forgets the event before. */
  begin(event: JsonObject): void {
    this.#event = event;
    this.#events++;
  }

  /** What stands at a path of the event. */
  readonly read = (path: FieldPath): Fields => {
    const slot = this.#slots.get(path) ?? this.#slotOf(path);
    if (slot.event !== this.#events) {
      slot.event = this.#events;
      slot.fields = readFields(this.#event, path);
    }
    return slot.fields;
  };

  #slotOf(path: FieldPath): Slot {
    const key = JSON.stringify(path.steps);
    const slot = this.#numbers.get(key) ?? { event: 0, fields: undefined };
    this.#numbers.set(key, slot);
    this.#slots.set(path, slot);
    return slot;
  }
}

interface Slot {
  event: number;
  fields: Fields;
}
