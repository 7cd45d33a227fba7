// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { noDeclarations } from '../../../src/evidence/scope-file.ts';
import { fileProcessor } from '../../../src/runtime/file-processor.ts';
import { laptopTools } from '../../../src/runtime/laptop-tools.ts';
import { temporaryDirectories } from '../../support/temporary-directory.ts';

const directory = temporaryDirectories('file-processor');

describe('the choice of who processes a folder', () => {
  it('is made for one with more files than a call takes arguments', async () => {
    const root = await directory();
    // Not one by one from here, which takes ten times as long.
    execFileSync('sh', ['-c', 'seq 130000 | xargs touch'], { cwd: root });
    const { pipeline } = laptopTools(noDeclarations);
    const data = { setting: { sweptAt: '2026-11-20T12:00:00Z', contexts: new Map() }, declarations: noDeclarations };
    await expect(fileProcessor(root, pipeline, data).close()).resolves.toBeUndefined();
  }, 120_000);
});
