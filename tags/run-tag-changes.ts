// tags/run-tag-changes.ts
// Purpose: tags hung on runs and taken off them: of one that logs, of many at once, with the sums of their experiments.
// Why: ingest, pages, API and imports share these steps of a transaction.
// Relevant files: tags/changes.ts, tags/hang-changes.ts, runs/ingest.ts, runs/tally-changes.ts

import { and, eq } from 'drizzle-orm';
import type { LoggedRun } from '../runs/models.ts';
import { moveTally, tagMove, type Move } from '../runs/tally-changes.ts';
import { inMarks, rowTexts } from '../shared/db/marks.ts';
import type { Db } from '../shared/db/store.ts';
import { grouped } from '../shared/grouped.ts';
import { runTags } from './models.ts';
import { findTags, tagsOfRuns } from './queries.ts';
import { insertTag } from './new-tag-changes.ts';

/** Rows in one insert: beyond about 100 nothing is gained. */
export const CHUNK = 100;

/**
 * Hangs tags on a run that logs; a key that hangs there already gets the new value. Returns how many changed, and what
 * that moves in the sums of its experiment.
 */
export async function setRunTags(
  tx: Db,
  run: Pick<LoggedRun, 'id' | 'experiment_id' | 'made'>,
  sent: Record<string, string>,
): Promise<{ changed: number; moves: Move[] }> {
  const moves: Move[] = [];
  const keys = Object.keys(sent);
  const isBare = run.made?.hasFacts === false;
  const hung = (isBare && leftTags(tx, keys)) || (await tagsFor(tx, run.id, keys));
  const rows: (typeof runTags.$inferInsert)[] = [];
  for (const [key, value] of Object.entries(sent)) {
    const known = hung.get(key);
    if (known?.value === value) continue;
    const tag_id = known?.id ?? (await insertTag(tx, key, null)).id;
    if (run.made) leaveTag(tx, key, tag_id);
    rows.push({ run_id: run.id, tag_id, value });
    if (typeof known?.value === 'string') moves.push(tagMove(run.experiment_id, tag_id, known.value, -1));
    moves.push(tagMove(run.experiment_id, tag_id, value, 1));
  }
  await hang(tx, rows);
  return { changed: rows.length, moves };
}

interface TagFor {
  id: number;
  /** As it hangs on the run. */
  value: string | null;
}

/** Under which they stand among what runs left (shared/db/store.ts): no run has such an id. */
const LEFT = 'tags';
const LEFT_MAX = 1_000;

function leaveTag({ writer }: Db, key: string, id: number): void {
  const known = writer?.left?.get(LEFT) as Map<string, TagFor> | undefined;
  if (known && known.size < LEFT_MAX) known.set(key, { id, value: null });
  else writer?.left?.set(LEFT, new Map([[key, { id, value: null }]]));
}

/** For a run on which nothing hangs. Undefined: at least one of the keys must be looked for. */
function leftTags({ writer }: Db, keys: string[]): Map<string, TagFor> | undefined {
  const known = writer?.left?.get(LEFT) as Map<string, TagFor> | undefined;
  return known && keys.every((key) => known.has(key)) ? known : undefined;
}

/** Those of the keys that are tags, and what hangs of them on the run. */
async function tagsFor(tx: Db, runId: string, keys: string[]): Promise<Map<string, TagFor>> {
  if (keys.length === 0) return new Map();
  const { marks, values } = inMarks(keys);
  const { rows } = await tx.execute<TagFor & { key: string }>(
    `select t.id, t.key, h.value from tags t left join run_tags h on h.run_id = ? and h.tag_id = t.id
      where t.trashed_at is null and t.key in (${marks})`,
    [runId, ...values],
  );
  return new Map(rows.map((tag) => [tag.key, tag]));
}

const HANG = rowTexts(
  'insert into run_tags (run_id, tag_id, value)',
  3,
  'on conflict (run_id, tag_id) do update set value = excluded.value',
);

