// runs/attempts/cut-series.ts
// Purpose: after points of a series were taken away from a step on: its roll-ups and its summary as they are without them.
// Why: a summary cannot forget a point; what stays is summed up from a thousandth of it, the roll-ups, and the points of the tail.
// Relevant files: runs/attempts/superseding-changes.ts, runs/rollups.ts, runs/chunks.ts, runs/summary.ts

import type { Db } from '../../shared/db/store.ts';
import { endOf, mergeChunks, startOf, type Chunk } from '../chunks.ts';
import { pointsBetween, scanPoints, type SeriesId } from '../points.ts';
import { chunksAt, cutRollups } from '../rollups.ts';
import type { SeriesState } from '../series-rows.ts';
import { emptySummary, growSummary, type Point, type Summary } from '../summary.ts';

/** Brings `state` up to date in place. Where no point is left the series begins anew with `next`, which is about to be stored. */
export async function cutSeries(tx: Db, runSeq: number, state: SeriesState, step: number, next: Point): Promise<void> {
  const series = { run_seq: runSeq, no: state.no };
  state.tail = null;
  state.reread_at = 0;
  state.rolled = await cutRollups(tx, series, step);
  const [first] = (await scanPoints(tx, series, 1)).points;
  state.summary = first ? await summaryOf(tx, series, first, state.rolled.to) : emptySummary(next);
}

async function summaryOf(
  db: Db,
  series: SeriesId,
  first: Point,
  rolledTo: { step: number; timestamp: number } | null,
): Promise<Summary> {
  const summary = emptySummary(first);
  const chunks = await chunksAt(db, series, 2, 'order by from_step, from_time');
  if (chunks.length > 0) await addChunks(db, series, summary, chunks);
  for (const point of await pointsBetween(db, series, { after: rolledTo })) growSummary(summary, point);
  return summary;
}

async function addChunks(db: Db, series: SeriesId, summary: Summary, chunks: Chunk[]): Promise<void> {
  const { count, nonfinite_count, min, max, mean } = mergeChunks(chunks);
  const ending = chunks.at(-1);
  const find = async (has: (chunk: Chunk) => boolean, is: (point: Point) => boolean): Promise<Point | undefined> => {
    const chunk = chunks.find(has);
    return chunk && (await pointsBetween(db, series, { from: startOf(chunk), until: endOf(chunk) })).find(is);
  };
  const least = await find((chunk) => chunk.min === min, ({ value }) => value === min); // prettier-ignore
  const most = await find((chunk) => chunk.max === max, ({ value }) => value === max); // prettier-ignore
  const broken = await find((chunk) => chunk.nonfinite_count > 0, ({ value }) => !Number.isFinite(value)); // prettier-ignore
  const last = ending && (await pointsBetween(db, series, { from: endOf(ending), until: endOf(ending) })).at(-1);
  Object.assign(summary, {
    count,
    nonfinite_count,
    mean,
    min: min === null || !least ? null : { value: min, step: least.step },
    max: max === null || !most ? null : { value: max, step: most.step },
    nonfinite_step: broken?.step ?? null,
    last: last ?? summary.last,
  });
}
