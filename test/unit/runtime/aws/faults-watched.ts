// SPDX-License-Identifier: Apache-2.0
import type { MetricName } from '../../../../src/runtime/deployment/metric-names.ts';
import { createdNotice, FunctionHome, type FunctionHomeOptions } from '../../../support/function-home.ts';
import { listAll } from '../../../support/index-views.ts';

/** What tells a person of a fault: a metric of ours, a function whose invocation failed, a queue in which a message ended. */
export type Sign =
  | { readonly metric: MetricName }
  | { readonly failed: 'plan' | 'collect' | 'seal' }
  | { readonly deadLetters: 'runs' | 'notices' };

/** Metrics that an alarm watches at their first count. */
const watchedMetrics: readonly MetricName[] = ['gaps', 'vaultProblems', 'missedRuns', 'indexDifferences'];
/** After how many failures SQS moves a message to the dead letters. */
const receives = 5;

/** The functions of a home that reads Macie, and all that could ring while they run. */
export class WatchedHome {
  readonly functions: FunctionHome;
  /** The present, as the functions have it. */
  now = new Date('2026-11-21T02:00:30.000Z');
  readonly #failed = new Set<'plan' | 'collect' | 'seal'>();
  #deadNotices = 0;

  constructor(options: FunctionHomeOptions) {
    // A second passes at each look, so that what comes later is later.
    const now = () => {
      this.now = new Date(this.now.getTime() + 1_000);
      return this.now;
    };
    this.functions = new FunctionHome({ now, ...options, configuration: { sources: ['macie'], ...options.configuration } });
  }

  /** A schedule fires; what it planned is collected and taken into the index. */
  async round(scheduledAt: string): Promise<void> {
    await this.plan(scheduledAt);
    await this.collect();
    await this.project();
  }

  async plan(scheduledAt: string): Promise<void> {
    await this.#invoke('plan', () => this.functions.plan('macie', scheduledAt));
  }

  /** Until the queue is empty: what fails five times lies among its dead letters. */
  async collect(): Promise<void> {
    for (let rounds = 0; this.functions.queue.waiting.length > 0 && rounds < 20; rounds++) {
      await this.#invoke('collect', () => this.functions.collect('macie'));
    }
  }

  /** Notices of what is new in the vault; what fails five times lies among the dead letters. */
  async project(): Promise<void> {
    let failed = (await this.functions.project()).batchItemFailures;
    for (let received = 1; failed.length > 0 && received < receives; received++) {
      const again = failed.map(({ itemIdentifier }) => createdNotice(itemIdentifier.slice('notice '.length)));
      failed = (await this.functions.notice(again)).batchItemFailures;
    }
    this.#deadNotices += failed.length;
  }

  async seal(extent: 'open-days' | 'everything'): Promise<void> {
    await this.#invoke('seal', () => this.functions.seal(extent));
  }

  /** Why something was not seen, of what no later run has seen. */
  async openGaps(): Promise<readonly string[]> {
    return (await this.functions.index.openGaps()).map(({ reason }) => String(reason));
  }

  /** Titles of the findings in the index, in order; one that was doubled stands twice. */
  async findings(): Promise<readonly string[]> {
    const entries = await listAll(this.functions.index, { kind: 'finding' }, 100);
    return entries.map(({ title }) => String(title)).sort();
  }

  /** Counts of the index; a record that was counted twice shows. */
  async counted(): Promise<number> {
    const totals = await this.functions.index.totals();
    return totals.filter(({ kind }) => kind === 'finding').reduce((sum, { records }) => sum + records, 0);
  }

  /** All that moved so far. */
  signs(): readonly Sign[] {
    const { telemetry, queue } = this.functions;
    return [
      ...watchedMetrics.filter((name) => telemetry.sum(name) > 0).map((metric) => ({ metric })),
      ...[...this.#failed].map((failed) => ({ failed })),
      ...(queue.deadLetters.length > 0 ? [{ deadLetters: 'runs' as const }] : []),
      ...(this.#deadNotices > 0 ? [{ deadLetters: 'notices' as const }] : []),
    ];
  }

  async #invoke(name: 'plan' | 'collect' | 'seal', invoke: () => Promise<unknown>): Promise<void> {
    try {
      await invoke();
    } catch {
      // Lambda counts it among the function's errors; the queue or the timer calls again.
      this.#failed.add(name);
    }
  }
}
