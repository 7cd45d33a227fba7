// SPDX-License-Identifier: Apache-2.0
import type * as z from 'zod';
import { collectShape, startShape } from './collection-shapes.ts';
import { controlsShape } from './controls-shape.ts';
import { checkpointShape, rebuildShape, verifyShape } from './ledger-shapes.ts';
import { catalogItemShape, catalogShape, explainShape, patternLineShape, patternShape, seedAliasShape } from './mapping-shapes.ts';
import { planShape } from './plan-shape.ts';
import { evidenceShape, gapsShape, receiptShape, runsShape } from './record-list-shapes.ts';
import { showShape } from './show-shape.ts';
import { statusShape } from './status-shape.ts';

/** What a command prints with `--json`. */
export interface CommandOutput {
  /** The command as it is typed, without `aims` and options. */
  readonly command: string;
  /** What the output tells, in one sentence. */
  readonly says: string;
  readonly schema: z.ZodType;
  /** Members whose own members are described elsewhere. */
  readonly elsewhere?: readonly string[];
}

/** Every output that scripts may rely on, by the name of its JSON Schema. A command has more than one where its arguments decide. */
export const commandOutputs = {
  collect: { command: 'collect', says: 'What was read, stored and not seen.', schema: collectShape },
  start: {
    command: 'start',
    says: 'The same for the sample account, and what there is now.',
    schema: startShape,
    elsewhere: ['runs', 'unrecognised', 'checkpoint', 'damaged', 'coverage'],
  },
  controls: { command: 'controls', says: 'What is known of every clause and control. No figure adds it all up.', schema: controlsShape },
  evidence: { command: 'evidence', says: 'A page of records that fit.', schema: evidenceShape },
  show: { command: 'show ID', says: 'One record, why it claims what it claims, and its proof.', schema: showShape, elsewhere: ['record'] },
  explain: {
    command: 'explain FILE',
    says: 'What the rules say of each item in a file. Nothing is stored.',
    schema: explainShape,
  },
  runs: { command: 'runs', says: 'Finished and unfinished runs.', schema: runsShape },
  receipt: { command: 'receipt ID', says: 'The sealed account of one run.', schema: receiptShape },
  gaps: { command: 'gaps', says: 'What could not be seen.', schema: gapsShape },
  status: { command: 'status', says: 'Whether collection and sealing go on.', schema: statusShape },
  checkpoint: {
    command: 'checkpoint',
    says: 'The newest checkpoint and the keys that it verifies with.',
    schema: checkpointShape,
  },
  verify: { command: 'verify', says: 'What was checked, what is wrong, and what cannot be ruled out.', schema: verifyShape },
  'index-rebuild': { command: 'index rebuild', says: 'What was taken into the new index.', schema: rebuildShape },
  plan: { command: 'plan', says: 'What a deployment would collect, keep, be allowed, miss and cost.', schema: planShape },
  catalog: { command: 'catalog', says: 'The items of the standard that are assessed.', schema: catalogShape },
  'catalog-item': { command: 'catalog ID', says: 'One of them, with the rules that claim it.', schema: catalogItemShape },
  'catalog-seed-row': {
    command: 'catalog seed:ROW',
    says: 'What a row of the seed mapping stands for in the standard.',
    schema: seedAliasShape,
  },
  'pattern-test': { command: 'pattern test PATTERN EVENT', says: 'Whether the pattern matches the event.', schema: patternShape },
  'pattern-test-lines': {
    command: 'pattern test -',
    says: 'One object a line, for each line {"pattern":…,"event":…} that was read.',
    schema: patternLineShape,
  },
} as const satisfies Readonly<Record<string, CommandOutput>>;

/** Name of an output, and of its JSON Schema. */
export type OutputName = keyof typeof commandOutputs;
