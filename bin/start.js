#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
// `npm start`: the sample account, for a first look.
process.argv.splice(2, 0, 'start');
await import('./aims.js');
