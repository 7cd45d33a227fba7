// SPDX-License-Identifier: Apache-2.0
import { Duration, Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { metricNames, metricNamespace } from '../../src/runtime/deployment/metric-names.ts';
import { pascalCase } from '../../src/runtime/deployment/pascal-case.ts';
import type { EvidenceHome } from '../evidence-home.ts';
import type { EvidenceFunction } from './evidence-function.ts';
import type { EvidenceQueue } from './evidence-queue.ts';

export interface EvidenceAlarmsProps {
  readonly home: EvidenceHome;
  /** By a short name in PascalCase that stays: it becomes part of the alarm's id. */
  readonly functions: Readonly<Record<string, EvidenceFunction>>;
  /** Queues that a function takes from, with their dead letters. */
  readonly queues: Readonly<Record<string, EvidenceQueue>>;
  /** Queues that only keep what failed, beside those of the functions. */
  readonly failures: Readonly<Record<string, IQueue>>;
  /** Ids of the sources that are collected. */
  readonly sources: readonly string[];
  /** Functions that a timer wakes, and the hours of silence after which something is wrong. */
  readonly timed: Readonly<Record<string, number>>;
}

interface Watch {
  readonly metric: IMetric;
  readonly why: string;
  readonly threshold?: number;
  readonly comparison?: ComparisonOperator;
  readonly periods?: number;
  readonly silence?: TreatMissingData;
}

/** What somebody must look at: evidence that waits, fails, is late, is missed, or is no longer what it was. */
export class EvidenceAlarms extends Construct {
  readonly #action: SnsAction;

  constructor(scope: Construct, id: string, props: EvidenceAlarmsProps) {
    super(scope, id);
    this.#action = new SnsAction(props.home.topic);
    for (const [name, { queue, deadLetters }] of Object.entries(props.queues)) {
      this.#watchAge(name, queue);
      this.#watchDeadLetters(name, deadLetters);
    }
    for (const [name, queue] of Object.entries(props.failures)) this.#watchDeadLetters(name, queue);
    for (const [name, one] of Object.entries(props.functions)) this.#watchFunction(name, one);
    for (const [name, hours] of Object.entries(props.timed)) this.#watchTimer(name, props.functions[name], hours);
    for (const source of props.sources) this.#watchGaps(source);
    this.#watchSeals();
    this.#watchFindings('VaultProblems', metricNames.vaultProblems, 'A segment was deleted, hidden or covered by another version.');
    this.#watchFindings('MissedRuns', metricNames.missedRuns, 'Something was planned and not collected, or not planned at all.');
    this.#watchFindings('IndexDifferences', metricNames.indexDifferences, 'The index does not hold what the vault holds.');
  }

  #watchDeadLetters(name: string, queue: IQueue): void {
    const metric = queue.metricApproximateNumberOfMessagesVisible({ period: fiveMinutes, statistic: Stats.MAXIMUM });
    this.#watch(`${name}DeadLetters`, { metric, why: `${name}: a message failed to the end and waits for a person.` });
  }

  #watchAge(name: string, queue: IQueue): void {
    const metric = queue.metricApproximateAgeOfOldestMessage({ period: fiveMinutes, statistic: Stats.MAXIMUM });
    const threshold = oldestMessage.toSeconds();
    this.#watch(`${name}Age`, {
      metric,
      threshold,
      why: `${name}: the oldest message waits for more than ${oldestMessage.toHumanString()}.`,
    });
  }

  #watchFunction(name: string, { function: target, failures }: EvidenceFunction): void {
    if (failures !== undefined) this.#watchDeadLetters(name, failures);
    const errors = target.metricErrors({ period: fiveMinutes, statistic: Stats.SUM });
    this.#watch(`${name}Errors`, { metric: errors, why: `${name}: an invocation failed; its log says why.` });
    const throttles = target.metricThrottles({ period: fiveMinutes, statistic: Stats.SUM });
    this.#watch(`${name}Throttles`, {
      metric: throttles,
      periods: 3,
      why: `${name}: Lambda refuses to run it: raise the account's concurrency.`,
    });
  }

  #watchTimer(name: string, one: EvidenceFunction | undefined, hours: number): void {
    if (one === undefined) throw new Error(`${name} is timed and not among the functions`);
    const metric = one.function.metricInvocations({ period: Duration.hours(1), statistic: Stats.SUM });
    this.#watch(`${name}Silent`, { metric, ...silentFor(hours), why: `${name}: no timer has woken it for ${hours} hours.` });
  }

  #watchSeals(): void {
    const metric = this.#own(metricNames.sealed, Duration.hours(1));
    this.#watch('SealLate', { metric, ...silentFor(3), why: 'No seal has succeeded for three hours: new evidence has no checkpoint yet.' });
  }

  /** Over a day, so that a gap which every run meets rings once and not once a run. */
  #watchGaps(source: string): void {
    const metric = this.#own(metricNames.gaps, Duration.days(1), { source });
    this.#watch(`${pascalCase(source)}Gaps`, {
      metric,
      why: `${source}: AWS did not show all of it; aims gaps says what was not seen, and why.`,
    });
  }

  #watchFindings(id: string, name: string, why: string): void {
    this.#watch(id, { metric: this.#own(name, fiveMinutes), why });
  }

  #own(metricName: string, period: Duration, more: Readonly<Record<string, string>> = {}): Metric {
    const dimensionsMap = { service: Stack.of(this).stackName, ...more };
    return new Metric({ namespace: metricNamespace, metricName, dimensionsMap, period, statistic: Stats.SUM });
  }

  #watch(id: string, { metric, why, threshold = 0, comparison, periods = 1, silence }: Watch): void {
    new Alarm(this, id, {
      metric,
      threshold,
      comparisonOperator: comparison ?? ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: periods,
      treatMissingData: silence ?? TreatMissingData.NOT_BREACHING,
      alarmDescription: `${why} See docs/operations.md.`,
    }).addAlarmAction(this.#action);
  }
}

const fiveMinutes = Duration.minutes(5);
/** Longer than a collector's message stays hidden after one failure. */
const oldestMessage = Duration.hours(2);

// Every one of the hours must have passed without a sign. Rings after a first deploy too, until the timer has fired once.
function silentFor(hours: number): Pick<Watch, 'threshold' | 'comparison' | 'periods' | 'silence'> {
  return { threshold: 1, comparison: ComparisonOperator.LESS_THAN_THRESHOLD, periods: hours, silence: TreatMissingData.BREACHING };
}
