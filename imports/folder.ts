// imports/folder.ts
// Purpose: lists folders and the files below a folder without ever leaving it.
// Why: a store may come from a stranger; a symbolic link in it must not bring /etc/passwd along.
// Relevant files: imports/artifact-folder.ts, imports/mlflow-files.ts

import type { Dirent } from 'node:fs';
import { lstat, readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { SourceError } from './records.ts';
import type { Remarks } from './remarks.ts';

/** Left behind by a file manager, never logged by anyone. */
const LITTER = new Set(['.DS_Store', 'Thumbs.db', 'desktop.ini']);

export const IS_LINK = 'it is a symbolic link';

export interface FoundFile {
  /** Relative to the folder walked, '/' between folders. */
  path: string;
  file: string;
}

/** Sorted by name; empty when the folder is not there. */
export async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw new SourceError(error instanceof Error ? error.message : String(error), folder);
  }
}

export async function isFolder(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => null))?.isDirectory() ?? false;
}

export async function isFile(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => null))?.isFile() ?? false;
}

export async function isLink(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => null))?.isSymbolicLink() ?? false;
}

/** Files below `folder` in order of their paths. Links are followed only to files inside `folder`, which is none itself. */
export async function* filesBelow(folder: string, remarks: Remarks, under = ''): AsyncGenerator<FoundFile> {
  if (under === '' && (await isLink(folder))) return remarks.skip(folder, IS_LINK);
  for (const entry of await entriesOf(join(folder, under))) {
    const path = under === '' ? entry.name : `${under}/${entry.name}`;
    const file = join(folder, path);
    if (LITTER.has(entry.name)) continue;
    if (entry.isDirectory()) yield* filesBelow(folder, remarks, path);
    else if (entry.isFile()) yield { path, file };
    else if (entry.isSymbolicLink()) yield* linked(folder, path, remarks);
    else remarks.skip(file, 'it is neither a file nor a folder');
  }
}

async function* linked(folder: string, path: string, remarks: Remarks): AsyncGenerator<FoundFile> {
  const link = join(folder, path);
  const target = await realpath(link).catch(() => null);
  const inside = target?.startsWith((await realpath(folder)) + sep) ?? false;
  if (target === null) remarks.skip(link, 'it is a symbolic link to nothing');
  else if (!inside) remarks.skip(link, 'it is a symbolic link out of its folder');
  else if (!(await stat(target)).isFile()) remarks.skip(link, 'it is a symbolic link to a folder');
  else yield { path, file: target };
}

/** The whole file as text; bytes that are not UTF-8 are an error, never a guess. */
export async function readText(file: string): Promise<string> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw new SourceError(`cannot be read (${error instanceof Error ? error.message : String(error)})`, file);
  });
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new SourceError('is not UTF-8 text', file);
  }
}
