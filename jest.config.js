// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// One temporary folder for a whole run, which ends with it: what a test, a library or a killed process leaves there goes too.
const scratch = mkdtempSync(join(tmpdir(), 'aims-tests-'));
process.env.TMPDIR = scratch;
process.once('exit', () => rmSync(scratch, { recursive: true, force: true, maxRetries: 3 }));

/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  // What needs servers that npm does not bring (`npm run test:aws`), and what takes a minute to build
  // or to synthesise (`npm run test:built`): both are part of the gate, and `npm test` stays under three minutes.
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/aws/', '<rootDir>/test/built/', '<rootDir>/test/cdk/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2024', parser: { syntax: 'typescript' } }, module: { type: 'es6' } }] },
  modulePathIgnorePatterns: ['<rootDir>/cdk.out', '<rootDir>/dist'],
  maxWorkers: 2,
  // No test fails on a clock: this only ends one that hangs.
  testTimeout: 60_000,
  // Only with `npm run coverage`: a floor for the folders where every line is ours to prove.
  coverageProvider: 'v8',
  coverageReporters: ['text-summary'],
  collectCoverageFrom: ['src/{evidence,mapping,posture,collect}/**/*.ts'],
  coverageThreshold: { global: { lines: 95, branches: 90 } },
};
