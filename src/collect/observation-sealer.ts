// SPDX-License-Identifier: Apache-2.0
import type { Channel, Observation } from '../evidence/observation.ts';
import type { SealContext } from '../evidence/seal-record.ts';
import type { History } from '../sources/source.ts';
import type { ItemPipeline, SealedObservation } from './item-pipeline.ts';

/** What a run completes and seals its observations with. `accountsWithAi` grows as items are read. */
export interface SealingTools {
  readonly pipeline: ItemPipeline;
  readonly history: History;
  readonly accountsWithAi: Set<string>;
  readonly seal: SealContext;
  /** ISO 8601 UTC: ages and silences are measured from it. */
  readonly sweptAt: string;
}

/** When derivations complete an observation: as it is read, or at the end of its run. */
type Moment = 'in-order' | 'run-end';

/** Completes the observations of one run and seals them, and learns from each what decides others. */
export class ObservationSealer {
  readonly #tools: SealingTools;

  constructor(tools: SealingTools) {
    this.#tools = tools;
  }

  /** When derivations must complete it; null where none do. */
  momentOf(observation: Observation): Moment | null {
    const derivations = this.#tools.pipeline.derivationsFor(observation);
    if (derivations.length === 0) return null;
    return derivations.some(({ when }) => when === 'run-end') ? 'run-end' : 'in-order';
  }

  /** The observation with what the derivations of this moment add. */
  async derive(observation: Observation, moment: Moment): Promise<Observation> {
    const { pipeline, history, sweptAt } = this.#tools;
    let derived = observation;
    for (const derivation of pipeline.derivationsFor(observation)) {
      if (derivation.when === moment) derived = await derivation.derive(derived, { history, sweptAt });
    }
    return derived;
  }

  /** Null where only the account's other items can tell what it claims; never where it is `final`. */
  seal(observation: Observation, channel: Channel, final: boolean): SealedObservation | null {
    const { pipeline, seal, accountsWithAi } = this.#tools;
    const sealed = pipeline.seal(observation, channel, seal, { accountsWithAi, final });
    if (sealed?.aboutAi) accountsWithAi.add(sealed.account);
    return sealed;
  }

  /** Takes at once what an observation that is not sealed yet shows of its account: others may depend on it. */
  learn(observation: Observation): void {
    const { pipeline, accountsWithAi } = this.#tools;
    if (pipeline.isAboutAi(observation)) accountsWithAi.add(observation.account);
  }
}
