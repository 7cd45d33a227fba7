// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Checkpoint, formatCheckpoint, openCheckpoint } from '../../src/ledger/checkpoint.ts';
import { LedgerError } from '../../src/ledger/ledger-store.ts';
import { leafHash } from '../../src/ledger/merkle.ts';
import { verifyConsistency, verifyInclusion } from '../../src/ledger/merkle-proof.ts';
import { parseNote, parseVerifierKey } from '../../src/ledger/note.ts';
import { TileEdge } from '../../src/ledger/tile-edge.ts';
import { TileReader } from '../../src/ledger/tile-reader.ts';

/**
 * Checks a log that another implementation wrote: DIR/tlog-tiles, the test log of transparency-dev/tessera with its checkpoints 0 to 15.
 * `node test/acceptance/tlog-tiles.ts DIR`
 */
const dir = join(process.argv[2] ?? '.', 'tlog-tiles');
// The test log's public key: transparency-dev/tessera, testdata/build_log.sh, read 2026-11.
const key = parseVerifierKey('example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx');

const store = {
  getTile: async (path: string): Promise<Uint8Array> => {
    if (!existsSync(join(dir, path))) throw new LedgerError('LEDGER_TILE_ABSENT', path);
    return readFileSync(join(dir, path));
  },
};

let passed = 0;
let failed = 0;
function check(what: string, holds: boolean): void {
  if (holds) passed += 1;
  else {
    failed += 1;
    process.stdout.write(`${what}: failed\n`);
  }
}

function readCheckpoint(name: string): Checkpoint {
  const note = readFileSync(join(dir, name), 'utf8');
  const checkpoint = openCheckpoint(note, [key]);
  check(`${name} is written as we would write it`, formatCheckpoint(checkpoint) === parseNote(note).text);
  return checkpoint;
}

async function checkTree({ size, root }: Checkpoint): Promise<void> {
  const reader = new TileReader(store, size);
  const edge = new TileEdge();
  if (size > 0) for (const leaf of await reader.entries(0)) edge.append(leaf);
  check(`root of ${size} rebuilt from its entries`, edge.root().equals(root));
  check(`root of ${size} from its tiles`, (await reader.root({ start: 0, end: size })).equals(root));
  for (const { path, bytes } of edge.partials()) check(`${path} rebuilt`, Buffer.compare(await store.getTile(path), bytes) === 0);
  for (const [index, leaf] of (size > 0 ? await reader.entries(0) : []).entries()) {
    const proof = await reader.proof({ start: index, end: index + 1 });
    check(`leaf ${index} in ${size}`, verifyInclusion({ index, hash: leafHash(leaf) }, { size, root }, proof));
  }
}

const names = Array.from({ length: 16 }, (_, size) => `checkpoint.${size}`);
const checkpoints = names.map(readCheckpoint);
readCheckpoint('checkpoint');
for (const checkpoint of checkpoints) await checkTree(checkpoint);
for (const newer of checkpoints) {
  for (const older of checkpoints.slice(1, newer.size + 1)) {
    const proof = await new TileReader(store, newer.size).proof({ start: 0, end: older.size });
    check(`${older.size} is consistent with ${newer.size}`, verifyConsistency(older, newer, proof));
  }
}
process.stdout.write(`tlog-tiles: ${checkpoints.length} checkpoints, ${passed} checks passed, ${failed} failed\n`);
process.exitCode = failed > 0 || checkpoints.length !== 16 ? 1 : 0;
