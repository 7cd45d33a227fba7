// SPDX-License-Identifier: Apache-2.0
import { Readable, Writable } from 'node:stream';
import { expect } from '@jest/globals';
import type * as z from 'zod';
import { runCli } from '../../src/cli/program.ts';
import { undocumentedMembers } from './undocumented-members.ts';

/** What a command left behind: its exit code and what it wrote. */
export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `aims` in this process, as if it were called in `directory` with its output piped. */
export async function aims(directory: string, args: readonly string[], stdin = ''): Promise<CommandResult> {
  const out = new Collected();
  const err = new Collected();
  const code = await runCli(args, { stdin: Readable.from([Buffer.from(stdin)]), stdout: out, stderr: err, directory });
  return { code, stdout: out.text, stderr: err.text };
}

/** Runs `aims … --json` and gives the one object that it printed, parsed by `schema`; fails where it printed anything else, or a member that `schema` does not name. */
export async function aimsJson<Schema extends z.ZodType>(
  schema: Schema,
  directory: string,
  args: readonly string[],
  { stdin = '', code = 0 }: { readonly stdin?: string; readonly code?: number } = {},
): Promise<z.infer<Schema>> {
  const result = await aims(directory, [...args, '--json'], stdin);
  expect({ code: result.code, stderr: result.stderr }).toEqual({ code, stderr: '' });
  expect(result.stdout.endsWith('\n')).toBe(true);
  expect(result.stdout.trimEnd().split('\n')).toHaveLength(1);
  const printed: unknown = JSON.parse(result.stdout);
  expect(undocumentedMembers(schema, printed)).toEqual([]);
  return schema.parse(printed);
}

class Collected extends Writable {
  text = '';

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString('utf8');
    done();
  }
}
