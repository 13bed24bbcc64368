// runs/queries.ts
// Purpose: every read of runs: one, the filtered list, params, summaries, artifacts, of many runs at once.
// Why: reads of summaries only; pages cost the same however many points there are.
// Relevant files: runs/models.ts, runs/run-filter.ts, runs/points.ts, tags/queries.ts

import { and, asc, count, eq, getTableColumns, inArray, isNull, sql, type SQL } from 'drizzle-orm';
import { experiments } from '../experiments/models.ts';
import { bound, isOneOf, onPostgres } from '../shared/db/dialect.ts';
import { afterCursor, orderBy, pageOf, thenColumns, type Order, type Page } from '../shared/db/paging.ts';
import type { Db } from '../shared/db/store.ts';
import { conflict, notFound, trashedProblem, type Problem } from '../shared/errors.ts';
import { tagsOfRuns } from '../tags/queries.ts';
import {
  artifacts,
  metrics,
  params,
  runs,
  type ArtifactRow,
  type LoggedRun,
  type MadeRun,
  type MetricRow,
  type ParamRow,
  type RunRow,
} from './models.ts';
import { listByRank, type OrderedRow } from './ranking-queries.ts';
import { foundRuns } from './found-queries.ts';
import { refuseWrong } from './query/known-queries.ts';
import { isPlain, orderOf, runConditions, runOrder, type RunFilter } from './run-filter.ts';
import type { RunOut } from './schemas.ts';
import type { Seqs } from './seqs.ts';
import { countStates, countTagged } from './tally-queries.ts';

/** Ids in one `in (…)`: below SQLite's limit of bound values, and one prepared shape for most pages. */
const IDS_AT_ONCE = 500;

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

/** What logging needs of a run, by one prepared statement: this is asked for each request. Errors as `requireRun`. */
export async function requireLoggedRun(db: Db, id: string): Promise<LoggedRun> {
  const left = takeLeftRun(db, id) ?? (await readAhead(db, id));
  if (left) {
    left.read_in = db;
    return left;
  }
  const { rows } = await db.execute<LoggedRun>(`${LOGGED_RUNS} and r.id = ?`, [id]);
  return rows[0] ? { ...rows[0], read_in: db } : requireRun(db, id);
}

const LOGGED_RUNS = `select r.id, r.seq, r.experiment_id, r.status, r.settled, r.trashed_at, r.attempts, r.heard_at, r.updated_at, r.kept_by
  from runs r join experiments e on e.id = r.experiment_id
  where r.trashed_at is null and e.trashed_at is null`;

/** The first of the requests that share a transaction reads the runs of all: each statement would be a journey. */
async function readAhead(db: Db, id: string): Promise<LoggedRun | undefined> {
  const { writer } = db;
  const ahead = writer?.ahead;
  if (!writer || !ahead || ahead.length < 2) return undefined;
  writer.ahead = undefined;
  const { rows } = await db.execute<LoggedRun>(`${LOGGED_RUNS} and r.id = any(?::text[])`, [ahead]);
  for (const run of rows) leaveRun(db, run);
  return takeLeftRun(db, id);
}

/** For the next request that is about this run. Only where nothing of its row changed since it was read. */
export function leaveRun(tx: Db, run: LoggedRun): void {
  tx.writer?.left?.set(run.id, run);
}

/** As it was left, and still left for others: for who changes nothing of its row. */
export function leftRun({ writer }: Db, id: string): LoggedRun | undefined {
  return writer?.left?.get(id) as LoggedRun | undefined;
}

/** The same of a run that this transaction made, as it is at its end. */
export function leaveMade(tx: Db, made: MadeRun): void {
  if (tx.writer?.left) leaveRun(tx, { ...loggedOf(made.row), made });
}

function loggedOf(row: RunRow): LoggedRun {
  const { id, seq, experiment_id, status, settled, trashed_at, attempts, heard_at, updated_at } = row;
  return { id, seq, experiment_id, status, settled, trashed_at, attempts, heard_at, updated_at };
}

/** A run in sight that is to change, with what is known of it. Errors as `requireRun`. */
export async function takeRun(tx: Db, id: string): Promise<{ run: RunRow; made?: MadeRun | undefined }> {
  const made = takeLeftRun(tx, id)?.made;
  return made ? { run: made.row, made } : { run: await requireRun(tx, id) };
}

