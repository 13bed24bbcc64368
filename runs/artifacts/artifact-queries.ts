// runs/artifacts/artifact-queries.ts
// Purpose: the rows of artifacts of runs and of logged models: record, find, list, remove; and which contents they lost.
// Why: contents are kept by their sha256 (runs/artifacts/artifact-store.ts); what they are called is here.
// Relevant files: runs/models.ts, models/models.ts, runs/artifacts/artifact-path.ts, runs/artifacts/artifact-routes.ts

import { one } from '../../shared/db/one.ts';
import type { Db } from '../../shared/db/store.ts';
import { conflict, notFound } from '../../shared/errors.ts';
import { checkPath, foldersOf } from './artifact-path.ts';
import type { SavedContent } from './contents.ts';
import { dropContents, takeContents } from './dropped-changes.ts';

/** A file of a run or a logged model, as it is called there. */
export interface ArtifactFile extends SavedContent {
  path: string;
  created_at: number;
}

/** The table that has the files of `owner`, and its column for that: a run's id is 32 hex digits, a model's begins with `m-`. */
function placeOf(owner: string): { table: string; owned: string; what: string } {
  return owner.startsWith('m-')
    ? { table: 'logged_model_artifacts', owned: 'model_id', what: 'logged model' }
    : { table: 'artifacts', owned: 'run_id', what: 'run' };
}

const COLUMNS = 'path, size, sha256, created_at';

/** Names contents of saveArtifact; what had the same path before is replaced. `tx` is a transaction. */
export async function recordArtifact(
  tx: Db,
  owner: string,
  { path, sha256, size }: SavedContent & { path: string },
  now: number,
): Promise<{ row: ArtifactFile; created: boolean }> {
  await checkPathIsFree(tx, owner, checkPath(path));
  await takeContents(tx, sha256);
  const before = await findArtifact(tx, owner, path);
  const { table, owned } = placeOf(owner);
  const { rows } = await tx.execute<ArtifactFile>(
    `insert into ${table} (${owned}, ${COLUMNS}) values (?, ?, ?, ?, ?)
      on conflict (${owned}, path) do update set size = excluded.size, sha256 = excluded.sha256, created_at = excluded.created_at
      returning ${COLUMNS}`,
    [owner, path, size, sha256, now],
  );
  if (before && before.sha256 !== sha256) await dropContents(tx, before.sha256, now);
  return { row: one(rows), created: !before };
}

/** `a` cannot be a file and a folder: 409 when `a/b` is there and `a` comes, or the other way round. */
export async function checkPathIsFree(db: Db, owner: string, path: string): Promise<void> {
  const { table, owned } = placeOf(owner);
  const folders = foldersOf(path);
  const isFolder = folders.length === 0 ? '' : `path in (${folders.map(() => '?').join(', ')}) or `;
  const { rows } = await db.execute<{ path: string }>(
    `select path from ${table} where ${owned} = ? and (${isFolder}${IS_BELOW}) limit 1`,
    [owner, ...folders, ...below(path)],
  );
  const other = rows[0]?.path;
  if (other !== undefined)
    throw conflict('path', `There is an artifact ${JSON.stringify(other)}: one would be a folder of the other.`);
}

const IS_BELOW = 'substr(path, 1, length(cast(? as text))) = ?';
const below = (folder: string): [string, string] => [`${folder}/`, `${folder}/`];

export async function findArtifact(db: Db, owner: string, path: string): Promise<ArtifactFile | undefined> {
  const { table, owned } = placeOf(owner);
  const { rows } = await db.execute<ArtifactFile>(`select ${COLUMNS} from ${table} where ${owned} = ? and path = ?`, [
    owner,
    path,
  ]);
  return rows[0];
}

export async function requireArtifact(db: Db, owner: string, path: string): Promise<ArtifactFile> {
  const row = await findArtifact(db, owner, path);
  if (!row) throw notFound(`Artifact ${JSON.stringify(path)} of ${placeOf(owner).what} ${owner}`);
  return row;
}

/** Its files, or those in `folder` and below, by path. */
export async function filesOf(db: Db, owner: string, folder = ''): Promise<ArtifactFile[]> {
  const { table, owned } = placeOf(owner);
  const { rows } = await db.execute<ArtifactFile>(
    `select ${COLUMNS} from ${table} where ${owned} = ?${folder === '' ? '' : ` and ${IS_BELOW}`}`,
    [owner, ...(folder === '' ? [] : below(folder))],
  );
  return rows.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** What lies directly in `folder`: a file with its size, or a folder, which has none. */
export interface FolderEntry {
  path: string;
  size: number | null;
}

/** By name; nothing where `folder` is no folder. */
export async function entriesOf(db: Db, owner: string, folder = ''): Promise<FolderEntry[]> {
  const skip = folder === '' ? 0 : folder.length + 1;
  const entries = new Map<string, FolderEntry>();
  for (const { path, size } of await filesOf(db, owner, folder)) {
    const end = path.indexOf('/', skip);
    const name = end === -1 ? path : path.slice(0, end);
    entries.set(name, { path: name, size: end === -1 ? size : null });
  }
  return [...entries.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Returns whether it was there. Its contents are swept later, see runs/artifacts/artifact-sweep.ts. */
export async function removeArtifact(tx: Db, owner: string, path: string, now: number): Promise<boolean> {
  return (await remove(tx, owner, 'path = ?', [path], now)) > 0;
}

/** A file, or a folder with all that is in it. Returns how many files went. */
export async function removeTree(tx: Db, owner: string, path: string, now: number): Promise<number> {
  if (path === '') return remove(tx, owner, '1 = 1', [], now);
  return remove(tx, owner, `(path = ? or ${IS_BELOW})`, [path, ...below(path)], now);
}

async function remove(tx: Db, owner: string, which: string, values: string[], now: number): Promise<number> {
  const { table, owned } = placeOf(owner);
  const { rows } = await tx.execute<{ sha256: string }>(
    `delete from ${table} where ${owned} = ? and ${which} returning sha256`,
    [owner, ...values],
  );
  for (const { sha256 } of rows) await dropContents(tx, sha256, now);
  return rows.length;
}
