// SPDX-License-Identifier: Apache-2.0
import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { nothingIn } from '../collect/item-pipeline.ts';
import { isJsonObject, type Json, type JsonObject } from '../evidence/json.ts';
import { sliceAt } from '../evidence/json-slices.ts';
import { type Interpretation, type Observation, observationKinds, sourceIds } from '../evidence/observation.ts';
import { storeDetail } from '../evidence/raw-form.ts';
import { explainObservation, type NearMiss } from '../mapping/explain.ts';
import type { Mapping } from '../mapping/mapper.ts';
import { loadConfiguration } from '../runtime/configuration.ts';
import { UsageError } from '../runtime/home-error.ts';
import { type LaptopTools, laptopTools } from '../runtime/laptop-tools.ts';
import { fileItems } from '../sources/file-items.ts';
import { readBatch } from '../sources/intake/read-batch.ts';
import { InputError, inputError, inputFile } from './read-input.ts';
import { oneLine, print, printJson, type Terminal } from './terminal.ts';

interface Explained {
  readonly source: string;
  readonly title: string;
  readonly inScope: boolean;
  readonly aiSystems: readonly string[];
  readonly facts: JsonObject;
  /** Polarity as decided, before scope; `ignore` claims nothing. */
  readonly matches: readonly Pick<Mapping['matches'][number], 'rule' | 'title' | 'subject' | 'controls' | 'why'>[];
  /** What a record would claim, after scope. */
  readonly claims: Mapping['claims'];
  readonly nearMisses: readonly NearMiss[];
}

/** `aims explain FILE|-`: which rules match what AWS wrote, what they claim, and which just miss. Reads AWS output and bare observations. */
export async function explain(
  terminal: Terminal,
  file: string,
  options: { readonly json?: boolean; readonly config?: string },
): Promise<void> {
  const { declarations } = await loadConfiguration(terminal.directory, options.config);
  const tools = laptopTools(declarations);
  const { observations, problems, unreadable } = await inputFile(terminal, file, (path) => observationsOf(tools, path));
  const explained = observations.map((observation) => explainOne(tools, observation));
  if (options.json) printJson(terminal, { observations: explained, problems });
  else for (const one of explained) printOne(terminal, one);
  for (const problem of options.json ? [] : problems) print(terminal, `not read: ${oneLine(problem)}`);
  if (explained.length === 0 && unreadable !== null) throw new InputError('INPUT_UNREADABLE', unreadable);
  if (explained.length === 0)
    throw new UsageError('USAGE_PATH', `${file} holds nothing that the rules speak about: ${problems[0] ?? 'it is empty'}`);
}

interface Found {
  readonly observations: readonly Observation[];
  readonly problems: readonly string[];
  /** The first file that could not be read at all, and why. */
  readonly unreadable: string | null;
}

async function observationsOf(tools: LaptopTools, path: string): Promise<Found> {
  const text = await bareText(path);
  const bare = text === null ? null : bareObservation(text);
  if (bare !== null) return { observations: [bare], problems: [], unreadable: null };
  const observations: Observation[] = [];
  const problems: string[] = [];
  let unreadable: string | null = null;
  const take = (result: Interpretation) => ('gap' in result ? problems.push(result.gap.message) : observations.push(result.observation));
  for await (const reading of fileItems(path)) {
    if ('unrecognised' in reading) problems.push(reading.unrecognised.reason);
    else if ('problem' in reading) {
      const { reason, message } = reading.problem.gap;
      problems.push(message);
      if (reason === 'denied' || reason === 'unavailable') unreadable ??= message;
    } else {
      for (const read of readBatch(reading.batch, new Date().toISOString())) {
        if ('unrecognised' in read) problems.push(read.unrecognised.reason);
        else if ('gap' in read) problems.push(read.gap.message);
        else {
          const results = tools.pipeline.interpret(read.item, read.value);
          if (results.length === 0) problems.push(nothingIn(read.item));
          for (const result of results) take(result);
        }
      }
    }
  }
  return { observations, problems, unreadable };
}

/** A bare observation is written by hand; a larger file is AWS's, and may be more than one string can hold. */
const mostBareBytes = 64 * 1024 * 1024;

async function bareText(path: string): Promise<string | null> {
  try {
    const about = statSync(path);
    return about.isFile() && about.size <= mostBareBytes ? await readFile(path, 'utf8') : null;
  } catch (cause) {
    throw inputError(path, cause);
  }
}

/** An observation as patterns see it: {source, kind, account?, region?, detail, facts}. */
function bareObservation(text: string): Observation | null {
  const value = parsed(text);
  if (!isJsonObject(value) || !isJsonObject(value['detail'])) return null;
  const source = sourceIds.find((id) => id === value['source']);
  const kind = observationKinds.find((one) => one === value['kind']);
  if (source === undefined || kind === undefined) return null;
  const { account, region, facts, detail } = value;
  return {
    source,
    kind,
    partition: 'aws',
    account: typeof account === 'string' ? account : '',
    region: typeof region === 'string' ? region : '',
    sourceIdentity: '',
    versionKey: 'content',
    findingKey: null,
    occurredAt: null,
    observedAt: null,
    title: '',
    severity: null,
    resources: [],
    detail,
    text: sliceAt(text, 'detail') ?? '',
    facts: Object.fromEntries(
      Object.entries(isJsonObject(facts) ? facts : {}).filter((entry): entry is [string, Json] => entry[1] !== undefined),
    ),
  };
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (Error.isError(error)) return undefined;
    throw error;
  }
}

function explainOne(tools: LaptopTools, observation: Observation): Explained {
  // Rules see what would be stored: secrets are taken out before.
  storeDetail(observation.detail, observation.text);
  const mapping = tools.mapper.map(observation, new Set());
  return {
    source: observation.source,
    title: observation.title,
    inScope: mapping.inScope,
    aiSystems: mapping.aiSystems,
    facts: mapping.facts,
    matches: mapping.matches.map(({ rule, title, subject, controls, why }) => ({ rule, title, subject, controls, why })),
    claims: mapping.claims,
    nearMisses: explainObservation(tools.mapper, observation).nearMisses,
  };
}

const shownMisses = 5;

function printOne(terminal: Terminal, one: Explained): void {
  print(terminal, `${one.source}: ${oneLine(one.title)}`, `  ${scopeWords(one)}`);
  for (const match of one.matches) {
    const claims = match.controls.map(({ control, strength, polarity }) => `      ${control} ${strength} ${polarity}`);
    print(terminal, `  matches ${match.rule}: ${match.title}${whereItCounts[match.subject]}`, `      ${match.why}`, ...claims);
  }
  if (one.matches.length === 0) print(terminal, '  no rule matches: the record is kept and claims nothing');
  for (const miss of one.nearMisses.slice(0, shownMisses))
    print(terminal, `  would match ${miss.rule} but for ${miss.but || 'one element of a list'}`);
  print(terminal, '');
}

const whereItCounts = {
  resource: '',
  account: ' (counts where the account holds an AI system in scope)',
  'record-store': ' (counts: the scope file declares this store of records)',
} as const;

function scopeWords({ inScope, aiSystems }: Explained): string {
  if (!inScope) return 'not about an AI system in scope: a match is context for 6.1.2 and nothing more';
  return aiSystems.length === 0 ? 'in scope: an AI resource' : `in scope: ${aiSystems.join(', ')}`;
}
