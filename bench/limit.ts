// bench/limit.ts
// Purpose: the bare limit, a server of its own: parse, one prepared insert, one durable commit a request, answer.
// Why: what the full path costs is said as a share of what this machine can do at all.
// Relevant files: bench/servers.ts, bench/ingest.ts, bench/README.md

import path from 'node:path';
import Database from 'better-sqlite3';
import Fastify from 'fastify';

interface Item {
  key: string;
  value: number;
  step: number;
  timestamp: number;
}

/** Rows in one statement: beyond about 100 nothing is gained. */
const ROWS = 100;

const [port, folder = ''] = process.argv.slice(2);
const db = new Database(path.join(folder, 'limit.db'));
db.pragma('journal_mode = wal');
db.pragma('synchronous = full');
db.pragma('cache_size = -32000');
db.exec(`create table points (series integer, step integer, timestamp integer, value real, kind integer,
  primary key (series, step, timestamp, value, kind)) without rowid`);

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

const store = db.transaction((run: string, items: Item[]) => {
  for (let start = 0; start < items.length; start += ROWS) {
    const values: number[] = [];
    const rows = items.slice(start, start + ROWS);
    for (const { key, value, step, timestamp } of rows) values.push(seriesOf(run, key), step, timestamp, value, 0);
    insertOf(rows.length).run(...values);
  }
});

const app = Fastify({ bodyLimit: 16 * 1024 * 1024 });
app.get('/health', () => 'ok');
app.post<{ Params: { id: string }; Body: { metrics: Item[] } }>('/api/runs/:id/log', (request) => {
  store.immediate(request.params.id, request.body.metrics);
  return { accepted: request.body.metrics.length };
});
await app.listen({ host: '127.0.0.1', port: Number(port) });
process.once('SIGTERM', () => void app.close().then(() => db.close()));
