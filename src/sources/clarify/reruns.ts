// SPDX-License-Identifier: Apache-2.0
import { at, stringAt } from '../../evidence/json.ts';
import { isoTime } from '../report/aws-time.ts';
import type { ClarifyJob } from './clarify-job.ts';
import { isUnfinished } from './interpret-job.ts';

// A later job makes up for a failed one for at most so long.
const rerunMilliseconds = 7 * 86_400_000;

/** An unfinished job of which it is known whether a later one made up for it. */
export interface DecidedJob {
  readonly job: ClarifyJob;
  readonly rerunCompleted: boolean;
}

/** Jobs that ended without an analysis, waiting for a later job of the same configuration that did; jobs come in order of creation. */
export class Reruns {
  readonly #completed = new Map<string, number[]>();
  #waiting: ClarifyJob[] = [];

  add(job: ClarifyJob): void {
    const status = stringAt(job.answer.value, 'ProcessingJobStatus');
    if (isUnfinished(status)) this.#waiting.push(job);
    else if (status === 'Completed') {
      for (const key of configKeys(job)) this.#completed.set(key, [...(this.#completed.get(key) ?? []), createdAt(job)]);
    }
  }

  /** Names of the jobs that still wait. */
  get waiting(): readonly string[] {
    return this.#waiting.map(({ answer }) => stringAt(answer.value, 'ProcessingJobName') ?? '');
  }

  /** Lets go of the jobs that are decided now that jobs up to a time of creation are known; of all of them where it is null, at the end. */
  decide(until: string | null): readonly DecidedJob[] {
    const known = until === null ? Number.POSITIVE_INFINITY : Date.parse(until);
    const isDecided = (job: ClarifyJob) => until === null || this.#isRerun(job) || createdAt(job) + rerunMilliseconds < known;
    const decided = this.#waiting.filter(isDecided).map((job) => ({ job, rerunCompleted: this.#isRerun(job) }));
    this.#waiting = this.#waiting.filter((job) => !isDecided(job));
    // Nothing that waits, or comes later, was created before these.
    for (const [key, times] of this.#completed) {
      const kept = times.filter((time) => time + rerunMilliseconds >= known);
      if (kept.length === 0) this.#completed.delete(key);
      else this.#completed.set(key, kept);
    }
    return decided;
  }

  #isRerun(job: ClarifyJob): boolean {
    const created = createdAt(job);
    return configKeys(job).some((key) => this.#completed.get(key)?.some((time) => time > created && time <= created + rerunMilliseconds));
  }
}

function createdAt({ answer }: ClarifyJob): number {
  return Date.parse(isoTime(at(answer.value, 'CreationTime')) ?? '');
}

// The same configuration by address, or the same bytes at another.
function configKeys({ configUri, config }: ClarifyJob): readonly string[] {
  return [...(configUri === null ? [] : [configUri]), ...(config === null ? [] : [config.object.sha256])];
}
