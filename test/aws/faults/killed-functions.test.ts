// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { FailureMoment } from '../../support/failing.ts';
import { Fault } from './fault.ts';
import { FaultyServers, Processes } from './faulty-home.ts';
import { Pipeline } from './pipeline.ts';

const servers = new FaultyServers();

async function run(fault: Fault): Promise<Pipeline> {
  const pipeline = new Pipeline(await Processes.start(servers, await servers.newHome(), fault));
  await pipeline.plan();
  await pipeline.collect();
  await pipeline.project();
  await pipeline.seal();
  return pipeline;
}

const moments: readonly FailureMoment[] = ['before', 'after'];
/** Killed; credentials that expired meanwhile; an answer that never came. */
const kinds = [null, 'ExpiredTokenException', 'TimeoutError'] as const;

describe('functions over S3, DynamoDB and KMS', () => {
  it('leave what they leave when nothing fails, however often notices come', async () => {
    const fault = new Fault(0, 'before', null);
    const pipeline = await run(fault);
    const expected = await pipeline.lasting();
    expect(expected.findings).toHaveLength(3);
    expect(expected).toMatchObject({ openGaps: ['eu-west-1 macie2:GetFindings'], unfinished: 0 });
    const found = await pipeline.verified();
    expect(found).toMatchObject({ problems: [], leaves: found.segments });
    expect(fault.effects).toBeGreaterThan(10);
    expect(pipeline.failures).toBe(0);
    pipeline.processes.close();
  });

  it.each(moments.flatMap((moment) => kinds.map((error) => ({ moment, error }))))(
    'end in the same index and one ledger where any one write fails, $moment it took effect ($error)',
    async ({ moment, error }) => {
      const counter = new Fault(0, 'before', null);
      const whole = await run(counter);
      const expected = await whole.lasting();
      whole.processes.close();
      let failed = 0;
      for (let at = 1; at <= counter.effects; at++) {
        const fault = new Fault(at, moment, error);
        const pipeline = await run(fault);
        const { what } = fault;
        expect({ at, what, ...(await pipeline.lasting()) }).toEqual({ at, what, ...expected });
        const found = await pipeline.verified();
        expect({ at, what, ...found }).toMatchObject({ problems: [], leaves: found.segments });
        if (what !== 'nothing') failed++;
        pipeline.processes.close();
      }
      expect(failed).toBe(counter.effects);
    },
    600_000,
  );
});
