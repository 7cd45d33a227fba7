// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod';

const entrySchema = z.looseObject({
  version: z.string().optional(),
  dev: z.boolean().optional(),
  integrity: z.string().optional(),
  optionalDependencies: z.record(z.string(), z.string()).optional(),
});

/** The part of `package-lock.json` that we read; everything else is kept as it stands. */
export const lockfileSchema = z.looseObject({ packages: z.record(z.string(), entrySchema) });
export type Lockfile = z.infer<typeof lockfileSchema>;

/** A package for one platform that another package asks for and the lockfile does not hold. */
export interface PlatformPackage {
  readonly name: string;
  readonly version: string;
  readonly wantedBy: string;
}

/** Optional packages that the lockfile leaves out. `npm ci` refuses a lockfile that has any. */
export function missingPlatformPackages({ packages }: Lockfile): readonly PlatformPackage[] {
  const held = new Set(Object.keys(packages).map((path) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)));
  return Object.entries(packages).flatMap(([wantedBy, entry]) =>
    Object.entries(entry.optionalDependencies ?? {})
      .filter(([name]) => !held.has(name))
      .map(([name, version]) => ({ name, version, wantedBy })),
  );
}

const systems = 'aix|android|darwin|freebsd|linux|netbsd|openbsd|openharmony|sunos|win32';
const platformName = new RegExp(`(?:^|[-/])(?<system>${systems})-(?<processor>[a-z0-9]+)(?:-(?<library>[a-z]+))?$`);

/** Operating system, processor and C library of a package, by the way such packages are named: `…-linux-x64-musl`. */
export function platformOf(name: string): { readonly os: string[]; readonly cpu: string[]; readonly libc?: string[] } {
  const { system, processor, library } = platformName.exec(name)?.groups ?? {};
  if (system === undefined || processor === undefined) throw new TypeError(`${name} names no platform: add it to the lockfile by hand`);
  const libc = library === 'musl' ? { libc: ['musl'] } : library === 'gnu' ? { libc: ['glibc'] } : {};
  return { os: [system], cpu: [processor], ...libc };
}

/** The lockfile with an entry for every package that it left out, sorted as npm sorts them. */
export function completeLockfile(lockfile: Lockfile): Lockfile {
  const added = missingPlatformPackages(lockfile).map(({ name, version, wantedBy }) => {
    const dev = lockfile.packages[wantedBy]?.dev === true ? { dev: true } : {};
    const { os, cpu, ...libc } = platformOf(name);
    // In the order in which npm writes them, so that npm leaves the entry as it is.
    return [`node_modules/${name}`, { version, cpu, ...dev, ...libc, optional: true, os }] as const;
  });
  const entries = [...Object.entries(lockfile.packages), ...added];
  return { ...lockfile, packages: Object.fromEntries(entries.sort(([one], [other]) => one.localeCompare(other, 'en'))) };
}
