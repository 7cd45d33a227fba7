// SPDX-License-Identifier: Apache-2.0
import type { JsonObject } from '../../evidence/json.ts';
import type { Facts, Observation } from '../../evidence/observation.ts';

/** What the four kinds of state differ in. */
export interface StateParts {
  /** What the state is of; null where the answer does not name it. */
  readonly identity: string | null;
  /** Told apart by these: status, times, and facts that change while the answer does not. */
  readonly version: readonly string[];
  /** One line of a history is over when it is written: it has no newest state. */
  readonly lasts: boolean;
  readonly occurredAt: string | null;
  readonly title: string;
  readonly resources: Observation['resources'];
  readonly facts: Facts;
  /** Text in the place of the answer's, where data had to be taken out. */
  readonly detail?: JsonObject;
  readonly text?: string;
}
