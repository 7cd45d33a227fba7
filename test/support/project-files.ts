// SPDX-License-Identifier: Apache-2.0
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

// What is installed or made here, and evidence of whoever works in this checkout.
const notOurs = /^(node_modules|\.git|cdk\.out|dist|coverage|\.aims.*)$/;

/** Every file of this checkout that people or scripts of ours write, relative to its root. */
export function projectFiles(folder = '.'): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (notOurs.test(entry.name)) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? projectFiles(path) : [path];
  });
}
