// SPDX-License-Identifier: Apache-2.0
import { arrayAt, at, type JsonObject, numberAt, stringAt } from '../../evidence/json.ts';
import type { Facts, Observation, RawItem } from '../../evidence/observation.ts';
import { partitionOf } from './interpret-event.ts';

const keyRegion = /\/CloudTrail-Digest\/([a-z0-9-]+)\//;

/**
 * The observation of one CloudTrail digest file and of its check, which the reader puts into the context as `check`.
 * Without a check the fact `digestChain` is absent: a digest that nobody checked proves nothing.
 */
export function interpretDigest(item: RawItem, detail: JsonObject): Observation {
  const { context } = item;
  const key = stringAt(detail, 'digestS3Object') ?? '';
  const place = `${stringAt(detail, 'digestS3Bucket') ?? ''}/${key}`;
  const region = keyRegion.exec(key)?.[1] ?? context.region;
  const account = stringAt(detail, 'awsAccountId') ?? context.account;
  const facts = factsOf(item);
  const chain = stringAt(facts, 'digestChain') ?? 'unchecked';
  const end = stringAt(detail, 'digestEndTime') ?? null;
  return {
    source: 'cloudtrail',
    kind: 'execution',
    partition: partitionOf(region, context.partition),
    account,
    region,
    sourceIdentity: `digest|${place}`,
    // A file at the same place with another content is another version; so is another result of the check.
    versionKey: { contentAnd: [chain, stringAt(facts, 'digestSignature') ?? '', stringAt(facts, 'digestHashes') ?? ''] },
    findingKey: `cloudtrail|digest|${place}`,
    occurredAt: end,
    observedAt: end,
    title: titleOf(chain, facts, end),
    severity: null,
    resources: [{ arn: `arn:${partitionOf(region, context.partition)}:s3:::${place}`, type: 'AWS::S3::Object' }],
    detail,
    text: item.text,
    facts,
  };
}

function factsOf({ context }: RawItem): Facts {
  const check = at(context, 'check');
  if (check === undefined) return { digestSignature: 'not-checked', digestHashes: 'not-checked' };
  const chain = stringAt(check, 'chain');
  const gap = stringAt(check, 'gap');
  const problems = [...arrayAt(check, 'problems'), ...arrayAt(check, 'unread')];
  const publicKey = stringAt(context, 'publicKey');
  return {
    ...(chain === undefined ? {} : { digestChain: chain }),
    digestSignature: stringAt(check, 'signature') ?? 'not-checked',
    digestHashes: stringAt(check, 'hashes') ?? 'not-checked',
    logFilesListed: numberAt(check, 'logFilesListed') ?? 0,
    logFilesChecked: numberAt(check, 'logFilesChecked') ?? 0,
    ...(problems.length === 0 ? {} : { digestProblems: problems }),
    ...(gap === undefined ? {} : { digestGap: gap }),
    // Kept with the evidence: without the key and the signature nobody can check again when AWS no longer lists the key.
    ...(publicKey === undefined ? {} : { digestPublicKey: publicKey }),
    ...(stringAt(context, 'signature') === undefined ? {} : { digestSignatureValue: stringAt(context, 'signature') ?? '' }),
  };
}

function titleOf(chain: string, facts: Facts, end: string | null): string {
  const hour = `CloudTrail log files up to ${end ?? 'an unknown hour'}`;
  const [problem] = arrayAt(facts, 'digestProblems');
  const named = `${stringAt(problem, 'what') ?? 'something does not fit'} (${stringAt(problem, 'file') ?? 'no file named'})`;
  if (chain === 'broken') return `${hour}: ${named}`;
  if (chain === 'valid') return `${hour}: proven complete and unchanged`;
  if (chain === 'gap') return `${hour}: ${stringAt(facts, 'digestGap') ?? 'hours are not covered'}`;
  if (chain === 'unsigned') return `${hour}: hashes fit, signature not checked`;
  return problem === undefined ? `${hour}: not checked` : `${hour}: not checked, as ${named}`;
}
