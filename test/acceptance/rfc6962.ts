// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import * as z from 'zod';
import { verifyConsistency, verifyInclusion, verifySubtreeConsistency, verifySubtreeInclusion } from '../../src/ledger/merkle-proof.ts';

/**
 * Runs the proof vectors of transparency-dev/merkle, DIR/rfc6962-merkle.tar.gz: inclusion, consistency and subtree proofs, good and bad.
 * `node test/acceptance/rfc6962.ts DIR`
 */
const hash = z.nullish(z.base64()).transform((text) => Buffer.from(text ?? '', 'base64'));
const common = { proof: z.nullish(z.array(hash)).transform((hashes) => hashes ?? []), wantErr: z.boolean(), desc: z.string() };

const cases: Record<string, (vector: unknown) => { ok: boolean; wantErr: boolean }> = {
  inclusion: (vector) => {
    const { leafIdx, treeSize, root, leafHash, proof, wantErr } = z
      .object({ ...common, leafIdx: z.number(), treeSize: z.number(), root: hash, leafHash: hash })
      .parse(vector);
    return { ok: verifyInclusion({ index: leafIdx, hash: leafHash }, { size: treeSize, root }, proof), wantErr };
  },
  consistency: (vector) => {
    const { size1, size2, root1, root2, proof, wantErr } = z
      .object({ ...common, size1: z.number(), size2: z.number(), root1: hash, root2: hash })
      .parse(vector);
    return { ok: verifyConsistency({ size: size1, root: root1 }, { size: size2, root: root2 }, proof), wantErr };
  },
  subtreeinclusion: (vector) => {
    const { leafIdx, start, end, root, leafHash, proof, wantErr } = z
      .object({ ...common, leafIdx: z.number(), start: z.number(), end: z.number(), root: hash, leafHash: hash })
      .parse(vector);
    return { ok: verifySubtreeInclusion({ index: leafIdx, hash: leafHash }, { start, end, root }, proof), wantErr };
  },
  subtreeconsistency: (vector) => {
    const { start, end, size, root1, root2, proof, wantErr } = z
      .object({ ...common, start: z.number(), end: z.number(), size: z.number(), root1: hash, root2: hash })
      .parse(vector);
    return { ok: verifySubtreeConsistency({ start, end, size, part: root1, whole: root2 }, proof), wantErr };
  },
};

function run(dir: string): { passed: number; failed: number } {
  const counts = { passed: 0, failed: 0 };
  const files = readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'));
  for (const file of files) {
    const kind = file.split(sep).find((part) => part in cases) ?? '';
    const { ok, wantErr } = cases[kind]?.(JSON.parse(readFileSync(join(dir, file), 'utf8'))) ?? { ok: true, wantErr: true };
    if (ok !== wantErr) counts.passed += 1;
    else {
      counts.failed += 1;
      process.stdout.write(`${file}: ${ok ? 'accepted, should be rejected' : 'rejected, should be accepted'}\n`);
    }
  }
  return counts;
}

const unpacked = mkdtempSync(join(tmpdir(), 'rfc6962-'));
try {
  execFileSync('tar', ['-xzf', join(process.argv[2] ?? '.', 'rfc6962-merkle.tar.gz'), '-C', unpacked]);
  const { passed, failed } = run(unpacked);
  process.stdout.write(`rfc6962: ${passed} passed, ${failed} failed\n`);
  process.exitCode = failed > 0 || passed < 500 ? 1 : 0;
} finally {
  rmSync(unpacked, { recursive: true });
}
