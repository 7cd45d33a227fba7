// SPDX-License-Identifier: Apache-2.0
import base from './jest.config.js';

/** @type {import('jest').Config} */
export default {
  ...base,
  testMatch: ['<rootDir>/test/{built,cdk}/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
};
