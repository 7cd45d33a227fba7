// SPDX-License-Identifier: Apache-2.0
import { type Gap, gapMessage } from '../../evidence/gap.ts';
import type { Reading } from '../../evidence/observation.ts';
import { Resumption } from '../mark.ts';
import { openS3 } from '../report/open-s3.ts';
import { GapTally } from '../report/read-report.ts';
import type { Connection, Scope } from '../source.ts';
import { CloudTrailCalls } from './cloudtrail-calls.ts';
import { deliveredAt, logAddress } from './log-place.ts';
import { cloudTrailParts } from './read-category.ts';
import { readNamedDigest } from './read-digests.ts';
import { readLogFile } from './read-log-files.ts';

/** Reads one log or digest file that an event named, with the records that listing its folder gives. */
export async function* readNamedLog(connection: Connection, asked: Scope, uri: string): AsyncGenerator<Reading> {
  const address = logAddress(uri);
  if (address === null) {
    yield { gap: strangerGap(uri) };
    return;
  }
  const sdk = await import('@aws-sdk/client-cloudtrail');
  const client = new sdk.CloudTrailClient(connection.clientConfig);
  const s3 = await openS3(connection);
  // The keys of a digest are asked for the time that it was written, however late its event comes.
  const delivered = new Date(deliveredAt(uri) ?? Date.parse(asked.sweptAt)).toISOString();
  const scope: Scope = { ...asked, window: { since: delivered, until: delivered } };
  const calls = new CloudTrailCalls(client, connection.channel, scope);
  try {
    if (address.kind === 'CloudTrail-Digest') {
      const done = new Resumption(cloudTrailParts, null);
      yield* readNamedDigest({ sdk, connection, calls, s3, done, told: new Set() }, uri);
      return;
    }
    const gaps = new GapTally();
    yield* readLogFile({ s3, calls, gaps, seen: () => undefined }, uri);
    yield* gaps.drain();
  } finally {
    client.destroy();
    s3.close();
  }
}

function strangerGap(uri: string): Gap {
  const happened = `${uri} lies where log files are and is none of CloudTrail's log and digest files, by its name.`;
  const message = gapMessage(happened, 'say what it is, and let nothing but CloudTrail write there');
  return { reason: 'unsupported', extent: 'item', what: uri, message, code: 'LOG_FILE_UNRECOGNISED', detail: { uri } };
}
