// runs/sample-queries.ts
// Purpose: an even sample of a series by its points' places: the first point of each of n equal parts, and always the last.
// Why: MLflow's charts ask for it; roll-ups say where the wanted points are, so a million others are not read.
// Relevant files: runs/rollups.ts, runs/history-queries.ts, mlflow/bulk-routes.ts

import type { Db } from '../shared/db/store.ts';
import { historyRows, type HistoryRow } from './history-queries.ts';
import type { MetricRow } from './models.ts';
import { chunkStarts, type ChunkStart } from './rollups.ts';
import { Kind } from './values.ts';
import { wideOf } from './wide-points.ts';

/** Steps, both included. */
export interface StepRange {
  from: number | bigint;
  to: number | bigint;
}

/** So many points are read in one go. */
const SHORT = 8_192;

/** In order of step, timestamp, value; all points where they are no more than `max`. */
export async function sampleRows(db: Db, metric: MetricRow, max: number, range?: StepRange): Promise<HistoryRow[]> {
  const wide = await wideOf(db, metric);
  if (wide.length > 0) return picked(await exactRows(db, metric, range), max);
  if (metric.count <= SHORT) return picked(await rowsBetween(db, metric, range), max);
  const starts = await startsOf(db, metric);
  const first = range ? await countBefore(db, metric, starts, Number(range.from)) : 0;
  const end = range ? await countBefore(db, metric, starts, Number(range.to) + 1) : metric.count;
  const places = samplePlaces(end - first, max);
  const rows = await Promise.all(places.map((place) => rowAt(db, metric, starts, first + place)));
  return rows.flat();
}

function picked(rows: HistoryRow[], max: number): HistoryRow[] {
  return samplePlaces(rows.length, max).flatMap((place) => [rows[place]].filter((row) => row !== undefined));
}

/** The first of each of `max` parts, of which the earlier ones are longer by one where it does not come out even. */
function samplePlaces(count: number, max: number): number[] {
  if (count <= max) return Array.from({ length: count }, (_, i) => i);
  const [size, longer] = [Math.floor(count / max), count % max];
  const places = Array.from({ length: max }, (_, i) => i * size + Math.min(i, longer));
  places[max - 1] = count - 1;
  return places;
}

/** With 64 bits: there are few such series, and nobody draws them. */
async function exactRows(db: Db, metric: MetricRow, range: StepRange | undefined): Promise<HistoryRow[]> {
  const rows = await historyRows(db, metric, Number.MAX_SAFE_INTEGER);
  const within = range ? rows.filter(([step]) => step >= range.from && step <= range.to) : rows;
  return within.sort((a, b) => {
    for (const i of [0, 1, 2] as const) if (a[i] !== b[i]) return a[i] < b[i] ? -1 : 1;
    return (a[3] ?? Kind.Plain) - (b[3] ?? Kind.Plain);
  });
}

const ORDER = 'order by step, timestamp, value, kind';

async function rowsBetween(db: Db, { run_seq, no }: MetricRow, range: StepRange | undefined): Promise<HistoryRow[]> {
  const within = range ? 'and step between ? and ?' : '';
  const bounds = range ? [Number(range.from), Number(range.to)] : [];
  return db.arrays<HistoryRow>(
    `select step, timestamp, value, kind from points where run_seq = ? and no = ? ${within} ${ORDER}`,
    [run_seq, no, ...bounds],
  );
}

/** Where chunks begin and how many points come before each; what is not rolled up yet counts as one. */
interface Start {
  from: ChunkStart | undefined;
  before: number;
}

async function startsOf(db: Db, metric: MetricRow): Promise<Start[]> {
  const starts: Start[] = [];
  let before = 0;
  for (const from of await chunkStarts(db, metric)) {
    starts.push({ from, before });
    before += from[2];
  }
  const { rolled_step: step, rolled_time: time } = metric;
  const tail: Start = { from: step === null || time === null ? undefined : [step, time, 0], before };
  return [...starts, tail];
}

/** Points of the stretch that begins there. */
function since(starts: Start[], index: number): { where: string; values: number[] } {
  const [step, time] = starts[index]?.from ?? [];
  if (step === undefined || time === undefined) return { where: '', values: [] };
  // The tail begins behind the last place that is rolled up.
  return { where: `and (step, timestamp) ${index === starts.length - 1 ? '>' : '>='} (?, ?)`, values: [step, time] };
}

function lastIndex(starts: Start[], isBefore: (start: Start, index: number) => boolean): number {
  return Math.max(0, starts.findLastIndex(isBefore));
}

async function rowAt(db: Db, { run_seq, no }: MetricRow, starts: Start[], place: number): Promise<HistoryRow[]> {
  const index = lastIndex(starts, ({ before }) => before <= place);
  const { where, values } = since(starts, index);
  return db.arrays<HistoryRow>(
    `select step, timestamp, value, kind from points where run_seq = ? and no = ? ${where} ${ORDER} limit 1 offset ?`,
    [run_seq, no, ...values, place - (starts[index]?.before ?? 0)],
  );
}

async function countBefore(db: Db, { run_seq, no }: MetricRow, starts: Start[], step: number): Promise<number> {
  const index = lastIndex(starts, ({ from }) => from === undefined || from[0] < step);
  const { where, values } = since(starts, index);
  const { rows } = await db.execute<{ n: number }>(
    `select count(*) as n from points where run_seq = ? and no = ? ${where} and step < ?`,
    [run_seq, no, ...values, step],
  );
  return (starts[index]?.before ?? 0) + Number(rows[0]?.n ?? 0);
}
