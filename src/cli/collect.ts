// SPDX-License-Identifier: Apache-2.0
import { statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { collectApi } from '../collect/collect-api.ts';
import { collectFiles } from '../collect/collect-files.ts';
import { type AskedWindow, nextWindow } from '../collect/window.ts';
import type { AwsSession } from '../runtime/aws-targets.ts';
import { collectInto, type SealedReport } from '../runtime/collect-laptop.ts';
import { type LoadedConfiguration, loadConfiguration } from '../runtime/configuration.ts';
import { openHomeForWriting, type WritableHome } from '../runtime/directory-home.ts';
import { fileProcessor } from '../runtime/file-processor.ts';
import { UsageError } from '../runtime/home-error.ts';
import { type LaptopTools, laptopTools } from '../runtime/laptop-tools.ts';
import { sampleDeclarations, samplePresent } from '../runtime/sample-declarations.ts';
import { fileItems } from '../sources/file-items.ts';
import type { Source } from '../sources/source.ts';
import { isAbsence } from '../vault/node-error.ts';
import { collectProgress } from './collect-progress.ts';
import { countOption, homeOption, instantOption, sourcesOption } from './options.ts';
import { collectionForScripts, printCollection } from './print-collection.ts';
import { inputError } from './read-input.ts';
import type { Terminal } from './terminal.ts';
import { printJson } from './terminal.ts';

/** Options of `aims collect` as they were typed. */
export interface CollectOptions {
  readonly from?: string;
  readonly source: readonly string[];
  readonly since?: string;
  readonly until?: string;
  readonly home?: string;
  readonly config?: string;
  readonly profile?: string;
  readonly region: readonly string[];
  readonly scale: string;
  readonly json?: boolean;
}

interface Work {
  readonly terminal: Terminal;
  readonly options: CollectOptions;
  readonly asked: Asked;
  readonly loaded: LoadedConfiguration;
  readonly tools: LaptopTools;
  readonly home: WritableHome;
  readonly sources: readonly Source[];
  /** Only where AWS is read. */
  readonly session: AwsSession | null;
}

/** What was asked for, understood before a home is opened or made: a slip of the hand must not leave one behind. */
interface Asked {
  /** The present of what is read: the sample account has its own. */
  readonly now: Date;
  readonly window: AskedWindow;
  readonly scale: number;
}

/** `aims collect`: reads AWS, the sample account, or files, and seals what it read. Returns whether no segment was found damaged on the way. */
export async function collect(terminal: Terminal, options: CollectOptions): Promise<boolean> {
  const from = options.from ?? 'aws';
  const report = await collectReport(terminal, options, from);
  if (options.json) printJson(terminal, collectionForScripts(report));
  else printCollection(terminal, report);
  return report.damaged.length === 0;
}

/** What `aims collect --json` prints, before it is printed. */
export async function collectReport(terminal: Terminal, options: CollectOptions, from: string): Promise<{ home: string } & SealedReport> {
  const isFile = from !== 'aws' && from !== 'sample';
  if (isFile) checkThere(terminal, from);
  const loaded = await loadConfiguration(terminal.directory, options.config);
  const ids = sourcesOption(options.source, loaded.configuration.sources);
  const asked = whatWasAsked(options, from);
  if (isFile && Object.keys(asked.window).length > 0)
    terminal.stderr.write('note: --since and --until do not narrow files: all they hold is read\n');
  const idle = idleOptions(options, from);
  if (idle.length > 0)
    terminal.stderr.write(
      `note: ${idle.join(' and ')} ${idle.length === 1 ? 'says' : 'say'} nothing about ${isFile ? 'files' : `--from ${from}`}: passed over\n`,
    );
  const directory = homeOption(terminal.directory, options.home, loaded.configuration.home);
  const declarations = from === 'sample' ? sampleDeclarations : loaded.declarations;
  const session = from === 'aws' ? await signInAs(options, loaded) : null;
  const tools = laptopTools(declarations);
  const home = await openHomeForWriting(directory, from === 'sample' ? 'sample' : 'real');
  try {
    const sources = [...tools.sources.values()].filter((source) => ids.includes(source.id));
    const work: Work = { terminal, options, asked, loaded: { ...loaded, declarations }, tools, home, sources, session };
    const report = await (session !== null ? fromAws(work, session) : isFile ? fromFiles(work, from) : fromSample(work));
    return { home: directory, ...report };
  } finally {
    await home.close();
  }
}

function checkThere(terminal: Terminal, from: string): void {
  try {
    statSync(resolve(terminal.directory, from));
  } catch (cause) {
    if (!isAbsence(cause)) throw inputError(from, cause);
    throw new UsageError('USAGE_PATH', `--from ${from}: there is no such file or folder; name one, or say aws or sample`, { cause });
  }
}

/** Options that were given and have no meaning for what is read. */
function idleOptions({ scale, profile, region }: CollectOptions, from: string): string[] {
  return [
    ...(scale !== '1' && from !== 'sample' ? ['--scale'] : []),
    ...(profile !== undefined && from !== 'aws' ? ['--profile'] : []),
    ...(region.length > 0 && from !== 'aws' ? ['--region'] : []),
  ];
}

function whatWasAsked(options: CollectOptions, from: string): Asked {
  const now = from === 'sample' ? new Date(samplePresent) : new Date();
  const window = {
    ...(options.since === undefined ? {} : { since: instantOption('since', options.since, now) }),
    ...(options.until === undefined ? {} : { until: instantOption('until', options.until, now) }),
  };
  const until = window.until ?? now.toISOString();
  if (window.since !== undefined && window.since >= until)
    throw new UsageError('USAGE_OPTION', `--since ${window.since} is not before ${until}, where the window ends`);
  return { now, window, scale: countOption('scale', options.scale, [1, 10_000]) };
}

async function fromFiles(work: Work, from: string): Promise<SealedReport> {
  const { terminal, asked, tools, home, sources, loaded } = work;
  const root = resolve(terminal.directory, from);
  const sweptAt = asked.now.toISOString();
  const progress = collectProgress(terminal);
  const setting = { home, tools, declarations: loaded.declarations, sweptAt, progress: progress.on };
  try {
    return await collectInto(setting, (collection) =>
      collectFiles(collection, {
        readings: fileItems(root, { home: home.directory }),
        sources: sources.map((source) => source.id),
        from: basename(root),
        openProcessor: (contexts) =>
          fileProcessor(root, tools.pipeline, { setting: { sweptAt, contexts }, declarations: loaded.declarations }),
      }),
    );
  } finally {
    progress.end();
  }
}

async function fromSample(work: Work): Promise<SealedReport> {
  const { asked, tools, home, sources, loaded, terminal } = work;
  // The SDK and the sample account are loaded only where they are used: a folder needs neither.
  const { openSample } = await import('../runtime/sample-targets.ts');
  const sample = await openSample(sources, asked.scale, ({ since, until }) => ({ since, until, ...asked.window }));
  const progress = collectProgress(terminal);
  try {
    const setting = { home, tools, declarations: loaded.declarations, sweptAt: sample.world.until, progress: progress.on };
    return await collectInto(setting, (collection) => collectApi(collection, sample.targets));
  } finally {
    progress.end();
    await sample.close();
  }
}

// Before a home is made: without an identity there is nothing to keep in one. The SDK is loaded only here.
async function signInAs(options: CollectOptions, { configuration }: LoadedConfiguration): Promise<AwsSession> {
  const { signIn } = await import('../runtime/aws-targets.ts');
  const regions = options.region.length > 0 ? options.region : configuration.regions;
  return await signIn({ regions, ...(options.profile === undefined ? {} : { profile: options.profile }) });
}

async function fromAws(work: Work, session: AwsSession): Promise<SealedReport> {
  const { asked, tools, home, sources, loaded, terminal } = work;
  const sweptAt = asked.now.toISOString();
  const { targetsOf } = await import('../runtime/aws-targets.ts');
  const window = (source: Source, account: string, region: string) =>
    nextWindow(home.index, { source, account, region, patienceHours: 0 }, asked.window, sweptAt);
  const targets = await targetsOf({ sources, reportLocations: loaded.configuration.reportLocations, sweptAt, window }, session);
  const progress = collectProgress(terminal);
  try {
    const setting = { home, tools, declarations: loaded.declarations, sweptAt, progress: progress.on };
    return await collectInto(setting, (collection) => collectApi(collection, targets));
  } finally {
    progress.end();
  }
}
