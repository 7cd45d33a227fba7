// SPDX-License-Identifier: Apache-2.0
import type { Dirent } from 'node:fs';
import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { type Gap, type GapReason, gapMessage } from '../evidence/gap.ts';

/** What a walk meets: a file to read, a place that could not be looked into, or one passed over on purpose. `path` is relative to the root, with `/`. */
export type WalkStep =
  | { readonly unrecognised: { readonly path: string; readonly reason: string } }
  | { readonly file: { readonly path: string; readonly absolute: string; readonly bytes: number } }
  | { readonly problem: { readonly path: string; readonly gap: Gap } };

/** The error code of a failed file system call, such as `EACCES`. */
export function systemCode(error: unknown): string {
  return Error.isError(error) && 'code' in error ? String(error.code) : 'UNKNOWN';
}

/** The gap of a file or folder that could not be read. */
export function gapOfSystemError(path: string, error: unknown): Gap {
  const code = systemCode(error);
  const reason: GapReason = code === 'EACCES' || code === 'EPERM' ? 'denied' : 'unavailable';
  const happened = `${path} could not be read: ${Error.isError(error) ? error.message : String(error)}`;
  const remedy =
    reason === 'denied' ? 'let the user who collects read it, and collect again' : 'see that it is there and whole, and collect again';
  const message = gapMessage(happened, remedy);
  return { reason, extent: 'scope', what: path, message, code, detail: {} };
}

function refusal(path: string, code: string, message: string): WalkStep {
  return { problem: { path, gap: { reason: 'unsupported', extent: 'scope', what: path, message, code, detail: {} } } };
}

/**
 * Every regular file below `root`, folder by folder in order of name (code units), so that two walks meet the same order.
 * `root` may be one file. Symbolic links are followed to files inside the root only; what cannot be read is told and the walk goes on.
 * `home`, an absolute path, is passed over: what this program wrote itself is no answer of AWS.
 */
export async function* walkFolder(root: string, home: string | null = null): AsyncGenerator<WalkStep> {
  let top: string;
  try {
    top = await realpath(root);
    const entry = await stat(top);
    if (!entry.isDirectory()) {
      yield await stepOfFile(basename(root), top);
      return;
    }
  } catch (error) {
    yield { problem: { path: root, gap: gapOfSystemError(root, error) } };
    return;
  }
  yield* walkDirectory(top, top, home === null ? null : await realpath(home));
}

async function* walkDirectory(top: string, directory: string, home: string | null): AsyncGenerator<WalkStep> {
  if (directory === home) {
    yield { unrecognised: { path: relativePath(top, directory), reason: 'the home that this collection writes to' } };
    return;
  }
  let entries: Dirent[];
  try {
    entries = await readdir(directory, { withFileTypes: true });
  } catch (error) {
    const path = relativePath(top, directory);
    yield { problem: { path, gap: gapOfSystemError(path, error) } };
    return;
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const absolute = join(directory, entry.name);
    if (entry.isDirectory()) yield* walkDirectory(top, absolute, home);
    else if (entry.isSymbolicLink()) yield await stepOfLink(top, absolute);
    else yield await stepOfFile(relativePath(top, absolute), absolute);
  }
}

async function stepOfFile(path: string, absolute: string): Promise<WalkStep> {
  try {
    const entry = await lstat(absolute);
    if (!entry.isFile()) return refusal(path, 'NOT_A_FILE', `${path} is a device, pipe or socket and was not opened.`);
    return { file: { path, absolute, bytes: entry.size } };
  } catch (error) {
    return { problem: { path, gap: gapOfSystemError(path, error) } };
  }
}

// A linked folder inside the root is walked under its own name, and one outside is nobody's evidence: neither is followed.
async function stepOfLink(top: string, absolute: string): Promise<WalkStep> {
  const path = relativePath(top, absolute);
  try {
    const target = await realpath(absolute);
    if (target !== top && !target.startsWith(top + sep))
      return refusal(path, 'LINK_OUTSIDE', `${path} links to a place outside and was not followed.`);
    if ((await stat(target)).isDirectory())
      return refusal(path, 'LINK_TO_FOLDER', `${path} links to a folder that is read under its own name.`);
    return await stepOfFile(path, target);
  } catch (error) {
    return { problem: { path, gap: gapOfSystemError(path, error) } };
  }
}

function relativePath(top: string, absolute: string): string {
  return relative(top, absolute).split(sep).join('/') || '.';
}
