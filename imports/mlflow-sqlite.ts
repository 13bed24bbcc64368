// imports/mlflow-sqlite.ts
// Purpose: reads MLflow's SQLite store (mlflow.db) run by run, without writing to it.
// Why: it is where most MLflow users keep their runs; what it cannot hold is brought back as it was meant.
// Relevant files: imports/records.ts, imports/mlflow-tables.ts, imports/mlflow-common.ts, imports/artifact-folder.ts

import { dirname } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { artifactsOf } from './artifact-folder.ts';
import { EMPTY_DEFAULT, experimentFacts, isKept, record, runFacts, statusOf } from './mlflow-common.ts';
import { MlflowTables, type Row } from './mlflow-tables.ts';
import { BATCH_POINTS, type Source, type SourceArtifact } from './records.ts';
import type { SourceExperiment, SourcePoint, SourceRun } from './records.ts';
import { Remarks, type Note } from './remarks.ts';

const INFINITY_READ: Note = (count) =>
  `${count} ${count === 1 ? 'value' : 'values'} of ±1.7976931348623157e308 read as ±Infinity: ` +
  "MLflow's SQL store cannot keep Infinity.";

const IS_RUN_ID = "typeof(run_uuid) = 'text' AND length(run_uuid) = 32 AND run_uuid NOT GLOB '*[^0-9a-f]*'";
const HAS_EXPERIMENT = 'EXISTS (SELECT 1 FROM experiments e WHERE e.experiment_id = runs.experiment_id)';
const RUN_IDS = `SELECT run_uuid FROM runs WHERE experiment_id = ? AND ${IS_RUN_ID}
  ORDER BY coalesce(start_time, 0), run_uuid`;
const RUN = 'SELECT * FROM runs WHERE run_uuid = ?';
const ODD_RUNS = `SELECT run_uuid FROM runs WHERE (${IS_RUN_ID}) IS NOT TRUE`;
const LONE_RUNS = `SELECT run_uuid, coalesce(experiment_id, 'none') AS experiment FROM runs
  WHERE ${IS_RUN_ID} AND NOT ${HAS_EXPERIMENT}`;
const EXPERIMENTS = `SELECT e.* FROM experiments e
  WHERE e.name <> 'Default' OR EXISTS (SELECT 1 FROM runs r WHERE r.experiment_id = e.experiment_id)
  ORDER BY e.experiment_id`;
/** What MLflow keeps beside runs and we have no place for. */
const NOT_RUNS = [
  ['trace_info', 'traces'],
  ['logged_models', 'logged models'],
  ['datasets', 'datasets'],
  ['registered_models', 'registered models'],
] as const;

interface Context {
  tables: MlflowTables;
  file: string;
  remarks: Remarks;
}

export function openMlflowSqlite(file: string): Source {
  const context: Context = { tables: new MlflowTables(file), file, remarks: new Remarks() };
  const { tables, remarks } = context;
  return {
    kind: 'MLflow SQLite store',
    location: file,
    async count() {
      await setImmediate();
      const experiments = [...tables.rows('experiments', EXPERIMENTS)].length;
      const [runs] = tables.rows('runs', `SELECT count(*) AS n FROM runs WHERE ${IS_RUN_ID} AND ${HAS_EXPERIMENT}`);
      return { experiments, runs: Number(runs?.['n'] ?? 0) };
    },
    async *experiments() {
      remarkOnRest(context);
      for await (const row of turns([...tables.rows('experiments', EXPERIMENTS)])) yield readExperiment(context, row);
    },
    get notes() {
      return remarks.notes;
    },
    get skipped() {
      return remarks.skipped;
    },
    get skippedPoints() {
      return remarks.skippedPoints;
    },
    async close() {
      await setImmediate();
      tables.close();
    },
  };
}

/** better-sqlite3 answers at once: the event loop gets its turn here, so a progress bar moves and Ctrl-C is heard. */
async function* turns<T>(items: Iterable<T>): AsyncGenerator<T> {
  for (const item of items) {
    await setImmediate();
    yield item;
  }
}

function remarkOnRest({ tables, remarks }: Context): void {
  if (tables.size('experiments') > [...tables.rows('experiments', EXPERIMENTS)].length) remarks.note(EMPTY_DEFAULT);
  for (const row of tables.rows('runs', ODD_RUNS)) {
    remarks.skip(`run "${String(row['run_uuid'])}"`, 'its id is not 32 hex digits');
  }
  for (const row of tables.rows('runs', LONE_RUNS)) {
    remarks.skip(`run ${String(row['run_uuid'])}`, `its experiment (${String(row['experiment'])}) is not in the store`);
  }
  for (const [table, name] of NOT_RUNS) {
    const size = tables.size(table);
    if (size > 0) remarks.skip(`${size} ${name}`, 'only runs are imported');
  }
}