/** Whoever takes it has it alone: it is there again only when it is left again. */
function takeLeftRun(tx: Db, id: string): LoggedRun | undefined {
  const run = leftRun(tx, id);
  if (run) tx.writer?.left?.delete(id);
  return run;
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

export interface RunPage {
  items: RunRow[];
  next_cursor: string | null;
  total: number;
  /** The numbers (`seq`) of all that match, where a text or tag was asked for and they are few; else null. */
  few: number[] | null;
  /** The same of one experiment, however many, ascending: what is asked of them next is not looked for again. */
  found: Seqs | null;
}

/** So many matches are looked at one by one; of more, pages say what can be read from sums and indexes. */
export const FEW = 500;

/** A tag that at most so many runs have is where a search begins; one that more have is checked run by run. */
const RARE = 2_000;

export async function listRuns(db: Db, asked: RunFilter, page: Page): Promise<RunPage> {
  const { filter, total, few, found } = await matchRuns(db, asked);
  const keys = orderOf(asked);
  const order = runOrder(keys);
  const ranked = await listByRank(db, { ...filter, order: keys }, page, total, few !== null);
  const rows = ranked ?? (await listByOrder(db, order, few ? inArray(runs.seq, few) : runConditions(filter), page));
  const { items, next_cursor } = pageOf(rows, page.limit, ({ row }) => row.id);
  return { items: items.map(({ row }) => row), next_cursor, total, few, found };
}

/** A page of the runs that match, along no other index than that of the order. */
export function listByOrder(db: Db, order: Order, matches: SQL | undefined, page: Page): Promise<OrderedRow[]> {
  return db
    .select({ row: runs, order_value: order.by.as('order_value'), order_then: thenColumns(order) })
    .from(runs)
    .innerJoin(experiments, eq(experiments.id, runs.experiment_id))
    .where(and(matches, afterCursor(order, page.cursor)))
    .orderBy(...orderBy(order))
    .limit(page.limit + 1)
    .offset(page.offset ?? 0);
}

type Matching = Omit<RunFilter, 'order'>;

/** How many runs match, and which, where they are few: states are counted already, texts and tags are looked for. */
async function matchRuns(db: Db, { without = [], ...asked }: Matching): Promise<Matches> {
  await refuseWrong(db, asked);
  const all = await matchAll(db, asked);
  if (without.length === 0) return all;
  const left = new Set(await matchesAmong(db, all.filter, without));
  const found = all.found && all.found.filter((seq) => !left.has(seq));
  return {
    filter: { ...all.filter, without, found: found ?? undefined },
    total: all.total - left.size,
    few: all.few && all.few.filter((seq) => !left.has(seq)),
    found,
  };
}

type Matches = Pick<RunPage, 'total' | 'few' | 'found'> & { filter: Matching };

/** The numbers of those of these runs that match. */
export async function matchesAmong(db: Db, filter: Matching, ids: string[]): Promise<number[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .select({ seq: runs.seq })
    .from(runs)
    .innerJoin(experiments, eq(experiments.id, runs.experiment_id))
    .where(and(inArray(runs.id, ids), runConditions(filter, true)));
  return rows.map(({ seq }) => seq);
}

async function matchAll(db: Db, asked: Matching): Promise<Matches> {
  if (isPlain(asked)) return { filter: asked, total: await countStates(db, asked), few: null, found: null };
  const { filter, total } = await withRareTag(db, asked);
  if (total !== undefined && total > FEW) return { filter, total, few: null, found: null };
  if (filter.experiment !== undefined) return matchOnce(db, filter);
  const few = await fewRuns(db, filter);
  return { filter, total: few?.length ?? (await countMatches(db, filter)), few, found: null };
}

/** Of one experiment: which match is asked once; the page, the best and what else is said of them begin with these. */
async function matchOnce(db: Db, { keptFor, ...filter }: Matching): Promise<Matches> {
  const found = await foundRuns(db, filter, keptFor);
  const few = found.length <= FEW ? [...found] : null;
  return { filter: { ...filter, found, keptFor }, total: found.length, few, found };
}

/** Which tag is rare; and how many match, where a single tag is all that was asked for. */
async function withRareTag(db: Db, filter: Matching): Promise<{ filter: Matching; total?: number | undefined }> {
  const counts: { tag: string; runs: number }[] = [];
  // Runs in the trash are not among those counted.
  for (const tag of filter.trashed ? [] : (filter.tag ?? []))
    counts.push({ tag, runs: await countTagged(db, filter.experiment, tag) });
  const [least, ...others] = counts.sort((a, b) => a.runs - b.runs);
  if (!least) return { filter };
  const isAll = others.length === 0 && isPlain({ ...filter, tag: [] }) && !filter.status?.length;
  return {
    filter: { ...filter, rareTag: least.runs <= RARE ? least.tag : undefined },
    total: isAll ? least.runs : undefined,
  };
}

/** The numbers of all runs that match, null where they are more than a few. */
export async function fewRuns(db: Db, filter: Matching): Promise<number[] | null> {
  const rows = await db
    .select({ seq: runs.seq })
    .from(runs)
    .innerJoin(experiments, eq(experiments.id, runs.experiment_id))
    .where(runConditions(filter))
    .limit(FEW + 1);
  return rows.length > FEW ? null : rows.map(({ seq }) => seq);
}

export async function countRuns(db: Db, filter: Matching): Promise<number> {
  return (await matchRuns(db, filter)).total;
}

async function countMatches(db: Db, filter: Matching): Promise<number> {
  const rows = await db
    .select({ n: count() })
    .from(runs)
    .innerJoin(experiments, eq(experiments.id, runs.experiment_id))
    .where(runConditions(filter));
  return rows[0]?.n ?? 0;
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

export async function childrenOf(db: Db, id: string, limit: number): Promise<{ items: RunRow[]; total: number }> {
  const isChild = and(eq(runs.parent_id, id), IN_SIGHT);
  const rows = await db
    .select({ run: runs })
    .from(runs)
    .innerJoin(experiments, eq(experiments.id, runs.experiment_id))
    .where(isChild)
    .orderBy(asc(runs.number))
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

/** A summary with the id of its run, as `MetricRow` has it. */
const SUMMARY = { ...getTableColumns(metrics), run_id: runs.id };

/** Summaries of runs, by key; `keys` undefined: all of them. */
export async function metricsOf(db: Db, runIds: string[], keys?: string[]): Promise<MetricRow[]> {
  return inGroups(runIds, async (some) => {
    const isOfRuns = isOneOf(sql`r.id`, some);
    const { rows } = await db.execute<MetricRow>(
      ...bound(sql`select m.*, r.id as run_id from runs r join metrics m on m.run_seq = r.seq
        where ${isOfRuns}${keys ? sql` and ${isOfKeys(isOfRuns, keys)}` : sql``} order by m.key`),
    );
    return rows;
  });
}

/** For SQLite in pairs: by the keys alone it reads all metrics of each run, and leaves out most. */
function isOfKeys(isOfRuns: SQL, keys: string[]): SQL {
  if (onPostgres) return isOneOf(sql`m.key`, keys);
  return sql`(m.run_seq, m.key) in (select r.seq, k.value
    from runs r cross join json_each(${JSON.stringify(keys)}) k where ${isOfRuns})`;
}

/** A page of a run's summaries by key, and how many there are and how many points they sum up. */
export async function metricPage(
  db: Db,
  runId: string,
  { find, limit }: { find?: string | undefined; limit: number },
): Promise<{ items: MetricRow[]; total: number; points: number }> {
  const text = find?.trim().toLowerCase();
  const matches = and(eq(runs.id, runId), text ? sql`contains_ci(${metrics.key}, ${text})` : undefined);
  const items = await db
    .select(SUMMARY)
    .from(metrics)
    .innerJoin(runs, eq(runs.seq, metrics.run_seq))
    .where(matches)
    .orderBy(asc(metrics.key))
    .limit(limit);
  const sums = await db
    .select({ total: count(), points: sql<number>`coalesce(sum(${metrics.count}), 0)` })
    .from(metrics)
    .innerJoin(runs, eq(runs.seq, metrics.run_seq))
    .where(matches);
  return { items, total: sums[0]?.total ?? 0, points: sums[0]?.points ?? 0 };
}

/** By one prepared statement: each curve that is asked for begins with it. */
export async function findMetric(db: Db, runId: string, key: string): Promise<MetricRow | undefined> {
  const { rows } = await db.execute<MetricRow>(
    'select m.*, r.id as run_id from metrics m join runs r on r.seq = m.run_seq where r.id = ? and m.key = ?',
    [runId, key],
  );
  return rows[0];
}

/** The summary of a run's metric, or a 404 that names what there is. */
export async function requireMetric(db: Db, runId: string, key: string): Promise<MetricRow> {
  const row = await findMetric(db, runId, key);
  if (!row) throw notFound(`Metric ${JSON.stringify(key)} of run ${runId}`);
  return row;
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

async function inGroups<T>(ids: string[], ask: (some: string[]) => PromiseLike<T[]>): Promise<T[]> {
  const rows: T[] = [];
  for (let start = 0; start < ids.length; start += IDS_AT_ONCE)
    rows.push(...(await ask(ids.slice(start, start + IDS_AT_ONCE))));
  return rows;
}
