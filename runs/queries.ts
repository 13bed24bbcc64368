// runs/queries.ts
// Purpose: runs by their ids: in sight or why not, and what belongs to them: params, artifacts, tags, children, experiments.
// Why: whoever asks for a run gets the same answer, or the same reason why there is none.
// Relevant files: runs/list-queries.ts, runs/metric-queries.ts, runs/logged-run-queries.ts, runs/models.ts, tags/queries.ts

import { and, asc, count, eq, inArray, isNull } from 'drizzle-orm';
import { experiments } from '../experiments/models.ts';
import type { Db } from '../shared/db/store.ts';
import { conflict, notFound, trashedProblem, type Problem } from '../shared/errors.ts';
import { tagsOfRuns } from '../tags/queries.ts';
import { inGroups } from './in-groups.ts';
import { artifacts, params, runs, type ArtifactRow, type ParamRow, type RunRow } from './models.ts';
import type { RunOut } from './schemas.ts';

export async function findRun(db: Db, id: string): Promise<RunRow | undefined> {
  return (await db.execute<RunRow>('select * from runs where id = ?', [id])).rows[0];
}

/** A run that neither itself nor with its experiment is in the trash, or a 404 or 409. `path`: where the request named it. */
export async function requireRun(db: Db, id: string, path?: string): Promise<RunRow> {
  const { rows } = await db.execute<RunRow>(
    `select r.* from runs r join experiments e on e.id = r.experiment_id
      where r.id = ? and r.trashed_at is null and e.trashed_at is null`,
    [id],
  );
  return rows[0] ?? inSight((await withExperiments(db, [id]))[0], id, path);
}

/** The same for many, in the order of `ids`, repeated ids once; of several that are not there the first is named. */
export async function requireRuns(db: Db, ids: string[], path?: string): Promise<RunRow[]> {
  const { runs: rows, out } = await runsInSight(db, ids, path);
  if (out[0]) throw out[0].problem;
  return rows;
}

/** A run that is asked for and not in sight. */
export interface HiddenRun {
  id: string;
  /** Null: not there, or being removed for ever. */
  trashed: { name: string; restore: string; withExperiment: boolean } | null;
  /** What who asks for it alone is answered. */
  problem: Problem;
}

/** Those of the runs that are in sight, and why the others are not; both in the order of `ids`, repeated ids once. */
export async function runsInSight(db: Db, ids: string[], path?: string): Promise<{ runs: RunRow[]; out: HiddenRun[] }> {
  const wanted = [...new Set(ids)];
  const found = new Map((await withExperiments(db, wanted)).map((one) => [one.run.id, one]));
  const [rows, out]: [RunRow[], HiddenRun[]] = [[], []];
  for (const id of wanted) {
    const one = found.get(id);
    const problem = whyNot(one, id, path);
    if (one && !problem) rows.push(one.run);
    else if (problem) out.push({ id, trashed: one && problem.action ? { name: one.run.name, restore: problem.action.href, withExperiment: one.run.trashed_at === null } : null, problem }); // prettier-ignore
  }
  return { runs: rows, out };
}

interface PlacedRun {
  run: RunRow;
  experimentTrashed: number | null;
  experimentPurge: number | null;
}

function withExperiments(db: Db, ids: string[]): Promise<PlacedRun[]> {
  return inGroups(ids, (some) =>
    db
      .select({ run: runs, experimentTrashed: experiments.trashed_at, experimentPurge: experiments.purge_at })
      .from(runs)
      .innerJoin(experiments, eq(experiments.id, runs.experiment_id))
      .where(inArray(runs.id, some)),
  );
}

function inSight(found: PlacedRun | undefined, id: string, path: string | undefined): RunRow {
  const problem = whyNot(found, id, path);
  if (!found || problem) throw problem ?? notFound(`Run ${id}`, path);
  return found.run;
}

function whyNot(found: PlacedRun | undefined, id: string, path: string | undefined): Problem | null {
  if (!found) return notFound(`Run ${id}`, path);
  if (found.run.purge_at !== null || found.experimentPurge !== null) return removing(found.run, path);
  if (found.run.trashed_at !== null || found.experimentTrashed !== null) return inTrash(found.run, path);
  return null;
}

/** Whether it, or its experiment, is being removed for ever: then nothing is done with it any more. */
export async function isBeingRemoved(db: Db, run: Pick<RunRow, 'purge_at' | 'experiment_id'>): Promise<boolean> {
  if (run.purge_at !== null) return true;
  const { rows } = await db.execute('select id from experiments where id = ? and purge_at is not null', [
    run.experiment_id,
  ]);
  return rows.length > 0;
}

