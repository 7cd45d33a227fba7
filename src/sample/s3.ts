// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import { trailBuckets } from './cloudtrail/log-objects.ts';
import { xmlText } from './refusals.ts';
import { reportBuckets, type SampleBucket, type SampleObject } from './sagemaker/report-objects.ts';
import type { SampleAnswer, SampleRequest, SampleService } from './sample-service.ts';

/** S3 of the sample organisation: GetObject, HeadObject and ListObjectsV2 over the buckets that hold reports and log files. */
export const s3Service: SampleService = (request, world) => {
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return refused(405, 'MethodNotAllowed', 'The specified method is not allowed against this resource.');
  const [, name = '', key = ''] = /^\/([^/]*)\/?(.*)$/s.exec(request.path) ?? [];
  const bucket = reportBuckets(world).get(name) ?? trailBuckets(world).get(name);
  if (bucket === undefined) return refused(404, 'NoSuchBucket', 'The specified bucket does not exist');
  if (bucket.owner !== request.account) return refused(403, 'AccessDenied', 'Access Denied');
  if (key === '') return list(request, name, bucket);
  const object = bucket.objects.get(key);
  return object === undefined ? refused(404, 'NoSuchKey', 'The specified key does not exist.') : content(object);
};

function content(object: SampleObject): SampleAnswer {
  const body = bytesOf(object);
  const headers = {
    'content-type': object.key.endsWith('.json') ? 'application/json' : 'binary/octet-stream',
    'last-modified': new Date(object.lastModified).toUTCString(),
    etag: etagOf(body),
  };
  return { status: 200, body, headers };
}

function bytesOf({ text, bytes }: SampleObject): Uint8Array {
  return bytes?.() ?? new Uint8Array(Buffer.from(text()));
}

function etagOf(body: Uint8Array): string {
  return `"${hash('md5', body)}"`;
}

const largestPage = 1000;

function list({ query }: SampleRequest, name: string, { objects }: SampleBucket): SampleAnswer {
  const prefix = query.get('prefix') ?? '';
  const asked = Number(query.get('max-keys') ?? largestPage);
  const size = Math.min(Number.isInteger(asked) && asked >= 0 ? asked : largestPage, largestPage);
  // The token is the last key of the page before.
  const token = query.get('continuation-token');
  const after = token === null ? (query.get('start-after') ?? '') : Buffer.from(token, 'base64url').toString('utf8');
  const delimiter = query.get('delimiter') ?? '';
  const below = [...objects.values()].filter(({ key }) => key.startsWith(prefix));
  // What is below a folder is not listed but its folder is; the sample has few of them, so they come on every page.
  const folderOf = ({ key }: SampleObject) => key.slice(0, key.indexOf(delimiter, prefix.length) + 1);
  const folders = delimiter === '' ? [] : [...new Set(below.map(folderOf).filter((folder) => folder !== ''))];
  const found = below.filter((object) => object.key > after && (delimiter === '' || folderOf(object) === ''));
  const page = found.slice(0, size);
  const isTruncated = found.length > page.length;
  const next = isTruncated
    ? `<NextContinuationToken>${Buffer.from(page.at(-1)?.key ?? '').toString('base64url')}</NextContinuationToken>`
    : '';
  const body =
    '<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">' +
    `<Name>${xmlText(name)}</Name><Prefix>${xmlText(prefix)}</Prefix><KeyCount>${page.length}</KeyCount><MaxKeys>${size}</MaxKeys>` +
    `<IsTruncated>${isTruncated}</IsTruncated>${next}${page.map(listed).join('')}${folders.map(common).join('')}</ListBucketResult>`;
  return { status: 200, body, headers: { 'content-type': 'application/xml' } };
}

function common(folder: string): string {
  return `<CommonPrefixes><Prefix>${xmlText(folder)}</Prefix></CommonPrefixes>`;
}

function listed(object: SampleObject): string {
  const { key, lastModified } = object;
  const body = bytesOf(object);
  const time = new Date(lastModified).toISOString();
  return (
    `<Contents><Key>${xmlText(key)}</Key><LastModified>${time}</LastModified><ETag>${xmlText(etagOf(body))}</ETag>` +
    `<Size>${body.byteLength}</Size><StorageClass>STANDARD</StorageClass></Contents>`
  );
}

function refused(status: number, code: string, message: string): SampleAnswer {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${xmlText(message)}</Message></Error>`;
  return { status, body, headers: { 'content-type': 'application/xml' } };
}
