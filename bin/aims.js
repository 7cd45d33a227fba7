#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
// Plain JavaScript, so that an old Node.js gets one clear sentence instead of a syntax error.
// The default export: an older Node.js has no such name to import.
import module from 'node:module';
import { compiledSources, isCheckout } from './checkout.js';
import { withSmallMemory } from './small-memory.js';

const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  process.stderr.write(
    `aims needs Node.js 24 or newer, this is ${process.versions.node}: install it, or run \`npm ci\` here and use \`npx aims\`.\n`,
  );
  process.exitCode = 3;
} else {
  if (process.argv[2] === 'collect') withSmallMemory();
  if (isCheckout) module.enableCompileCache(compiledSources);
  await import(isCheckout ? './aims.ts' : '../dist/bin/aims.js');
}
