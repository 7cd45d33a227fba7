// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import * as z from 'zod';
import { commandOutputs, type OutputName } from '../../src/cli/output-shapes/command-outputs.ts';
import { evidenceShape, runsShape } from '../../src/cli/output-shapes/record-list-shapes.ts';
import { runCli } from '../../src/cli/program.ts';
import { isJsonObject, type Json } from '../../src/evidence/json.ts';

const home = ['--home', '.aims-sample'];
const shownAs = '/home/you';

/** What one command printed. */
export interface Printed {
  readonly name: OutputName;
  readonly args: readonly string[];
  readonly output: Json;
}

/** Runs every command on a new home with the sample account's evidence; gives, as text, what each printed, cut short. */
export async function recordExamples(): Promise<string> {
  const printed = await printSample();
  const examples = printed.map(({ name, args, output }) => {
    commandOutputs[name].schema.parse(output);
    const call = `aims ${args.map((word) => (word.startsWith('{') ? `'${word}'` : word)).join(' ')} --json`;
    return [name, { call, output: name === 'plan' ? shortPlan(output) : short(output) }];
  });
  return `${JSON.stringify(Object.fromEntries(examples), null, 1)}\n`;
}

/** Everything that commands print of the sample account, for each output that there is. */
export async function printSample(): Promise<readonly Printed[]> {
  const directory = mkdtempSync(join(tmpdir(), 'aims-examples-'));
  const print = async (name: OutputName, args: readonly string[]): Promise<Printed> => {
    const text = await run(directory, [...args, '--json']);
    return { name, args, output: z.json().parse(JSON.parse(text.replaceAll(directory, shownAs))) };
  };
  try {
    writeFileSync(join(directory, 'one-event.json'), oneEvent);
    const printed = [await print('start', ['start'])];
    for (const [name, args] of await calls(directory)) printed.push(await print(name, args));
    return printed;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

const oneEvent = JSON.stringify({
  eventVersion: '1.08',
  userIdentity: { type: 'AssumedRole', arn: 'arn:aws:sts::111122223333:assumed-role/admin/ann', accountId: '111122223333' },
  eventTime: '2026-11-19T10:00:03Z',
  eventSource: 'cloudtrail.amazonaws.com',
  eventName: 'StopLogging',
  awsRegion: 'eu-west-1',
  requestParameters: { name: 'main' },
  responseElements: null,
  eventID: '7bf73129-1428-4cd3-a780-95db273d1602',
  readOnly: false,
  eventType: 'AwsApiCall',
  recipientAccountId: '111122223333',
});

/** Command lines of all but the first, which fills the home. */
async function calls(directory: string): Promise<readonly (readonly [OutputName, readonly string[]])[]> {
  const exceptions = ['evidence', '--control', 'A.6.2.6', '--polarity', 'exception', '--limit', '1', ...home];
  const [record] = evidenceShape.parse(JSON.parse(await run(directory, [...exceptions, '--json']))).records;
  const [receipt] = runsShape.parse(JSON.parse(await run(directory, ['runs', ...home, '--json']))).runs;
  if (record === undefined || receipt === undefined) throw new Error('the sample account has no exception of A.6.2.6, or no run');
  return [
    ['collect', ['collect', '--from', 'sample', '--source', 'macie', ...home]],
    ['controls', ['controls', ...home]],
    ['evidence', exceptions],
    ['show', ['show', record.id.slice(0, 12), ...home]],
    ['explain', ['explain', 'one-event.json']],
    ['runs', ['runs', '--limit', '1', ...home]],
    ['receipt', ['receipt', receipt.run, ...home]],
    ['gaps', ['gaps', ...home]],
    ['status', ['status', ...home]],
    ['checkpoint', ['checkpoint', ...home]],
    ['verify', ['verify', '--records', ...home]],
    ['index-rebuild', ['index', 'rebuild', ...home]],
    ['plan', ['plan', '--on', '2026-11-22']],
    ['catalog', ['catalog']],
    ['catalog-item', ['catalog', 'A.6.2.6']],
    ['catalog-seed-row', ['catalog', 'seed:A.12']],
    ['pattern-test', ['pattern', 'test', pattern, event]],
    ['pattern-test-lines', ['pattern', 'test', '-']],
  ];
}

const [pattern, event] = ['{"detail":{"eventName":[{"prefix":"Stop"}]}}', '{"detail":{"eventName":"StopLogging"}}'];

async function run(directory: string, args: readonly string[]): Promise<string> {
  const [stdout, stderr] = [new Collected(), new Collected()];
  const stdin = Readable.from([Buffer.from(`{"pattern":${pattern},"event":${event}}\n`)]);
  const code = await runCli(args, { stdin, stdout, stderr, directory });
  if (code !== 0) throw new Error(`aims ${args.join(' ')} ended with ${code}: ${stderr.text}`);
  return stdout.text;
}

class Collected extends Writable {
  text = '';

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString('utf8');
    done();
  }
}

/** The first element of each list: enough to see its form. */
function short(value: Json): Json {
  if (Array.isArray(value)) return value.slice(0, 1).map(short);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, short(member ?? null)]));
}

/** Of the maps, too, one member: the price that the first line of the bill names. */
function shortPlan(plan: Json): Json {
  const { assumptions, prices, costs, ...rest } = planSchema.parse(plan);
  const [first] = costs;
  const named = Object.entries(prices.of).filter(([name]) => name === first?.price);
  const one = Object.fromEntries(Object.entries(assumptions).slice(0, 1));
  return short(z.json().parse({ ...rest, assumptions: one, costs, prices: { ...prices, of: Object.fromEntries(named) } }));
}

const planSchema = commandOutputs.plan.schema;
