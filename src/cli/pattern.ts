// SPDX-License-Identifier: Apache-2.0
import { createInterface } from 'node:readline';
import { matchLine } from '../mapping/match-line.ts';
import { UsageError } from '../runtime/home-error.ts';
import { plainReason } from './plain-reason.ts';
import { readInput } from './read-input.ts';
import { print, printJson, type Terminal } from './terminal.ts';

/**
 * `aims pattern test PATTERN [EVENT|-]`: whether an EventBridge pattern matches an event, as `aws events test-event-pattern` says, offline.
 * With `-` alone: a line of JSON in, a line of JSON out. Returns whether it matched; null for lines.
 */
export async function patternTest(
  terminal: Terminal,
  pattern: string,
  event: string | undefined,
  options: { readonly json?: boolean },
): Promise<boolean | null> {
  if (pattern === '-' && event === undefined) {
    for await (const line of createInterface({ input: terminal.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
      if (line.trim() !== '') await written(terminal, `${JSON.stringify(matchLine(line))}\n`);
    }
    return null;
  }
  const [patternText, eventText] = [await jsonArgument(terminal, pattern), await jsonArgument(terminal, event ?? '-')];
  const answer = matchLine(`{"pattern":${patternText},"event":${eventText}}`);
  if ('error' in answer) throw new UsageError('USAGE_OPTION', plainReason(answer.error));
  if (options.json) printJson(terminal, answer);
  else print(terminal, answer.matches ? 'matches' : 'does not match');
  return answer.matches;
}

// An argument is JSON itself, a file that holds it, or `-` for standard input.
async function jsonArgument(terminal: Terminal, argument: string): Promise<string> {
  const text = /^\s*[{["]/.test(argument) ? argument : await readInput(terminal, argument);
  try {
    JSON.parse(text);
  } catch (cause) {
    throw new UsageError('USAGE_OPTION', `${argument.slice(0, 60)} is not JSON: ${Error.isError(cause) ? cause.message : cause}`, {
      cause,
    });
  }
  return text.replace(/\s*\n\s*/g, ' ');
}

function written(terminal: Terminal, text: string): Promise<void> {
  return new Promise((resolve) => {
    if (terminal.stdout.write(text)) resolve();
    else terminal.stdout.once('drain', resolve);
  });
}
