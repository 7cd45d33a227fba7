// SPDX-License-Identifier: Apache-2.0
import { sdkError } from '../../support/dynamodb-faults.ts';
import { type FailureMoment, PlannedFailure } from '../../support/failing.ts';

/** The commands that change something at AWS, or let a signature out. */
const effects: ReadonlySet<string> = new Set(['PutObject', 'PutItem', 'TransactWriteItems', 'BatchWriteItem', 'Sign']);

/** One fault, at the n-th effect of a home: the process is killed there, or the call fails as AWS or the network lets it fail. */
export class Fault {
  effects = 0;
  /** What was being done. */
  what = 'nothing';
  readonly #at: number;
  readonly #moment: FailureMoment;
  readonly #error: string | null;
  #isDead = false;

  /** `error` is the name of an error of the SDK; null kills the process. */
  constructor(at: number, moment: FailureMoment, error: string | null) {
    this.#at = at;
    this.#moment = moment;
    this.#error = error;
  }

  /** True from the moment at which the process was killed until another one is started. */
  get isDead(): boolean {
    return this.#isDead;
  }

  /** Another process is started. */
  revive(): void {
    this.#isDead = false;
  }

  /** Makes a call of a client, or what is left of it. To be put around the SDK's own retries. */
  async around<Answer>(commandName: string | undefined, send: () => Promise<Answer>): Promise<Answer> {
    if (this.#isDead) throw new PlannedFailure('the process is dead');
    const command = (commandName ?? '').replace(/Command$/, '');
    const isChosen = effects.has(command) && ++this.effects === this.#at;
    if (isChosen) this.what = command;
    if (isChosen && this.#moment === 'before') throw this.#failure(command);
    const answer = await send();
    if (isChosen && this.#moment === 'after') throw this.#failure(command);
    return answer;
  }

  #failure(command: string): Error {
    if (this.#error !== null) return sdkError(this.#error, `${this.#error} at ${command}`);
    this.#isDead = true;
    return new PlannedFailure(`the process was killed at ${command}`);
  }
}
