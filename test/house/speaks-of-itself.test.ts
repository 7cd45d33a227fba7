// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { projectFiles } from '../support/project-files.ts';

// In two parts each, so that this file does not hold what it looks for.
const words = [
  ...[
    ['/wo', 'rk/'],
    ['/fa', 'rm/'],
    ['bash_', 'jobs'],
    ['farm-', 'bench'],
    ['farm-', 'studio'],
    ['.lib', 'rary'],
    ['before-', 'stop'],
  ],
  ...[
    ['DEVELOPERS', '.md'],
    ['../', 'shared'],
    ['shared/', 'samples'],
    ['shared/', 'acceptance'],
    ['shared/', 'research'],
    ['shared/', 'design'],
  ],
  ...[
    ['npmjs', '.'],
    ['pypi', '.org'],
    ['maven', '.org'],
    ['maven', '.apache.org/maven2'],
    ['crates', '.io'],
    ['golang', '.org'],
    ['debian', '.org'],
  ],
].map((parts) => parts.join(''));

/** Only the script that the maintainers' own machines run may name the folder beside the checkout that holds the acceptance suites. */
const allowed: Readonly<Record<string, readonly string[]>> = { '.ci/run': [['../', 'shared'].join('')] };

function foreignWords(path: string, text: string): readonly string[] {
  return words.filter((word) => text.includes(word) && !allowed[path]?.includes(word)).map((word) => `${path}: ${word}`);
}

describe('the project', () => {
  it('speaks of itself: no file names where it was made, nor a package registry', () => {
    const files = projectFiles();
    expect(files.length).toBeGreaterThan(300);
    expect(files.flatMap((path) => foreignWords(path, readFileSync(path, 'utf8')))).toEqual([]);
  });

  it('would be caught if it did', () => {
    for (const word of words) expect(foreignWords('docs/some.md', `see ${word} for more`)).toContain(`docs/some.md: ${word}`);
    expect(foreignWords('.ci/run', allowed['.ci/run']?.join('') ?? '')).toEqual([]);
  });
});
