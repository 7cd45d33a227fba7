// SPDX-License-Identifier: Apache-2.0
import { rm } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { processBatch } from '../../../src/collect/process-batch.ts';
import { type SourceId, sourceIds } from '../../../src/evidence/observation.ts';
import { noDeclarations } from '../../../src/evidence/scope-file.ts';
import type { SealContext } from '../../../src/evidence/seal-record.ts';
import { laptopTools } from '../../../src/runtime/laptop-tools.ts';
import { fileItems } from '../../../src/sources/file-items.ts';
import { asff, ocsf } from '../../fixtures/securityhub/findings.ts';
import { eventBridge } from '../../support/evidence-folder.ts';
import { folderOf, trailRecord } from '../../support/intake.ts';
import { sensitiveFinding } from '../../support/macie.ts';
import { sealContext } from '../../support/seal-context.ts';

const { pipeline } = laptopTools(noDeclarations);
const contexts: ReadonlyMap<SourceId, SealContext> = new Map(sourceIds.map((id) => [id, sealContext]));
const setting = { sweptAt: '2026-11-21T00:00:00.000Z', contexts };

type End = 'record' | 'gap' | 'unrecognised';

/** How the items of a file end. Whether a record is a duplicate is known when it is written: here it is a record. */
async function endsOf(file: string | Uint8Array): Promise<End[]> {
  const root = await folderOf({ f: file });
  const ends: End[] = [];
  for await (const reading of fileItems(root)) {
    if ('unrecognised' in reading) ends.push('unrecognised');
    else if ('problem' in reading) ends.push('gap');
    else {
      const { sealed, deferred, gaps, unrecognised } = processBatch(pipeline, setting, reading.batch, new Set());
      // What waits for the account's other items is interpreted again by the thread that knows them.
      const later = deferred.flatMap((item) => pipeline.interpret(item).map((one): End => ('gap' in one ? 'gap' : 'record')));
      ends.push(...sealed.flatMap(({ ids }) => ids.map((): End => 'record')), ...later);
      ends.push(...gaps.map((): End => 'gap'), ...unrecognised.map((): End => 'unrecognised'));
    }
  }
  await rm(root, { recursive: true });
  return ends;
}

const name = fc.string({ maxLength: 8 }).filter((text) => !['Records', 'Events', 'Findings', 'findings'].includes(text));
const anything = fc.dictionary(name, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 });
const models: readonly object[] = [JSON.parse(trailRecord('e-1')), asff, { type_uid: 200301, ...ocsf }, sensitiveFinding];

/** A record or finding of which some members are gone and one is something else. */
const deviating = fc.constantFrom(...models).chain((model) => {
  const member = fc.constantFrom(...Object.keys(model));
  return fc.tuple(fc.uniqueArray(member, { maxLength: 4 }), member, fc.jsonValue({ maxDepth: 1 })).map(([gone, changed, value]) => {
    const kept = Object.entries({ ...model, [changed]: value }).filter(([key]) => !gone.includes(key));
    return Object.fromEntries(kept);
  });
});

/** Wrappings that AWS puts around one thing, or around nothing. */
const wrapped = fc.tuple(deviating, fc.nat({ max: 1 })).chain(([one, count]) => {
  const list = JSON.stringify([one].slice(0, count));
  return fc.constantFrom(
    eventBridge('aws.securityhub', 'Security Hub Findings - Imported', `{"findings":${list}}`),
    eventBridge('aws.securityhub', 'Findings Imported V2', `{"findings":${list}}`),
    eventBridge('aws.macie', 'Macie Finding', JSON.stringify(one)),
    eventBridge('aws.sagemaker', 'AWS API Call via CloudTrail', JSON.stringify(one)),
    JSON.stringify({ EventId: 'e', CloudTrailEvent: JSON.stringify(one) }),
    JSON.stringify({ messageType: 'DATA_MESSAGE', logEvents: [{ message: JSON.stringify(one) }].slice(0, count) }),
  );
});
const empty = fc.constantFrom('{"violations":[]}', '{"version":"1.0","violations":[]}', '{"logEvents":[]}', '{}');
// A page of AWS's own without items is none; only a file that holds nothing else is told about.
const emptyPage = fc.constantFrom('{"findings":[]}', '{"Records":[]}');
const item = fc.oneof(
  deviating.map((one) => JSON.stringify(one)),
  anything.map((one) => JSON.stringify(one)),
  wrapped,
  empty,
);

const alone = fc.constantFrom<(text: string) => string | Uint8Array>(
  (text) => text,
  (text) => `${' '.repeat(3_000)}${text}\n`,
  (text) => gzipSync(text),
  (text) => `[${text}]`,
  (text) => `[[${text}]]`,
  (text) => `{"Records":[${text}]}`,
  (text) => `[{"Events":[${text}]}]`,
  (text) => `{"own":${text}}`,
  (text) => `{"own":[${text}],"note":"n"}`,
);
const together = fc.constantFrom<(texts: readonly string[]) => string | Uint8Array>(
  (texts) => texts.join('\n'),
  (texts) => gzipSync(texts.join('\r\n')),
  (texts) => `[${texts.join(', ')}]`,
  (texts) => `{"Findings":[${texts.join()}],"NextToken":"t"}`,
);

describe('every item of a file', () => {
  it('ends as one record, gap, or line of what was not recognised, whatever it lacks and whatever it came in', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof({ arbitrary: item, weight: 9 }, emptyPage), alone, async (text, file) => {
        expect(await endsOf(file(text))).toHaveLength(1);
      }),
      { numRuns: 300 },
    );
  });

  it('ends so beside others', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(item, { minLength: 2, maxLength: 8 }), together, async (texts, file) => {
        expect(await endsOf(file(texts))).toHaveLength(texts.length);
      }),
      { numRuns: 100 },
    );
  });

  it('ends in each of the three ways, by what it is', async () => {
    const lines = [trailRecord('e-1'), '{"violations":[]}', '{"Id":"cut', '{"colour":"red"}'];
    expect((await endsOf(lines.join('\n'))).sort()).toEqual(['gap', 'record', 'record', 'unrecognised']);
  });
});
