// SPDX-License-Identifier: Apache-2.0

const mostKept = 10_000;

/** First versions of keys, as they were found: a fact that nothing can change. Forgets the eldest, so that memory is bounded. */
export class VersionMemory {
  readonly #versions = new Map<string, string>();

  get(key: string): string | undefined {
    return this.#versions.get(key);
  }

  set(key: string, versionId: string): void {
    if (this.#versions.size >= mostKept) {
      for (const eldest of this.#versions.keys()) {
        this.#versions.delete(eldest);
        break;
      }
    }
    this.#versions.set(key, versionId);
  }
}
