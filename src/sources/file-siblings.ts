// SPDX-License-Identifier: Apache-2.0
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { arrayAt, type Json, type JsonObject } from '../evidence/json.ts';
import { readWholeFile } from './file-content.ts';
import { parseLenientJson } from './report/lenient-json.ts';
import { recogniseReport } from './report/recognise-report.ts';

/** In a folder of more files than this, nothing says which report belongs to which. */
const mostFiles = 50;

/** Finds what stands beside a report in its folder: the violations of the same run. Remembers the folder it looked at last. */
export class ReportSiblings {
  #directory = '';
  #violations: readonly { name: string; list: readonly Json[] }[] = [];

  /** What the interpreters of reports need from the files beside this one; empty where it cannot be told. */
  async of(absolute: string): Promise<JsonObject> {
    const directory = dirname(absolute);
    if (directory !== this.#directory) {
      this.#violations = await violationsIn(directory);
      this.#directory = directory;
    }
    const others = this.#violations.filter((v) => v.name !== basename(absolute));
    const [only] = others;
    return others.length === 1 && only !== undefined ? { violations: only.list } : {};
  }
}

async function violationsIn(directory: string): Promise<{ name: string; list: readonly Json[] }[]> {
  const out: { name: string; list: readonly Json[] }[] = [];
  const names = (await readdir(directory, { withFileTypes: true })).filter((entry) => entry.isFile()).map((entry) => entry.name);
  if (names.length > mostFiles) return out;
  for (const name of names.sort()) {
    const value = await reportValue(join(directory, name));
    if (value !== undefined && recogniseReport(value)?.shape === 'violations') out.push({ name, list: arrayAt(value, 'violations') });
  }
  return out;
}

// A neighbour that cannot be read is told about when its own turn comes; here it is only not of help.
async function reportValue(absolute: string): Promise<Json | undefined> {
  try {
    const whole = await readWholeFile(absolute);
    return whole === null ? undefined : parseLenientJson(whole.content.toString('utf8'));
  } catch (error) {
    if (Error.isError(error)) return undefined;
    throw error;
  }
}
