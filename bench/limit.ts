// bench/limit.ts
// Purpose: the bare limit, a server of its own: parse, prepared inserts, one durable commit a request, answer.
// Why: what the full path costs is said as a share of what this machine can do at all.
// Relevant files: bench/servers.ts, bench/ingest.ts, bench/README.md

import { randomBytes } from 'node:crypto';
import path from 'node:path';
import Database from 'better-sqlite3';
import Fastify from 'fastify';

interface Item {
  key: string;
  value: number;
  step: number;
  timestamp: number;
}

interface Pair {
  key: string;
  value: string;
}

/** MLflow's calls, as far as a run in three of them needs. */
interface CreateBody {
  experiment_id: string;
  start_time: number;
}

interface BatchBody {
  run_id: string;
  params?: Pair[];
  tags?: Pair[];
  metrics: Item[];
}

interface UpdateBody {
  run_id: string;
  status: string;
  end_time: number;
}

/** Rows in one statement: beyond about 100 nothing is gained. */
const ROWS = 100;

const [port, folder = ''] = process.argv.slice(2);
const db = new Database(path.join(folder, 'limit.db'));
db.pragma('journal_mode = wal');
db.pragma('synchronous = full');
db.pragma('cache_size = -32000');
db.exec(`create table points (series integer, step integer, timestamp integer, value real, kind integer,
  primary key (series, step, timestamp, value, kind)) without rowid;
  create table runs (run integer primary key, id text, experiment text, status text, started integer, ended integer);
  create table params (run integer, key text, value text, primary key (run, key)) without rowid;
  create table tags (run integer, key text, value text, primary key (run, key)) without rowid`);

/** Keys and runs as small numbers, as in any compact table. Kept in memory: even looking them up would be more than the limit. */
const numbers = new Map<string, number>();

function seriesOf(run: string, key: string): number {
  const name = `${run} ${key}`;
  const known = numbers.get(name);
  if (known !== undefined) return known;
  numbers.set(name, numbers.size + 1);
  return numbers.size;
}

const statements = new Map<number, Database.Statement>();

function insertOf(rows: number): Database.Statement {
  const known = statements.get(rows);
  if (known) return known;
  const made = db.prepare(`insert into points values ${Array(rows).fill('(?,?,?,?,?)').join(',')}`);
  statements.set(rows, made);
  return made;
}

function insertPoints(run: string, items: Item[]): void {
  for (let start = 0; start < items.length; start += ROWS) {
    const values: number[] = [];
    const rows = items.slice(start, start + ROWS);
    for (const { key, value, step, timestamp } of rows) values.push(seriesOf(run, key), step, timestamp, value, 0);
    insertOf(rows.length).run(...values);
  }
}

const store = db.transaction(insertPoints);

/** As with series: by id, in memory. */
const runs = new Map<string, number>();
const newRun = db.prepare('insert into runs (id, experiment, status, started) values (?, ?, ?, ?)');
const endRun = db.prepare('update runs set status = ?, ended = ? where run = ?');
const newParam = db.prepare('insert into params values (?, ?, ?)');
const newTag = db.prepare('insert into tags values (?, ?, ?)');

const create = db.transaction(({ experiment_id, start_time }: CreateBody) => {
  const id = randomBytes(16).toString('hex');
  runs.set(id, Number(newRun.run(id, experiment_id, 'RUNNING', start_time).lastInsertRowid));
  return id;
});

const storeBatch = db.transaction(({ run_id, params = [], tags = [], metrics }: BatchBody) => {
  const run = runs.get(run_id);
  for (const { key, value } of params) newParam.run(run, key, value);
  for (const { key, value } of tags) newTag.run(run, key, value);
  insertPoints(run_id, metrics);
});

const update = db.transaction(({ run_id, status, end_time }: UpdateBody) => {
  endRun.run(status, end_time, runs.get(run_id));
});

const app = Fastify({ bodyLimit: 16 * 1024 * 1024 });
app.get('/health', () => 'ok');
app.post<{ Params: { id: string }; Body: { metrics: Item[] } }>('/api/runs/:id/log', (request) => {
  store.immediate(request.params.id, request.body.metrics);
  return { accepted: request.body.metrics.length };
});
const MLFLOW = '/api/2.0/mlflow';
app.get(`${MLFLOW}/experiments/get-by-name`, () => ({ experiment: { experiment_id: '1' } }));
app.post<{ Body: CreateBody }>(`${MLFLOW}/runs/create`, ({ body }) => ({
  run: { info: { run_id: create.immediate(body) } },
}));
app.post<{ Body: BatchBody }>(`${MLFLOW}/runs/log-batch`, ({ body }) => {
  storeBatch.immediate(body);
  return {};
});
app.post<{ Body: UpdateBody }>(`${MLFLOW}/runs/update`, ({ body }) => {
  update.immediate(body);
  return { run_info: { run_id: body.run_id, status: body.status } };
});
await app.listen({ host: '127.0.0.1', port: Number(port) });
process.once('SIGTERM', () => void app.close().then(() => db.close()));
