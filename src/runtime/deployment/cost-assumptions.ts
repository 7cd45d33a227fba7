// SPDX-License-Identifier: Apache-2.0
import { UsageError } from '../home-error.ts';

/** A number that no configuration tells: what it means, and where its default comes from. */
export interface Assumption {
  readonly value: number;
  readonly unit: string;
  readonly why: string;
}

const newRecords = 'new records per account, Region and day';

/** Everything that the estimate takes for granted. Each can be set with `--assume name=value`; all are printed beside the estimate. */
export const defaultAssumptions = {
  cloudtrailRecords: {
    value: 2_000,
    unit: newRecords,
    why: 'a quiet account; one that builds and deploys all day makes ten times as many',
  },
  securityhubRecords: { value: 40, unit: newRecords, why: 'new and changed findings; a first run stores all that are active' },
  macieRecords: { value: 10, unit: newRecords, why: 'findings, and what changed in jobs and settings' },
  monitorRecords: { value: 30, unit: newRecords, why: 'a model monitored hourly gives 24 runs a day' },
  clarifyRecords: { value: 5, unit: newRecords, why: 'a report has tens of entries, and comes with a release' },
  otherRecords: { value: 20, unit: newRecords, why: 'of each source that is not named above' },
  logFiles: {
    value: 200,
    unit: 'log files per account, Region and day',
    why: 'with trailBuckets only; CloudTrail writes one about every five minutes in which something happened',
  },
  runsPerBatch: { value: 5, unit: 'runs per invocation', why: 'a queue hands out ten at most; runs of one invocation share a segment' },
  bytesPerRecord: { value: 300, unit: 'bytes stored per record', why: 'compressed; the sample account needs 180 to 210 in large segments' },
  bytesPerSegment: {
    value: 1_100,
    unit: 'bytes stored per segment',
    why: 'what a run adds that found nothing new: its receipt, compressed',
  },
  microsecondsPerItem: {
    value: 60,
    unit: 'µs of a processor per item read',
    why: 'mapped and sealed; about 30 measured on a laptop, doubled for arm64',
  },
  secondsPerRun: {
    value: 3,
    unit: 's of waiting per run',
    why: 'start and answers of AWS, beside the pages of LookupEvents (half a second each)',
  },
  indexReadsPerRun: {
    value: 20,
    unit: 'read units per run',
    why: 'where the last window ended, whether the run is known, accounts with AI systems',
  },
  emptyReceives: {
    value: 648_000,
    unit: 'requests per idle queue and month',
    why: 'Lambda holds five polls of 20 s open at each queue it listens to: 5 × 3 × 60 × 24 × 30',
  },
  logBytes: { value: 2_000, unit: 'bytes of log per invocation', why: 'one line of ours and three of Lambda; evidence is never logged' },
  monthsHeld: { value: 12, unit: 'months of evidence held', why: 'storage grows until the first objects reach the end of their retention' },
} as const satisfies Readonly<Record<string, Assumption>>;

/** Name of an assumption. */
export type AssumptionName = keyof typeof defaultAssumptions;
/** Every assumption with its value. */
export type Assumptions = Readonly<Record<AssumptionName, Assumption>>;

/** The defaults with what a person set (`name=value`) in their place. Throws USAGE_OPTION for an unknown name or no number. */
export function assume(given: readonly string[]): Assumptions {
  const changed = new Map<AssumptionName, Assumption>();
  for (const text of given) {
    const [, name = '', number = ''] = /^(\w+)=(\d+(?:\.\d+)?)$/.exec(text) ?? [];
    const found = assumptionNames.find((one) => one === name);
    if (found === undefined) {
      throw new UsageError('USAGE_OPTION', `--assume ${text} must be name=number; known names: ${assumptionNames.join(', ')}`);
    }
    changed.set(found, { value: Number(number), unit: defaultAssumptions[found].unit, why: 'set by --assume' });
  }
  return { ...defaultAssumptions, ...Object.fromEntries(changed) };
}

const assumptionNames = Object.keys(defaultAssumptions).filter((name): name is AssumptionName => name in defaultAssumptions);
