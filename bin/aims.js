#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
// Plain JavaScript, so that an old Node.js gets one clear sentence instead of a syntax error.
import { existsSync } from 'node:fs';
import { withSmallMemory } from './small-memory.js';

const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  process.stderr.write(
    `aims needs Node.js 24 or newer, this is ${process.versions.node}: install it, or run \`npm ci\` here and use \`npx aims\`.\n`,
  );
  process.exitCode = 3;
} else {
  if (process.argv[2] === 'collect') withSmallMemory();
  // A checkout runs its sources; the published package holds them compiled, as Node.js strips no types inside node_modules.
  await import(existsSync(new URL('aims.ts', import.meta.url)) ? './aims.ts' : '../dist/bin/aims.js');
}
