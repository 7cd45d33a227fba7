// SPDX-License-Identifier: Apache-2.0
// Compares our answers with those of AWS's event-ruler over random patterns and events, or over the lines of a file.
//   node test/acceptance/event-ruler.ts JUDGE_COMMAND [COUNT | FILE] [SEED]
// JUDGE_COMMAND reads lines {"pattern": …, "event": …} and answers each with a line true, false or error …

import { spawn } from 'node:child_process';
import { createReadStream, existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { matchLine } from '../../src/mapping/match-line.ts';
import { randomLines } from './random-patterns.ts';

type Verdict = 'true' | 'false' | 'error';

function ours(line: string): Verdict {
  const answer = matchLine(line);
  if ('error' in answer) return 'error';
  return answer.matches ? 'true' : 'false';
}

function verdictOf(answer: string): Verdict {
  if (answer === 'true' || answer === 'false') return answer;
  if (answer.startsWith('error')) return 'error';
  throw new TypeError(`the judge said ${answer}`);
}

const leftOut = { patterns: 0 };

async function* linesOf(what: string, seed: number): AsyncIterable<string> {
  if (!existsSync(what)) yield* randomLines(Number(what), seed, leftOut);
  else for await (const line of createInterface({ input: createReadStream(what) })) if (line !== '') yield line;
}

async function compare(command: string, what: string, seed: number): Promise<boolean> {
  const judge = spawn(command, { shell: true, stdio: ['pipe', 'pipe', 'inherit'] });
  const asked: string[] = [];
  const questions = Readable.from(
    (async function* () {
      for await (const line of linesOf(what, seed)) {
        asked.push(line);
        yield `${line}\n`;
      }
    })(),
  );
  questions.pipe(judge.stdin);
  const counts = { true: 0, false: 0, error: 0 };
  let disagreements = 0;
  let at = 0;
  for await (const answer of createInterface({ input: judge.stdout })) {
    const line = asked[at] ?? '';
    delete asked[at++];
    const verdict = verdictOf(answer);
    counts[verdict]++;
    if (ours(line) === verdict) continue;
    disagreements++;
    process.stdout.write(`we say ${JSON.stringify(matchLine(line))}, the judge says ${answer.slice(0, 200)}: ${line}\n`);
  }
  const isWhole = at === asked.length && at > 0;
  if (!isWhole) process.stdout.write(`the judge answered ${at} of ${asked.length} lines\n`);
  const { true: yes, false: no, error } = counts;
  process.stdout.write(
    `${at} compared (seed ${seed}): ${yes} true, ${no} false, ${error} error; ${leftOut.patterns} left out; ${disagreements} disagreements\n`,
  );
  return isWhole && disagreements === 0;
}

const [command, what = '100000', seed = '1'] = process.argv.slice(2);
if (command === undefined) {
  process.stderr.write('usage: node test/acceptance/event-ruler.ts JUDGE_COMMAND [COUNT | FILE] [SEED]\n');
  process.exitCode = 2;
} else {
  process.exitCode = (await compare(command, what, Number(seed))) ? 0 : 1;
}
