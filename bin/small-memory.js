// SPDX-License-Identifier: Apache-2.0
import { compiledSources, isCheckout } from './checkout.js';

// V8 and the C library take memory for speed that a long collection does not gain by: a young generation of 48 MiB, dead objects worth several times
// the living, an arena a thread. With these settings collecting needs half of it at its peak (1,000,000 records, 2026-11). Pretenuring guesses which objects live long,
// and guessed in some runs that those of every record do: then the old generation was swept all the time, for a third more work. Both processors are at work
// on records: helping threads in a collection of garbage took a twentieth of the rate.
const settings = [
  '--max-semi-space-size=8',
  '--initial-old-space-size=48',
  '--heap-growing-percent=50',
  '--no-allocation-site-pretenuring',
  '--no-parallel-scavenge',
];

/**
 * Starts this program again in the same process with settings for flat memory, which can be given at start only. Does nothing where they are given
 * already, where the system cannot do it (Windows), or where the user has settings of his own.
 */
export function withSmallMemory() {
  const isSet = process.execArgv.some((setting) => settings.includes(setting));
  if (isSet || process.env['NODE_OPTIONS'] !== undefined || process.platform === 'win32' || typeof process.execve !== 'function') return;
  process.execve(process.execPath, [process.argv0, ...process.execArgv, ...settings, ...process.argv.slice(1)], {
    ...process.env,
    MALLOC_ARENA_MAX: process.env['MALLOC_ARENA_MAX'] ?? '1',
    // For the worker threads.
    ...(isCheckout ? { NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? compiledSources } : {}),
  });
}