function readExperiment(context: Context, row: Row): SourceExperiment {
  const { tables } = context;
  const id = tables.number('experiments', row, 'experiment_id');
  const facts = experimentFacts({
    name: tables.text('experiments', row, 'name') ?? `experiment ${id}`,
    workspace: tables.text('experiments', row, 'workspace'),
    deleted: row['lifecycle_stage'] === 'deleted',
    creation_time: tables.time('experiments', row, 'creation_time'),
    last_update_time: tables.time('experiments', row, 'last_update_time'),
    tags: texts(context, 'experiment_tags', 'experiment_id', id),
  });
  return {
    ...facts,
    async *runs() {
      // Ids first: a statement left open over a whole import would lock out an MLflow that is still logging.
      for await (const { run_uuid } of turns([...tables.rows('runs', RUN_IDS, id)])) {
        for (const run of [...tables.rows('runs', RUN, String(run_uuid))]) yield readRun(context, run, id);
      }
    },
  };
}

function readRun(context: Context, row: Row, experimentId: number): SourceRun {
  const { tables, remarks, file } = context;
  const id = tables.text('runs', row, 'run_uuid') ?? '';
  const status = statusOf(tables.text('runs', row, 'status') ?? '');
  if (!status) throw tables.fault('runs', row, `status: "${String(row['status'])}" is not known`);
  const facts = runFacts({
    id,
    run_name: tables.text('runs', row, 'name'),
    status,
    deleted: row['lifecycle_stage'] === 'deleted',
    deleted_time: tables.time('runs', row, 'deleted_time'),
    start_time: tables.time('runs', row, 'start_time'),
    end_time: tables.time('runs', row, 'end_time'),
    params: texts(context, 'params', 'run_uuid', id),
    tags: texts(context, 'tags', 'run_uuid', id),
  });
  const uri = tables.text('runs', row, 'artifact_uri');
  const place = { runId: id, experimentId: String(experimentId), uri, base: dirname(file) };
  return {
    ...facts,
    points: (): AsyncIterable<SourcePoint[]> => turns(batches(context, id)),
    artifacts: (): AsyncIterable<SourceArtifact> => artifactsOf(place, remarks),
  };
}

/** Key and value rows of one owner. The table or the owner may have none. */
function texts({ tables }: Context, table: string, owner: string, id: string | number): Record<string, string> {
  if (tables.columns(table).length === 0) return {};
  const rows = tables.rows(table, `SELECT rowid, * FROM ${table} WHERE ${owner} = ? ORDER BY key`, id);
  return record([...rows].map((row) => [tables.text(table, row, 'key') ?? '', tables.text(table, row, 'value') ?? '']));
}

function* batches(context: Context, runId: string): Generator<SourcePoint[]> {
  const { tables, remarks } = context;
  const isNan = tables.columns('metrics').includes('is_nan') ? 'is_nan' : '0 AS is_nan';
  const step = tables.columns('metrics').includes('step') ? 'step' : '0 AS step';
  const sql = `SELECT rowid, key, value, timestamp, ${step}, ${isNan} FROM metrics WHERE run_uuid = ?
    ORDER BY key, step, timestamp, value`;
  let batch: SourcePoint[] = [];
  for (const row of tables.rows('metrics', sql, runId)) {
    const point = readPoint(context, row);
    if (!isKept(point, runId, remarks)) continue;
    batch.push(point);
    if (batch.length < BATCH_POINTS) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** MLflow's SQL store writes NaN as 0 with a flag, and ±Infinity as the largest double (SqlMetric in its store). */
function readPoint({ tables, remarks }: Context, row: Row): SourcePoint {
  const stored = tables.number('metrics', row, 'value');
  const wasInfinite = Math.abs(stored) === Number.MAX_VALUE;
  if (wasInfinite) remarks.note(INFINITY_READ);
  return {
    key: tables.text('metrics', row, 'key') ?? '',
    value: row['is_nan'] === 1 ? NaN : wasInfinite ? Math.sign(stored) * Infinity : stored,
    step: tables.number('metrics', row, 'step'),
    timestamp: tables.number('metrics', row, 'timestamp'),
  };
}
