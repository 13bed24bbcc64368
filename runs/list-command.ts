// runs/list-command.ts
// Purpose: `manage.ts runs`: the runs that a filter finds, as a table or as JSON, also while a server runs.
// Why: scripts and people in a terminal ask in the language of the pages, and are told of mistakes in the same words.
// Relevant files: manage.ts, runs/list-command-views.ts, runs/query/parser.ts, runs/list-queries.ts

import { existsSync } from 'node:fs';
import { findByName, findExperiment, namesOfExperiments } from '../experiments/queries.ts';
import type { Settings } from '../shared/config.ts';
import { engineOf, Engine } from '../shared/db/engine.ts';
import { openStore } from '../shared/db/open.ts';
import type { Db } from '../shared/db/store.ts';
import { UsageError, UserError } from '../shared/errors.ts';
import { grouped } from '../shared/grouped.ts';
import { toJson } from '../shared/http/json.ts';
import { LIMITS } from '../shared/limits.ts';
import { hintLines, tableLines } from './list-command-views.ts';
import type { MetricRow, RunRow } from './models.ts';
import { listRuns } from './list-queries.ts';
import { metricsOf } from './metric-queries.ts';
import { paramsOf } from './queries.ts';
import { knownKeys } from './query/known-queries.ts';
import { namedKeys, readWhere, unknownKeys, type NamedKeys } from './query/where.ts';
import { rulesOf, withCounted, type CountedMetric } from './rules/rule-queries.ts';
import { describeRun } from './run-detail.ts';
import { runDetail } from './schemas.ts';
import { DEFAULT_ORDER, type RunFilter } from './run-filter.ts';

export interface RunsFlags {
  where?: string;
  experiment?: string;
  limit?: string;
  /** `params.KEY` and `metrics.KEY`, beside those that the filter names. */
  column?: string[];
  json?: boolean;
}

/** The runs go to standard output; how many there are, and hints, to the other one. */
export async function runsCommand(settings: Settings, flags: RunsFlags): Promise<void> {
  const limit = limitOf(flags.limit ?? '50');
  const columns = columnsNamed(flags.column ?? []);
  requireDatabase(settings);
  const store = await openStore(settings);
  try {
    const { read } = store;
    const experiment = flags.experiment === undefined ? undefined : await experimentNamed(read, flags.experiment);
    const filter = { where: flags.where ?? '', experiment, order: DEFAULT_ORDER };
    const { items, total } = await readRuns(read, filter, limit);
    console.log(flags.json ? await asJson(read, items, total) : await asTable(read, items, filter, columns));
    const unknown = unknownKeys(readWhere(filter.where, Date.now()).query, await knownKeys(read, experiment));
    for (const line of hintLines({ shown: items.length, total, unknown })) console.error(line);
  } finally {
    await store.close();
  }
}

/** A command that reads makes no new, empty database. Errors: UserError. */
export function requireDatabase({ database }: Settings): void {
  if (engineOf(database) === Engine.Sqlite && !existsSync(database))
    throw new UserError(`There is no database at ${database}. Name its folder with --data.`);
}

function limitOf(text: string): number {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new UsageError('--limit must be a number of runs, 1 or more.');
}

function columnsNamed(fields: string[]): NamedKeys {
  const keysOf = (prefix: string): string[] =>
    fields.filter((field) => field.startsWith(prefix) && field !== prefix).map((field) => field.slice(prefix.length));
  const [metric, param] = [keysOf('metrics.'), keysOf('params.')];
  if (metric.length + param.length === fields.length) return { metric, param };
  throw new UsageError('--column must be params.KEY or metrics.KEY.');
}

/** By its number, or by its name. Errors: UserError. */
export async function experimentNamed(db: Db, text: string): Promise<number> {
  const byNumber = /^[1-9]\d{0,14}$/.test(text) ? await findExperiment(db, Number(text)) : undefined;
  const found = byNumber ?? (await findByName(db, text));
  if (!found || found.trashed_at !== null) throw new UserError(`There is no experiment ${JSON.stringify(text)}.`);
  return found.id;
}

async function readRuns(db: Db, filter: RunFilter, limit: number): Promise<{ items: RunRow[]; total: number }> {
  const first = await listRuns(db, filter, { limit: Math.min(limit, LIMITS.page) });
  const items = first.items;
  let cursor = first.next_cursor;
  while (cursor !== null && items.length < limit) {
    const page = await listRuns(db, filter, { limit: Math.min(limit - items.length, LIMITS.page), cursor });
    items.push(...page.items);
    cursor = page.next_cursor;
  }
  return { items, total: first.total };
}

/** Each run as `GET /api/runs/{id}` answers. */
async function asJson(db: Db, runs: RunRow[], total: number): Promise<string> {
  const items = [];
  for (const run of runs) items.push(runDetail.parse(await describeRun(db, run)));
  return toJson({ total, items }, 2);
}

/** With a column for each metric and param that is asked for, or that the filter or its order names. */
async function asTable(db: Db, runs: RunRow[], { where = '' }: RunFilter, columns: NamedKeys): Promise<string> {
  const inFilter = namedKeys(readWhere(where, Date.now()));
  const both = (kind: keyof NamedKeys): string[] => [...new Set([...columns[kind], ...inFilter[kind]])];
  const named = { metric: both('metric'), param: both('param') };
  const ids = runs.map(({ id }) => id);
  const data = {
    experiments: await namesOfExperiments(db, [...new Set(runs.map((run) => run.experiment_id))]),
    metrics: named.metric.length === 0 ? [] : await countedOf(db, await metricsOf(db, ids, named.metric)),
    params: named.param.length === 0 ? [] : await paramsOf(db, ids),
  };
  return tableLines(runs, named, data, Date.now()).join('\n');
}

/** The values that count, by the rules of each run's experiment: what orders and filters mean. */
async function countedOf(db: Db, rows: MetricRow[]): Promise<CountedMetric[]> {
  const counted: CountedMetric[] = [];
  for (const [experiment, some] of grouped(rows, (row) => row.experiment_id))
    counted.push(...(await withCounted(db, await rulesOf(db, experiment), some)));
  return counted;
}
