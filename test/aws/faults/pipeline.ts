// SPDX-License-Identifier: Apache-2.0
import { verifyLedger } from '../../../src/ledger/verify-ledger.ts';
import { verifyVault } from '../../../src/ledger/verify-vault.ts';
import { type Publish, sealHandler } from '../../../src/runtime/aws/seal-handler.ts';
import { createdNotice, FunctionHome, lambdaContext } from '../../support/function-home.ts';
import { listAll } from '../../support/index-views.ts';
import { SignedHistory } from '../../support/ledger-invariants.ts';
import { scripted, stepsInParts } from '../../support/scripted-source.ts';
import type { Processes } from './faulty-home.ts';

const time = '2026-11-21T02:00:00.000Z';

/** All functions of a home over one source, each step tried again in a new process where it failed, as AWS does. */
export class Pipeline {
  readonly functions: FunctionHome;
  readonly processes: Processes;
  readonly published: string[] = [];
  /** How many steps failed. */
  failures = 0;

  constructor(processes: Processes) {
    this.processes = processes;
    this.functions = new FunctionHome({
      vault: processes.vault,
      index: processes.index,
      source: scripted(() => stepsInParts),
      now: () => new Date(Date.parse(time) + 300_000),
    });
  }

  async plan(scheduledAt = time): Promise<void> {
    await this.#untilDone(() => this.functions.plan('macie', scheduledAt));
  }

  async collect(): Promise<void> {
    const { queue } = this.functions;
    for (let rounds = 0; queue.waiting.length > 0; rounds++) {
      if (rounds > 8) throw new Error('the queue is never empty');
      await this.#untilDone(() => this.functions.collect('macie'));
    }
  }

  /** Notices of every segment, each twice and the second time the other way round; what fails comes again. */
  async project(): Promise<void> {
    const keys = (await Array.fromAsync(this.processes.vault.list(''))).map(({ key }) => key);
    for (const order of [keys, keys.toReversed()]) {
      let waiting = order;
      for (let rounds = 0; waiting.length > 0; rounds++) {
        if (rounds > 8) throw new Error('the notices never end');
        const { batchItemFailures: failed } = await this.#untilDone(() =>
          this.functions.notice(waiting.map((key) => createdNotice(`vault/${key}`))),
        );
        if (failed.length > 0) await this.#recover();
        waiting = failed.map(({ itemIdentifier }) => itemIdentifier.slice('notice vault/'.length));
      }
    }
  }

  async seal(extent: 'open-days' | 'everything' = 'open-days') {
    const publish: Publish = async ({ text }) => void this.published.push(text);
    const { telemetry } = this.functions;
    return await this.#untilDone(() => {
      const { vault, ledger, signer, previousSigner } = this.processes;
      const parts = { vault, ledger, signer, previousSigner, publish, telemetry, now: () => new Date(time) };
      const handler = sealHandler(
        () => telemetry,
        async () => parts,
      );
      return handler({ extent, scheduledAt: time }, lambdaContext());
    });
  }

  /** What must be the same whatever happened on the way. */
  async lasting() {
    const { index } = this.processes;
    const findings = await listAll(index, { kind: 'finding' }, 100);
    return {
      findings: findings.map(({ id, region, title }) => [id, region, title].join()).sort(),
      counts: (await index.totals()).filter(({ kind }) => kind === 'finding'),
      openGaps: (await index.openGaps()).map(({ region, what }) => `${region} ${what}`),
      unfinished: (await index.unfinishedPlans()).length,
    };
  }

  /** Problems that an auditor would find, and how much is sealed; throws where more than one history was signed. */
  async verified(checkpoint?: string) {
    const { vault, ledger, signer, previousSigner } = this.processes;
    const verifierKeys = [signer, ...(previousSigner === null ? [] : [previousSigner])].map(({ verifierKey }) => verifierKey);
    if (previousSigner === null) await new SignedHistory(signer.verifierKey).check(ledger);
    const found = await verifyLedger(ledger, { verifierKeys, ...(checkpoint === undefined ? {} : { checkpoint }) });
    const segments = await verifyVault(vault, ledger, { records: true, threads: 0 });
    return { problems: [...found.problems, ...segments.problems], leaves: found.checked.leaves, segments: segments.checked.segments };
  }

  async #untilDone<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    try {
      const answer = await work();
      if (!this.processes.fault.isDead) return answer;
    } catch (error) {
      if (!/killed|dead|TimeoutError|ExpiredToken/.test(String(error instanceof Error ? error.message : error))) throw error;
    }
    await this.#recover();
    return await work();
  }

  async #recover(): Promise<void> {
    this.failures++;
    await this.processes.restart();
  }
}