async function hang(tx: Db, rows: (typeof runTags.$inferInsert)[]): Promise<void> {
  for (let start = 0; start < rows.length; start += CHUNK) {
    const some = rows.slice(start, start + CHUNK);
    await tx.execute(
      HANG(some.length),
      some.flatMap(({ run_id, tag_id, value }) => [run_id, tag_id, value]),
    );
  }
}

/** Ids in one `in (…)`: below SQLite's limit of bound values. */
const IDS_AT_ONCE = 500;

/** The same tags on many runs, at most LIMITS.page of them. Returns the run of each tag that changed. */
export async function setTagsOfRuns(tx: Db, runIds: string[], sent: Record<string, string>): Promise<string[]> {
  const hung = Object.keys(sent).length === 0 ? undefined : await tagsOfRuns(tx, runIds);
  if (!hung) return [];
  const rows: (typeof runTags.$inferInsert)[] = [];
  const before: typeof rows = [];
  const valueOn = (id: string, key: string): string | undefined => hung.get(id)?.find((tag) => tag.key === key)?.value;
  const ids = [...new Set(runIds)];
  const changes = Object.entries(sent)
    .map(([key, value]) => ({ key, value, without: ids.filter((id) => valueOn(id, key) !== value) }))
    .filter(({ without }) => without.length > 0);
  const known = new Map((await findTags(tx, changes.map(({ key }) => key))).map((tag) => [tag.key, tag.id])); // prettier-ignore
  for (const { key, value, without } of changes) {
    const tag_id = known.get(key) ?? (await insertTag(tx, key, null)).id;
    for (const run_id of without) {
      rows.push({ run_id, tag_id, value });
      const old = valueOn(run_id, key);
      if (old !== undefined) before.push({ run_id, tag_id, value: old });
    }
  }
  await hang(tx, rows);
  await countTags(tx, before, -1);
  await countTags(tx, rows, 1);
  return rows.map((row) => row.run_id);
}

/** Counts what hangs on runs into (`n` 1) or out of (−1) the sums of their experiments; those in the trash are in none. */
export async function countTags(tx: Db, rows: (typeof runTags.$inferInsert)[], n: 1 | -1): Promise<void> {
  const ids = [...new Set(rows.map((row) => row.run_id))];
  const owners = new Map<string, number>();
  for (let start = 0; start < ids.length; start += IDS_AT_ONCE) {
    const { marks, values } = inMarks(ids.slice(start, start + IDS_AT_ONCE));
    const text = `select id, experiment_id from runs where id in (${marks}) and trashed_at is null`;
    const owned = await tx.execute<{ id: string; experiment_id: number }>(text, values);
    for (const { id, experiment_id } of owned.rows) owners.set(id, experiment_id);
  }
  await moveTally(
    tx,
    rows.flatMap(({ run_id, tag_id, value }) => {
      const owner = owners.get(run_id);
      return owner === undefined ? [] : [tagMove(owner, tag_id, value, n)];
    }),
  );
}

/** Takes a tag off; returns the value it had, or undefined when it was not there. */
export async function removeRunTag(tx: Db, runId: string, key: string): Promise<string | undefined> {
  const hung = ((await tagsOfRuns(tx, [runId])).get(runId) ?? []).find((tag) => tag.key === key);
  if (hung) {
    await tx.delete(runTags).where(and(eq(runTags.run_id, runId), eq(runTags.tag_id, hung.id)));
    await countTags(tx, [{ run_id: runId, tag_id: hung.id, value: hung.value }], -1);
  }
  return hung?.value;
}

/** Takes many off at once: tags that hang on runs, with their values. */
export async function removeTagsOfRuns(tx: Db, hung: (typeof runTags.$inferInsert)[]): Promise<void> {
  for (const [tag, rows] of grouped(hung, (row) => row.tag_id)) {
    for (let start = 0; start < rows.length; start += IDS_AT_ONCE) {
      const { marks, values } = inMarks(rows.slice(start, start + IDS_AT_ONCE).map(({ run_id }) => run_id));
      await tx.execute(`delete from run_tags where tag_id = ? and run_id in (${marks})`, [tag, ...values]);
    }
  }
  await countTags(tx, hung, -1);
}