export function removing({ name }: Pick<RunRow, 'name'>, path = 'id'): Problem {
  return conflict(path, `Run ${name} is being removed for ever.`);
}

function inTrash(run: RunRow, path = 'id'): Problem {
  const own = run.trashed_at !== null;
  const detail = `Run ${run.name} is in the trash${own ? '' : ' with its experiment'}: restore it first.`;
  const restore = own ? `/runs/${run.id}/restore` : `/experiments/${run.experiment_id}/restore`;
  return trashedProblem(409, detail, restore, path);
}

/** Names of runs, in the trash or not, by number. */
export async function namesOfRuns(db: Db, ids: string[]): Promise<string[]> {
  const rows = await inGroups(ids, (some) =>
    db.select({ name: runs.name }).from(runs).where(inArray(runs.id, some)).orderBy(asc(runs.seq)),
  );
  return rows.map(({ name }) => name);
}

/** Neither the run nor its experiment is in the trash. */
const IN_SIGHT = and(isNull(runs.trashed_at), isNull(experiments.trashed_at));

/** The runs with these ids that are not in the trash, in the order of `ids`. */
export async function runsById(db: Db, ids: string[]): Promise<RunRow[]> {
  const rows = await inGroups(ids, (some) =>
    db
      .select({ run: runs })
      .from(runs)
      .innerJoin(experiments, eq(experiments.id, runs.experiment_id))
      .where(and(inArray(runs.id, some), IN_SIGHT)),
  );
  const byId = new Map(rows.map(({ run }) => [run.id, run]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/** The experiments of these runs. `withFamily`: and those of their parents and children, which may be others. */
export async function experimentsOfRuns(db: Db, ids: string[], withFamily = false): Promise<number[]> {
  if (ids.length === 1 && !withFamily) {
    const { rows } = await db.execute<{ id: number }>('select experiment_id as id from runs where id = ?', ids);
    return rows.map(({ id }) => id);
  }
  const own = await inGroups(ids, (some) =>
    db.select({ id: runs.experiment_id, parent: runs.parent_id }).from(runs).where(inArray(runs.id, some)),
  );
  const found = own.map(({ id }) => id);
  if (withFamily) {
    const parents = own.flatMap(({ parent }) => parent ?? []);
    const of = { id: runs.experiment_id };
    found.push(
      ...(await inGroups(parents, (some) => db.selectDistinct(of).from(runs).where(inArray(runs.id, some)))).map(
        ({ id }) => id,
      ),
      ...(await inGroups(ids, (some) => db.selectDistinct(of).from(runs).where(inArray(runs.parent_id, some)))).map(
        ({ id }) => id,
      ),
    );
  }
  return [...new Set(found)].sort((a, b) => a - b);
}

/** By number; of children in several experiments, as an import may bring them, the earlier one first. */
export async function childrenOf(db: Db, id: string, limit: number): Promise<{ items: RunRow[]; total: number }> {
  const isChild = and(eq(runs.parent_id, id), IN_SIGHT);
  const rows = await db
    .select({ run: runs })
    .from(runs)
    .innerJoin(experiments, eq(experiments.id, runs.experiment_id))
    .where(isChild)
    .orderBy(asc(runs.number), asc(runs.seq))
    .limit(limit);
  const total = await db
    .select({ n: count() })
    .from(runs)
    .innerJoin(experiments, eq(experiments.id, runs.experiment_id))
    .where(isChild);
  return { items: rows.map(({ run }) => run), total: total[0]?.n ?? 0 };
}

/** Params of runs, by key; `keys` undefined: all of them. */
export async function paramsOf(db: Db, runIds: string[], keys?: string[]): Promise<ParamRow[]> {
  if (keys?.length === 0) return [];
  const isAsked = keys ? inArray(params.key, keys) : undefined;
  return inGroups(runIds, (some) =>
    db
      .select()
      .from(params)
      .where(and(inArray(params.run_id, some), isAsked))
      .orderBy(asc(params.key)),
  );
}

export async function artifactsOf(db: Db, runIds: string[]): Promise<ArtifactRow[]> {
  return inGroups(runIds, (some) =>
    db.select().from(artifacts).where(inArray(artifacts.run_id, some)).orderBy(asc(artifacts.path)),
  );
}

/** Rows as the API lists them. */
export async function describeRuns(db: Db, rows: RunRow[]): Promise<RunOut[]> {
  const hung = await tagsOfRuns(
    db,
    rows.map((row) => row.id),
  );
  return rows.map((row) => ({
    ...row,
    tags: Object.fromEntries((hung.get(row.id) ?? []).map((tag) => [tag.key, tag.value])),
  }));
}
