// bench/limit-postgres.ts
// Purpose: the bare limit on PostgreSQL, a server of its own: parse, one insert of all rows from arrays, a durable commit, answer.
// Why: what the full path costs is said as a share of what machine and database can do at all.
// Relevant files: bench/postgres.ts, bench/limit.ts, shared/db/postgres-arrays.ts

import Fastify from 'fastify';
import pg from 'pg';

interface Item {
  key: string;
  value: number;
  step: number;
  timestamp: number;
}

const [port, url = ''] = process.argv.slice(2);
const pool = new pg.Pool({ connectionString: url, max: 5 });
await pool.query(`create table if not exists limit_points (series bigint, step bigint, timestamp bigint, value double precision,
  kind bigint, primary key (series, step, timestamp, value, kind))`);

/** Each process has its own runs: numbers of another one must not be met. */
const FIRST = process.pid * 1_000_000;
const numbers = new Map<string, number>();

function seriesOf(run: string, key: string): number {
  const name = `${run} ${key}`;
  const known = numbers.get(name) ?? FIRST + numbers.size;
  numbers.set(name, known);
  return known;
}

const INT8 = 20;
const FLOAT8 = 701;

/** PostgreSQL's array in its binary format, as the product sends it; a program of one file has its own. */
function arrayOf(type: number, values: number[]): Buffer {
  const bytes = Buffer.allocUnsafe(20 + 12 * values.length);
  let at = 0;
  for (const field of [1, 0, type, values.length, 1]) at = bytes.writeInt32BE(field, at);
  for (const value of values) {
    at = bytes.writeInt32BE(8, at);
    if (type === FLOAT8) bytes.writeDoubleBE(value, at);
    else bytes.writeUInt32BE(value >>> 0, bytes.writeInt32BE(Math.floor(value / 2 ** 32), at));
    at += 8;
  }
  return bytes;
}

const INSERT = `insert into limit_points select unnest($1::bigint[]), unnest($2::bigint[]), unnest($3::bigint[]), unnest($4::double precision[]), 0`;

async function store(run: string, items: Item[]): Promise<void> {
  // As the product does it: rows of a series one after another.
  const sorted = items
    .map((item) => ({ ...item, series: seriesOf(run, item.key) }))
    .sort((a, b) => a.series - b.series || a.step - b.step);
  const column = (pick: (item: (typeof sorted)[number]) => number): number[] => sorted.map(pick);
  const values = [
    arrayOf(
      INT8,
      column(({ series }) => series),
    ),
    arrayOf(
      INT8,
      column(({ step }) => step),
    ),
    arrayOf(
      INT8,
      column(({ timestamp }) => timestamp),
    ),
    arrayOf(
      FLOAT8,
      column(({ value }) => value),
    ),
  ];
  await pool.query({ name: 'insert', text: INSERT, values });
}

const app = Fastify({ bodyLimit: 16 * 1024 * 1024 });
app.get('/health', () => 'ok');
app.post<{ Params: { id: string }; Body: { metrics: Item[] } }>('/api/runs/:id/log', async (request) => {
  await store(request.params.id, request.body.metrics);
  return { accepted: request.body.metrics.length };
});
await app.listen({ host: '127.0.0.1', port: Number(port) });
process.once('SIGTERM', () => void app.close().then(() => pool.end()));
