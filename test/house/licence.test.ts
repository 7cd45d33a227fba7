// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { projectFiles } from '../support/project-files.ts';

const header = 'SPDX-License-Identifier: Apache-2.0';
const isSource = (path: string) => /\.(ts|js|cjs|yaml)$/.test(path) || path === '.ci/run';

/** The header stands on the first line, or on the second where the first names the interpreter. */
function hasHeader(text: string): boolean {
  const [first = '', second = ''] = text.split('\n', 2);
  return (first.startsWith('#!') ? second : first).endsWith(header);
}

describe('the licence', () => {
  it('is named by every source file', () => {
    const sources = projectFiles().filter(isSource);
    expect(sources.length).toBeGreaterThan(300);
    expect(sources.filter((path) => !hasHeader(readFileSync(path, 'utf8')))).toEqual([]);
  });

  it('would be missed', () => {
    expect(hasHeader(`#!/usr/bin/env node\n// ${header}\n`)).toBe(true);
    expect(hasHeader('export const nothing = 1;\n')).toBe(false);
  });

  it('is Apache 2.0 in full, and the one of the package', () => {
    const text = readFileSync('LICENSE', 'utf8');
    expect(text).toContain('Version 2.0, January 2004');
    expect(text).toContain('9. Accepting Warranty or Additional Liability.');
    expect(text).toContain('END OF TERMS AND CONDITIONS');
    expect(readFileSync('NOTICE', 'utf8')).toContain('AIMS Evidence');
    expect(JSON.parse(readFileSync('package.json', 'utf8'))).toMatchObject({ name: 'aims-evidence', license: 'Apache-2.0' });
  });
});
