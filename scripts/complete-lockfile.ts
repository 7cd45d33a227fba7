// SPDX-License-Identifier: Apache-2.0
// A registry that does not carry the packages of every platform makes npm leave them out of the lockfile, and `npm ci` then fails
// everywhere (seen with npm 11.19). This adds them, without the integrity that only a registry that has them can tell. `npm run lock` calls it.
import { readFileSync, writeFileSync } from 'node:fs';
import { completeLockfile, type Lockfile, lockfileSchema, missingPlatformPackages } from './lockfile/platform-packages.ts';

const path = new URL('../package-lock.json', import.meta.url);
const lockfile: Lockfile = JSON.parse(readFileSync(path, 'utf8'));
// Checked and not replaced: what zod gives back has its members in another order.
lockfileSchema.parse(lockfile);
const missing = missingPlatformPackages(lockfile);
if (missing.length > 0) writeFileSync(path, `${JSON.stringify(completeLockfile(lockfile), null, 2)}\n`);
console.log(missing.length === 0 ? 'the lockfile is whole' : `added ${missing.length} platform packages`);
