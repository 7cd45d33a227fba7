// SPDX-License-Identifier: Apache-2.0

/** A version in a bucket in memory; without bytes it is a delete marker. */
export interface StoredVersion {
  readonly id: string;
  readonly bytes: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** Where a listing begins, and of what. */
export interface VersionListing {
  readonly prefix: string;
  readonly delimiter: string;
  readonly marker: { readonly key: string; readonly versionId: string };
}

/** Versions of keys in memory, listed as S3 lists them. */
export class VersionedBucket {
  /** Entries of one answer. */
  pageSize = 1_000;
  readonly #versions = new Map<string, StoredVersion[]>();
  #sorted: string[] | null = [];
  #count = 0;

  put(key: string, bytes: Buffer, headers: Readonly<Record<string, string>> = {}): StoredVersion {
    return this.#add(key, { id: `v${++this.#count}`, bytes, headers });
  }

  /** Puts a delete marker on top. */
  hide(key: string): StoredVersion {
    return this.#add(key, { id: `v${++this.#count}`, bytes: null, headers: {} });
  }

  /** A version, or the newest. */
  find(key: string, id: string | null): StoredVersion | undefined {
    const versions = this.#versions.get(key);
    return id === null ? versions?.at(-1) : versions?.find((version) => version.id === id);
  }

  /** ListObjectVersions, with keys encoded. */
  list({ prefix, delimiter, marker }: VersionListing): string {
    const entries: string[] = [];
    const folders = new Set<string>();
    let last: { key: string; id: string } | null = null;
    let isTruncated = false;
    for (const { key, version, isLatest } of this.#from(prefix, marker)) {
      const folder = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
      const name = folder < 0 ? null : key.slice(0, folder + 1);
      if (name !== null && (folders.has(name) || name <= marker.key)) continue;
      if (entries.length + folders.size >= this.pageSize) {
        isTruncated = true;
        break;
      }
      if (name === null) entries.push(entryOf(key, version, isLatest));
      else folders.add(name);
      last = name === null ? { key, id: version.id } : { key: name, id: '' };
    }
    const next = isTruncated && last !== null ? nextOf(last) : '';
    const prefixes = [...folders].map((name) => `<CommonPrefixes><Prefix>${encoded(name)}</Prefix></CommonPrefixes>`).join('');
    const head = `<EncodingType>url</EncodingType><IsTruncated>${isTruncated}</IsTruncated>${next}`;
    return `<?xml version="1.0" encoding="UTF-8"?><ListVersionsResult>${head}${entries.join('')}${prefixes}</ListVersionsResult>`;
  }

  /** Versions behind the marker, newest first in each key. */
  *#from(prefix: string, marker: VersionListing['marker']): Generator<{ key: string; version: StoredVersion; isLatest: boolean }> {
    this.#sorted ??= [...this.#versions.keys()].sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
    for (let at = this.#firstFrom(prefix > marker.key ? prefix : marker.key); at < this.#sorted.length; at++) {
      const key = this.#sorted[at] ?? '';
      if (!key.startsWith(prefix)) return;
      if (key < marker.key || (key === marker.key && marker.versionId === '')) continue;
      const newestFirst = (this.#versions.get(key) ?? []).toReversed();
      const after = key === marker.key ? newestFirst.findIndex(({ id }) => id === marker.versionId) + 1 : 0;
      for (const [index, version] of newestFirst.entries()) if (index >= after) yield { key, version, isLatest: index === 0 };
    }
  }

  #firstFrom(key: string): number {
    const sorted = this.#sorted ?? [];
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((sorted[middle] ?? '') < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #add(key: string, version: StoredVersion): StoredVersion {
    const versions = this.#versions.get(key);
    if (versions === undefined) {
      this.#versions.set(key, [version]);
      this.#sorted = null;
    } else versions.push(version);
    return version;
  }
}

function entryOf(key: string, { id, bytes }: StoredVersion, isLatest: boolean): string {
  const inner = `<Key>${encoded(key)}</Key><VersionId>${id}</VersionId><IsLatest>${isLatest}</IsLatest>`;
  return bytes === null ? `<DeleteMarker>${inner}</DeleteMarker>` : `<Version>${inner}<Size>${bytes.length}</Size></Version>`;
}

function nextOf({ key, id }: { readonly key: string; readonly id: string }): string {
  const version = id === '' ? '' : `<NextVersionIdMarker>${id}</NextVersionIdMarker>`;
  return `<NextKeyMarker>${encoded(key)}</NextKeyMarker>${version}`;
}

/** As S3 encodes keys: a space as `+`, slashes as they are. */
function encoded(key: string): string {
  return encodeURIComponent(key).replaceAll('%2F', '/').replaceAll('%20', '+');
}
