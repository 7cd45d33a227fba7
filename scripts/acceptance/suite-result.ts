// SPDX-License-Identifier: Apache-2.0

/** What one suite found. A suite that could not run has failed, and says why. */
export interface SuiteResult {
  readonly suite: string;
  readonly passed: number;
  readonly failed: number;
  /** What failed and why, one line each. */
  readonly failures: readonly string[];
}

/** One suite that could not run at all. */
export function couldNotRun(suite: string, why: string): SuiteResult {
  return { suite, passed: 0, failed: 1, failures: [why] };
}

/** Collects checks under one name. */
export class Checks {
  readonly #suite: string;
  readonly #failures: string[] = [];
  #passed = 0;

  constructor(suite: string) {
    this.#suite = suite;
  }

  /** Counts a check; `why` is shown when it does not hold. */
  check(holds: boolean, why: string): void {
    if (holds) this.#passed++;
    else this.#failures.push(why);
  }

  get result(): SuiteResult {
    return { suite: this.#suite, passed: this.#passed, failed: this.#failures.length, failures: this.#failures };
  }
}
