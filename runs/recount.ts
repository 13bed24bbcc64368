// runs/recount.ts
// Purpose: counts a series again from its points and says where its summary or its roll-ups differ.
// Why: lists and charts trust both; `manage.ts doctor` and the tests look whether they may.
// Relevant files: runs/summary.ts, runs/rollups.ts, runs/chunks.ts, runs/points.ts

import type { Db } from '../shared/db/store.ts';
import { chunkOf, comparePlaces, endOf, growChunk, startOf, type Chunk } from './chunks.ts';
import type { MetricRow } from './models.ts';
import { allPoints, type SeriesId } from './points.ts';
import { chunksAt, LEVELS } from './rollups.ts';
import { fromRow, growSummary, startSummary, type Point, type Summary } from './summary.ts';

/** Means are sums in another order: they may differ by this much of the largest value. */
const MEAN_TOLERANCE = 1e-9;

/** What is stored beside the points of a series and is not as they say; empty when all is right. */
export async function recount(db: Db, row: MetricRow): Promise<string[]> {
  const levels: LevelCheck[] = [];
  for (let level = 1; level <= LEVELS; level++)
    levels.push(new LevelCheck(level, await chunksAt(db, row, level, IN_ORDER)));
  let summary: Summary | undefined;
  let rolled = 0;
  for await (const points of allPoints(db, row)) {
    for (const point of points) {
      summary = grown(summary, point);
      if (isRolled(row, point)) rolled += 1;
      for (const level of levels) level.add(point);
    }
  }
  const wrong = summaryDifferences(fromRow(row), summary);
  if (rolled !== row.rolled_count) wrong.push(`roll-ups: rolled_count is ${row.rolled_count}, not ${rolled}`);
  return [...wrong, ...levels.flatMap((level) => level.end(level.level < LEVELS ? rolled : null))];
}

/** The summary that the points of a series give; undefined when there are none. */
export async function summaryOf(db: Db, series: SeriesId): Promise<Summary | undefined> {
  let summary: Summary | undefined;
  for await (const points of allPoints(db, series)) {
    for (const point of points) summary = grown(summary, point);
  }
  return summary;
}

function grown(summary: Summary | undefined, point: Point): Summary {
  if (!summary) return startSummary(point);
  growSummary(summary, point);
  return summary;
}

/** Fields that differ. A mean grows in the order of arrival: its last digits are not the summary's fault. */
export function summaryDifferences(found: Summary, counted: Summary | undefined): string[] {
  return counted ? differences('', found, counted) : ['there are no points'];
}

const IN_ORDER = 'order by from_step, from_time';

function isRolled({ rolled_step: step, rolled_time: timestamp }: MetricRow, point: Point): boolean {
  return step !== null && timestamp !== null && comparePlaces(point, { step, timestamp }) <= 0;
}

/** Walks points and chunks of one level side by side. */
class LevelCheck {
  readonly level: number;
  readonly #chunks: Chunk[];
  readonly #wrong: string[] = [];
  #next = 0;
  #inside = 0;
  #counted: Chunk | undefined;

  constructor(level: number, chunks: Chunk[]) {
    this.level = level;
    this.#chunks = chunks;
  }

  add(point: Point): void {
    let chunk = this.#chunks[this.#next];
    while (chunk && comparePlaces(point, endOf(chunk)) > 0) {
      this.#close(chunk);
      chunk = this.#chunks[++this.#next];
    }
    if (!chunk || comparePlaces(point, startOf(chunk)) < 0) return;
    this.#inside += 1;
    if (this.#counted) growChunk(this.#counted, point);
    else this.#counted = chunkOf(point);
  }

  #close(chunk: Chunk): void {
    const place = `level ${this.level}, chunk at step ${chunk.from_step}`;
    if (this.#counted) this.#wrong.push(...differences(`${place}: `, chunk, this.#counted));
    else this.#wrong.push(`${place}: there are no points`);
    this.#counted = undefined;
  }

  /** `points`: how many the chunks must hold together; null: any number. */
  end(points: number | null): string[] {
    for (const chunk of this.#chunks.slice(this.#next)) this.#close(chunk);
    if (points !== null && this.#inside !== points)
      this.#wrong.push(`level ${this.level}: ${this.#inside} points, not ${points}`);
    return this.#wrong;
  }
}

function differences<T extends Summary | Chunk>(place: string, stored: T, counted: T): string[] {
  const names = Object.keys(counted) as (keyof T & string)[];
  return names
    .filter((name) => (name === 'mean' ? !isClose(stored, counted) : textOf(stored[name]) !== textOf(counted[name])))
    .map((name) => `${place}${name} is ${textOf(stored[name])}, not ${textOf(counted[name])}`);
}

function isClose(a: Summary | Chunk, b: Summary | Chunk): boolean {
  if (a.mean === null || b.mean === null) return a.mean === b.mean;
  const size = (extreme: Summary['min'] | number): number =>
    Math.abs(typeof extreme === 'number' ? extreme : (extreme?.value ?? 0));
  return Math.abs(a.mean / 2 - b.mean / 2) <= MEAN_TOLERANCE * Math.max(size(b.min), size(b.max));
}

/** NaN, −0 and infinities are told apart. */
function textOf(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) => {
    if (Object.is(one, -0)) return '-0';
    return typeof one === 'number' && !Number.isFinite(one) ? String(one) : one;
  });
}
