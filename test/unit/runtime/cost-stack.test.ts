// SPDX-License-Identifier: Apache-2.0
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { ConfigurationInput } from '../../../lib/parse-configuration.ts';
import { AimsEvidenceStack } from '../../../lib/stacks/aims-evidence-stack.ts';
import { sourceIds } from '../../../src/evidence/observation.ts';
import { configurationSchema } from '../../../src/runtime/deployment/configuration-schema.ts';
import { mostMetrics, stackParts } from '../../../src/runtime/deployment/cost-stack.ts';
import { monthDays } from '../../../src/runtime/deployment/cost-workload.ts';
import { deployedSources } from '../../../src/runtime/deployment/source-declarations.ts';
import { temporaryDirectories } from '../../support/temporary-directory.ts';

const directory = temporaryDirectories('cost-stack');
let functions: string;

beforeAll(async () => {
  functions = await directory();
  for (const name of ['plan', 'project', 'seal', 'self-audit', ...sourceIds.map((id) => `collect-${id}`)]) {
    await mkdir(join(functions, name));
    await writeFile(join(functions, name, 'index.mjs'), 'export const handler = () => null;\n');
  }
});

function templateOf(configuration: ConfigurationInput): Template {
  return Template.fromStack(
    new AimsEvidenceStack(new App({ outdir: join(functions, 'cdk.out') }), 'Counted', { configuration, functions }),
  );
}

describe('what the estimate counts of a stack is what the template holds:', () => {
  it.each([
    ['the defaults', {}],
    ['no events', { events: false }],
    ['two sources, and a key for the vault', { sources: ['macie', 'cloudtrail'], vault: { encryption: 'customer' } }],
  ] satisfies [string, ConfigurationInput][])('%s', (_, configuration) => {
    const template = templateOf(configuration);
    const parsed = configurationSchema.parse(configuration);
    const parts = stackParts(parsed, deployedSources(parsed));
    const count = (type: string) => Object.keys(template.findResources(type)).length;
    expect(count('AWS::CloudWatch::Alarm')).toBe(parts.alarms);
    expect(count('AWS::KMS::Key')).toBe(parts.keys.length);
    expect(count('AWS::Lambda::EventSourceMapping')).toBe(parts.fifoQueues + parts.standardQueues);
    expect(parts.metrics).toBeGreaterThan(10);
    expect(parts.metrics).toBeLessThanOrEqual(mostMetrics(parsed.sources.length));
    const logs = Object.values(template.findResources('AWS::Logs::LogGroup')).map(({ Properties }) => Properties.RetentionInDays);
    expect(logs).toHaveLength(parts.logGroups);
    for (const days of logs) expect(days).toBe(Math.round(parts.logMonths * monthDays));
    const memories = Object.values(template.findResources('AWS::Lambda::Function', { Properties: { Architectures: ['arm64'] } }));
    expect(memories.length).toBeGreaterThan(5);
    for (const { Properties } of memories) expect(Properties.MemorySize / 1_024).toBeLessThanOrEqual(parts.collectorGigabytes);
  });
});
