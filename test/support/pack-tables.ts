// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import type { Json } from '../../src/evidence/json.ts';

const pack: { tables: Record<string, Json> } = JSON.parse(readFileSync('mappings/pack.json', 'utf8'));

/** The tables of the pack, as sources are made with them. */
export const tables: Readonly<Record<string, Json>> = pack.tables;
