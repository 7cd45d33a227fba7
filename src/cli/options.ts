// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import { type SourceId, sourceIds } from '../evidence/observation.ts';
import type { HomePlace } from '../runtime/home.ts';
import { UsageError } from '../runtime/home-error.ts';

/** Where evidence lies when nobody says otherwise. */
const defaultHome = '.aims';

/** Reads an instant (`2026-11-01`, `2026-11-01T10:00:00Z`) or an age (`36h`, `7d`) before `now`. Throws USAGE_OPTION. */
export function instantOption(name: string, text: string, now: Date): string {
  const age = /^(\d{1,5})([hd])$/.exec(text);
  if (age !== null) {
    const hours = Number(age[1]) * (age[2] === 'd' ? 24 : 1);
    return new Date(now.getTime() - hours * 3_600_000).toISOString();
  }
  const isDate = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?Z)?$/.test(text);
  const time = isDate ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time))
    throw new UsageError('USAGE_OPTION', `--${name} ${text} is no time: write 2026-11-01, 2026-11-01T10:00:00Z, 36h or 7d`);
  return new Date(time).toISOString();
}

/** Reads source ids, given once each or separated by commas; all of `fallback` when none is given. Throws USAGE_OPTION. */
export function sourcesOption(given: readonly string[], fallback: readonly SourceId[]): readonly SourceId[] {
  const names = given.flatMap((text) => text.split(',')).filter((text) => text !== '');
  if (names.length === 0) return fallback;
  return names.map((name) => {
    const found = sourceIds.find((id) => id === name);
    if (found === undefined) throw new UsageError('USAGE_OPTION', `--source ${name} is unknown; known: ${sourceIds.join(', ')}`);
    return found;
  });
}

/** Reads a whole number between two bounds. Throws USAGE_OPTION. */
export function countOption(name: string, text: string, [least, most]: readonly [number, number]): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= least && value <= most) return value;
  throw new UsageError('USAGE_OPTION', `--${name} ${text} must be a whole number from ${least} to ${most}`);
}

/** Reads one of a closed list. Throws USAGE_OPTION. */
export function choiceOption<Choice extends string>(name: string, text: string, choices: readonly Choice[]): Choice {
  const found = choices.find((choice) => choice === text);
  if (found !== undefined) return found;
  throw new UsageError('USAGE_OPTION', `--${name} ${text} is unknown; known: ${choices.join(', ')}`);
}

/** Stack that a deployment makes when nobody names it otherwise. */
const defaultStack = 'AimsEvidence';

/** A home as it was typed, and with which profile and in which Region a deployed one is found. */
export interface PlaceOptions {
  readonly home?: string;
  readonly profile?: string;
  readonly region?: string;
}

/** Where the home is: `aws` and `aws:STACK` are a deployed stack, all else a directory (`./aws` too). Throws USAGE_OPTION. */
export function placeOption(directory: string, options: PlaceOptions, configured?: string): HomePlace {
  const { profile, region } = options;
  const text = options.home ?? configured ?? defaultHome;
  const deployed = /^aws(?::(.*))?$/.exec(text);
  if (deployed === null) {
    if (profile !== undefined || region !== undefined)
      throw new UsageError('USAGE_OPTION', '--profile and --region choose a deployed home: use them with --home aws or aws:STACK');
    return { in: 'directory', directory: resolve(directory, text) };
  }
  const stack = deployed[1] ?? defaultStack;
  // Names of stacks: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html, read 2026-11.
  if (!/^([a-zA-Z][-a-zA-Z0-9]{0,127}|arn:[^:]+:cloudformation:\S+)$/.test(stack))
    throw new UsageError('USAGE_OPTION', `--home ${text}: ${JSON.stringify(stack)} is no name of a stack; write aws or aws:STACK`);
  return { in: 'aws', stack, ...(profile === undefined ? {} : { profile }), ...(region === undefined ? {} : { region }) };
}

/** The home's directory, as an absolute path, for work that only a directory takes. Throws USAGE_OPTION for a deployed home. */
export function homeOption(directory: string, given: string | undefined, configured?: string): string {
  const place = placeOption(directory, given === undefined ? {} : { home: given }, configured);
  if (place.in === 'directory') return place.directory;
  throw new UsageError(
    'USAGE_OPTION',
    `refusing to collect into aws:${place.stack}: the functions of that stack collect into it, on schedule; pass a directory as --home`,
  );
}
