// SPDX-License-Identifier: Apache-2.0
import type { SourceId } from '../../evidence/observation.ts';
import type { Configuration } from './configuration-schema.ts';

/** A setting that the configuration lacks, and what will not be seen or not be proven because of it. */
export interface Missing {
  readonly setting: keyof Configuration;
  readonly consequence: string;
  /** Whether gap records will say so; otherwise it only weakens what is collected. */
  readonly gaps: boolean;
}

interface Rule extends Missing {
  readonly sources: readonly SourceId[] | 'all';
  readonly lacks: (configuration: Configuration) => boolean;
}

const rules: readonly Rule[] = [
  {
    setting: 'reportLocations',
    consequence:
      'reports of Model Monitor and Clarify are in S3, and no role may read them: each that a job or an event names becomes a gap',
    gaps: true,
    sources: ['sagemaker-model-monitor', 'sagemaker-clarify'],
    lacks: ({ reportLocations }) => reportLocations.length === 0,
  },
  {
    setting: 'trailBuckets',
    consequence:
      'events come from LookupEvents alone (no data events, two pages a second, 90 days), and no digest proves that they are all',
    gaps: true,
    sources: ['cloudtrail'],
    lacks: ({ trailBuckets }) => trailBuckets.length === 0,
  },
  {
    setting: 'regions',
    consequence: 'only the Region of the stack is read; what other Regions hold is not looked for, and no gap says so',
    gaps: false,
    sources: 'all',
    lacks: ({ regions }) => regions.length === 0,
  },
  {
    setting: 'scopeFile',
    consequence: 'AI systems are known by AI resource types and the tag `ai-system` alone; other evidence claims nothing',
    gaps: false,
    sources: 'all',
    lacks: ({ scopeFile }) => scopeFile === undefined,
  },
  {
    setting: 'thresholdsFile',
    consequence: 'metrics have no approved limit: each waits for review by a person',
    gaps: false,
    sources: ['sagemaker-model-monitor', 'sagemaker-clarify', 'securityhub'],
    lacks: ({ thresholdsFile }) => thresholdsFile === undefined,
  },
  {
    setting: 'approvalsFile',
    consequence: 'no baseline counts as approved by a person',
    gaps: false,
    sources: ['sagemaker-model-monitor', 'sagemaker-clarify'],
    lacks: ({ approvalsFile }) => approvalsFile === undefined,
  },
  {
    setting: 'alarmEmail',
    consequence: 'alarms and the daily checkpoint go to a topic that nobody has subscribed to: nothing leaves the account',
    gaps: false,
    sources: 'all',
    lacks: ({ alarmEmail, checkpointAccounts }) => alarmEmail === undefined && checkpointAccounts.length === 0,
  },
  {
    setting: 'events',
    consequence: 'no EventBridge rules: records come as late as the schedule allows',
    gaps: false,
    sources: 'all',
    lacks: ({ events }) => !events,
  },
];

/** What the configuration lacks for the sources it names, gaps first. */
export function missingSettings(configuration: Configuration): readonly Missing[] {
  const concerns = ({ sources }: Rule) => sources === 'all' || sources.some((id) => configuration.sources.includes(id));
  return rules
    .filter((rule) => concerns(rule) && rule.lacks(configuration))
    .map(({ setting, consequence, gaps }) => ({ setting, consequence, gaps }));
}
