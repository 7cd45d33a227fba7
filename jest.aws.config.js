// SPDX-License-Identifier: Apache-2.0
import base from './jest.config.js';

/** @type {import('jest').Config} */
export default {
  ...base,
  testMatch: ['<rootDir>/test/aws/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  // One at a time: each starts servers of its own, and a deployment takes both processors.
  maxWorkers: 1,
  testTimeout: 120_000,
};
