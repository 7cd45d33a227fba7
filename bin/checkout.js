// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A checkout runs its sources; the published package holds them compiled, as Node.js strips no types inside node_modules. */
export const isCheckout = existsSync(new URL('aims.ts', import.meta.url));

/** Where Node.js keeps what sources compile to: without it each start strips all types again (150 ms, and some 20 MiB in each thread). */
export const compiledSources = fileURLToPath(new URL('../node_modules/.cache/compiled', import.meta.url));
