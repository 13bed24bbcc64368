// tags/hang-changes.ts
// Purpose: tags hung on and taken off runs and experiments by people: one, or many runs at once.
// Why: unlike what a run logs itself, this changes when it was edited but not when it was last heard of.
// Relevant files: tags/changes.ts, tags/routes.ts, tags/hang-pages.ts, runs/table/bulk-routes.ts

import { inArray } from 'drizzle-orm';
import { touchExperiment } from '../experiments/touch-changes.ts';
import { requireExperiment } from '../experiments/queries.ts';
import { runs } from '../runs/models.ts';
import { requireRun } from '../runs/queries.ts';
import type { Db } from '../shared/db/store.ts';
import { notFound } from '../shared/errors.ts';
import { removeExperimentTag, setExperimentTags } from './experiment-tag-changes.ts';
import { removeRunTag, removeTagsOfRuns, setTagsOfRuns } from './run-tag-changes.ts';
import { tagsOfExperiments, tagsOfRuns, type HungTag } from './queries.ts';

type Tags = Record<string, string>;

export interface Hanging {
  tag: HungTag;
  created: boolean;
}

export async function hangOnExperiment(tx: Db, id: number, key: string, value: string, now: number): Promise<Hanging> {
  await requireExperiment(tx, id);
  const read = async (): Promise<HungTag | undefined> => find((await tagsOfExperiments(tx, [id])).get(id), key);
  const created = (await read()) === undefined;
  await tagExperiment(tx, id, { [key]: value }, now);
  return { tag: (await read()) as HungTag, created };
}

export async function hangOnRun(tx: Db, id: string, key: string, value: string, now: number): Promise<Hanging> {
  await requireRun(tx, id);
  const read = async (): Promise<HungTag | undefined> => find((await tagsOfRuns(tx, [id])).get(id), key);
  const created = (await read()) === undefined;
  await tagRuns(tx, [id], { [key]: value }, now);
  return { tag: (await read()) as HungTag, created };
}

export async function tagExperiment(tx: Db, id: number, tags: Tags, now: number): Promise<void> {
  await requireExperiment(tx, id);
  if ((await setExperimentTags(tx, id, tags)) > 0) await touchExperiment(tx, id, now);
}

export async function tagOneRun(tx: Db, id: string, tags: Tags, now: number): Promise<void> {
  await requireRun(tx, id);
  await tagRuns(tx, [id], tags, now);
}

/** The same tags on runs that exist; returns how many runs changed. */
export async function tagRuns(tx: Db, ids: string[], tags: Tags, now: number): Promise<number> {
  const changed = [...new Set(await setTagsOfRuns(tx, ids, tags))];
  await touchRuns(tx, changed, now);
  return changed.length;
}

/** Takes tags off runs; where a value is given, only a tag with this value. Returns how many runs changed. */
export async function untagRuns(tx: Db, ids: string[], tags: Tags, now: number): Promise<number> {
  const hung = await tagsOfRuns(tx, ids);
  const meant = ids.flatMap((run_id) =>
    (hung.get(run_id) ?? [])
      .filter(({ key, value }) => Object.hasOwn(tags, key) && (tags[key] === '' || tags[key] === value))
      .map(({ id, value }) => ({ run_id, tag_id: id, value })),
  );
  await removeTagsOfRuns(tx, meant);
  const changed = [...new Set(meant.map(({ run_id }) => run_id))];
  await touchRuns(tx, changed, now);
  return changed.length;
}

/** Takes one tag off; returns its value, or 404 when it does not hang there. */
export async function takeOffRun(tx: Db, id: string, key: string, now: number): Promise<string> {
  await requireRun(tx, id);
  const value = await removeRunTag(tx, id, key);
  if (value === undefined) throw notFound(`Tag ${JSON.stringify(key)} of run ${id}`);
  await touchRuns(tx, [id], now);
  return value;
}

export async function takeOffExperiment(tx: Db, id: number, key: string, now: number): Promise<string> {
  await requireExperiment(tx, id);
  const value = await removeExperimentTag(tx, id, key);
  if (value === undefined) throw notFound(`Tag ${JSON.stringify(key)} of experiment ${id}`);
  await touchExperiment(tx, id, now);
  return value;
}

/** At most LIMITS.page ids: below SQLite's limit of bound values. */
async function touchRuns(tx: Db, ids: string[], now: number): Promise<void> {
  if (ids.length === 0) return;
  const rows = await tx
    .update(runs)
    .set({ updated_at: now })
    .where(inArray(runs.id, ids))
    .returning({ experiment: runs.experiment_id });
  for (const id of new Set(rows.map((row) => row.experiment))) await touchExperiment(tx, id, now);
}

function find(tags: HungTag[] | undefined, key: string): HungTag | undefined {
  return tags?.find((tag) => tag.key === key);
}
