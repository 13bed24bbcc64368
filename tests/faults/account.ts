// tests/faults/account.ts
// Purpose: compares a database file with what clients had acknowledged: every row, and every summary with a recount.
// Why: after a fault the file itself is looked at, not what a server says of it.
// Relevant files: tests/faults/load.ts, runs/summary.ts, runs/models.ts

import Database from 'better-sqlite3';
import { expect } from 'vitest';
import { fromRow, growSummary, startSummary, type Point, type Summary, type SummaryRow } from '../../runs/summary.ts';
import { fromStored } from '../../runs/values.ts';
import type { Account } from './load.ts';

interface SeriesRow extends SummaryRow {
  run_seq: number;
  no: number;
  key: string;
}

/** Everything that was acknowledged is there, and nothing else of these runs. Several clients may share a run. */
export function expectExactly(file: string, accounts: Account[]): void {
  const db = new Database(file, { readonly: true });
  try {
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(db.pragma('foreign_key_check')).toEqual([]);
    for (const run of new Set(accounts.map((account) => account.run)))
      expectRun(
        db,
        run,
        accounts.filter((account) => account.run === run),
      );
  } finally {
    db.close();
  }
}

function expectRun(db: Database.Database, run: string, accounts: Account[]): void {
  const pairs = (sql: string): Map<unknown, unknown> => new Map(db.prepare(sql).raw().all(run) as [unknown, unknown][]);
  expect(pairs('select key, value from params where run_id = ?')).toEqual(merged(accounts.map(({ params }) => params)));
  expect(pairs('select t.key, r.value from run_tags r join tags t on t.id = r.tag_id where r.run_id = ?')).toEqual(
    merged(accounts.map(({ tags }) => tags)),
  );
  const rows = db
    .prepare('select m.* from metrics m join runs r on r.seq = m.run_seq where r.id = ?')
    .all(run) as SeriesRow[];
  const series = merged(accounts.map((account) => account.series));
  expect(rows.map(({ key }) => key).sort()).toEqual([...series.keys()].sort());
  for (const row of rows) {
    const points = pointsOf(db, row);
    expect(points).toEqual(sorted([...(series.get(row.key)?.values() ?? [])]));
    expectSummary(fromRow(row), points);
  }
}

function pointsOf(db: Database.Database, { run_seq, no }: SeriesRow): Point[] {
  const rows = db
    .prepare('select step, timestamp, value, kind from points where run_seq = ? and no = ?')
    .raw()
    .all(run_seq, no) as [number, number, number, number][];
  return sorted(rows.map(([step, timestamp, value, kind]) => ({ step, timestamp, value: fromStored(value, kind) })));
}

/** The mean grows in the order of arrival, so it may differ in its last digits; nothing else may. */
export function expectSummary(found: Summary, points: Point[]): void {
  const [first, ...others] = points;
  const counted = first && startSummary(first);
  if (counted) for (const point of others) growSummary(counted, point);
  expect({ ...found, mean: 0 }).toEqual({ ...counted, mean: 0 });
  const mean = counted?.mean ?? null;
  if (mean === null) return expect(found.mean).toBeNull();
  // Not `Math.max(...)`: hundreds of thousands of points are more than a call takes.
  const size = points.reduce((most, { value }) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most), 0);
  expect(Math.abs((found.mean ?? NaN) - mean)).toBeLessThanOrEqual(size * 1e-9);
}

function sorted(points: Point[]): Point[] {
  const text = ({ value }: Point): string => (Object.is(value, -0) ? '-0' : String(value));
  return points.sort((a, b) => a.step - b.step || a.timestamp - b.timestamp || (text(a) < text(b) ? -1 : 1));
}

function merged<K, V>(maps: Map<K, V>[]): Map<K, V> {
  return new Map(maps.flatMap((map) => [...map]));
}
