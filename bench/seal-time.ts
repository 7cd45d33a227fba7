// SPDX-License-Identifier: Apache-2.0
// How long a seal over everything takes at ten million segments, and whether it fits into a function: by arithmetic over what is measured here
// (the processor's share) and assumed of S3 (its answers), as no bucket of that size is at hand.
import { hash } from 'node:crypto';
import { Readable } from 'node:stream';
import { S3Client } from '@aws-sdk/client-s3';
import { HttpResponse } from '@smithy/core/protocols';
import { KeySet } from '../src/ledger/key-set.ts';
import { tileWidth } from '../src/ledger/tiles.ts';
import { foldersAtOnce, pagesAhead } from '../src/vault/s3-list-by-folder.ts';
import { listHistories } from '../src/vault/s3-versions.ts';
import { formatSegmentKey } from '../src/vault/segment-key.ts';
import { VersionedBucket } from '../test/support/versioned-bucket.ts';

const pageKeys = 1_000;
/** Assumed, and generous: a full page of versions, and the two calls that a bundle of the ledger takes. */
const pageSeconds = 0.3;
const bundleSeconds = 0.1;
const bundlesAtOnce = 16;
/** What a seal leaves in the ledger; most of it in as many folders, about evenly. */
const objectsPerSeal = 7;
const sealsPerDay = 97;
const foldersOfLedger = 4;
const functionSeconds = 900;
/** Of 1,024 MB: Lambda gives a whole processor at 1,769 MB, https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html, read 2026-11. */
const functionMegabytes = 1_024;
const processorShare = functionMegabytes / 1_769;

/** Milliseconds of this machine's processor for one page: taken out of the answer, decoded, made into histories. */
async function measurePage(): Promise<number> {
  const bucket = new VersionedBucket();
  for (let i = 0; i < pageKeys; i++) {
    const key = formatSegmentKey({ writtenOn: '2026-11-21', source: 'cloudtrail', sha256: hash('sha256', `segment ${i}`) });
    bucket.put(`vault/${key}`, Buffer.alloc(0));
  }
  const last = bucket.list({ prefix: 'vault/', delimiter: '', marker: { key: '', versionId: '' } });
  const more = '<IsTruncated>true</IsTruncated><NextKeyMarker>k</NextKeyMarker><NextVersionIdMarker>v</NextVersionIdMarker>';
  const page = last.replace('<IsTruncated>false</IsTruncated>', more);
  const pages = 200;
  let given = 0;
  const answer = () => new HttpResponse({ statusCode: 200, body: Readable.from([Buffer.from(++given % pages === 0 ? last : page)]) });
  const client = new S3Client({
    region: 'eu-west-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    requestHandler: { handle: async () => ({ response: answer() }) },
  });
  const place = { client, bucket: 'evidence', prefix: 'vault/', retention: null, encryptionKeyArn: null };
  await Array.fromAsync(listHistories(place, ''));
  const before = process.cpuUsage();
  for await (const { isHidden } of listHistories(place, '')) if (isHidden) throw new Error('nothing was hidden');
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000 / pages;
}

/** Microseconds for a key of a leaf to be noted, in a set that grows. */
function measureKey(): number {
  const keys = 1_000_000;
  const set = new KeySet();
  const before = performance.now();
  for (let i = 0; i < keys; i++) set.add(`written=2026-11-21/source=cloudtrail/${i}`);
  return ((performance.now() - before) * 1_000) / keys;
}

/** Prints how long the parts of a seal over everything take, and what limits it. */
export async function printSealTime(segments: number, days: number): Promise<void> {
  const pages = days * (Math.ceil(segments / days / pageKeys) + 1);
  const listing = (pages * pageSeconds) / foldersAtOnce;
  const oneByOne = (segments / pageKeys) * pageSeconds;
  const bundles = Math.ceil(segments / tileWidth);
  const reading = (bundles * bundleSeconds) / bundlesAtOnce;
  const ledgerPages = Math.ceil((days * sealsPerDay * objectsPerSeal + 2 * bundles) / pageKeys);
  const lookingAtLedger = (ledgerPages / foldersOfLedger) * pageSeconds;
  const [pageMs, keyUs] = [await measurePage(), measureKey()];
  // Each key is noted once and looked up once.
  const computing = (((pages + ledgerPages) * pageMs) / 1_000 + (segments * 2 * keyUs) / 1e6) / processorShare;
  const whole = (seconds: number) => `${Math.ceil(seconds)} s`;
  console.log(
    `\nhow long a seal over everything takes at ${segments.toLocaleString('en')} segments of ${days} days, in ${functionMegabytes} MB:`,
  );
  console.log(
    `  waiting for ${pages.toLocaleString('en')} pages of ${pageSeconds} s, ${foldersAtOnce} at once: ${whole(listing)} (one by one ${whole(oneByOne)})`,
  );
  console.log(`  waiting for ${bundles.toLocaleString('en')} bundles of ${bundleSeconds} s, ${bundlesAtOnce} at once: ${whole(reading)}`);
  console.log(
    `  waiting for ${ledgerPages} pages of what seals left in the ledger, ${foldersOfLedger} folders of it at once: ${whole(lookingAtLedger)}`,
  );
  console.log(`  computing, of ${pageMs.toFixed(1)} ms a page and ${keyUs.toFixed(1)} µs a key here: ${whole(computing)}`);
  const sum = listing + reading + lookingAtLedger + computing;
  console.log(
    `  together, as if nothing overlapped: ${whole(sum)} of ${functionSeconds} s; so up to ${Math.floor((segments * functionSeconds) / sum / 1e6)} million segments in one call`,
  );
  const held = (foldersAtOnce * pagesAhead * pageKeys * 300) / 2 ** 20;
  console.log(
    `  memory: ${KeySet.megabytesFor(segments)} MB of keys, some ${Math.ceil(held)} MB of pages; ${KeySet.megabytesFor(2 * segments)} MB of keys at twice as many, which needs a larger function`,
  );
  console.log(
    '  limits: one day of more than a million segments is listed page by page; a new segment takes a read of its own beside all this',
  );
}
