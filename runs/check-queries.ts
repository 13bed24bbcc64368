// runs/check-queries.ts
// Purpose: asks the database for what must never be: summaries, points and counters that do not fit together.
// Why: what a doctor looks for is plain SQL, one question each.
// Relevant files: runs/doctor.ts, runs/models.ts, runs/points.ts

import type { Db } from '../shared/db/store.ts';
import type { MetricRow } from './models.ts';
import { wrongRankSql } from './rules/value-sql.ts';

/** Points of each series, counted: one walk along the primary key. */
const COUNTED = 'select run_seq, no, count(*) as n from points group by run_seq, no';

/** Series whose summary counts other points than there are. */
export async function miscounted(db: Db): Promise<string[]> {
  const { rows } = await db.execute<{ id: string; key: string; count: number; n: number }>(
    `select r.id, m.key, m.count, coalesce(p.n, 0) as n
     from metrics m join runs r on r.seq = m.run_seq
     left join (${COUNTED}) p on p.run_seq = m.run_seq and p.no = m.no
     where m.count <> coalesce(p.n, 0) order by m.run_seq, m.no`,
    [],
  );
  return rows.map(({ id, key, count, n }) => `run ${id}, ${key}: the summary counts ${count} points, there are ${n}`);
}

/** Places in the order of an experiment's runs that do not follow the metric's rule. */
export async function wrongRanks(db: Db): Promise<string[]> {
  const { rows } = await db.execute<{ id: string; key: string }>(
    `select r.id, m.key from metrics m join runs r on r.seq = m.run_seq and r.purge_at is null
     join experiments e on e.id = r.experiment_id and e.purge_at is null
     where ${wrongRankSql('m', 'r')} order by m.run_seq, m.no`,
    [],
  );
  return rows.map(({ id, key }) => `run ${id}, ${key}: it is ranked by another value than the one that counts`);
}

/** Points that belong to no series. */
export async function strayPoints(db: Db): Promise<string[]> {
  const { rows } = await db.execute<{ run_seq: number; no: number; n: number }>(
    `select p.run_seq, p.no, p.n from (${COUNTED}) p
     left join metrics m on m.run_seq = p.run_seq and m.no = p.no where m.no is null order by p.run_seq, p.no`,
    [],
  );
  return rows.map(({ run_seq, no, n }) => `run number ${run_seq}, series ${no}: ${n} points`);
}

/** What is stored twice on purpose, and must be the same: numbers that were given, keys, experiments of series. */
export async function brokenCounters(db: Db): Promise<string[]> {
  const asked = [
    `select e.id as a, max(r.number) as b from experiments e join runs r on r.experiment_id = e.id
     group by e.id, e.next_number having max(r.number) >= e.next_number`,
    `select experiment_id as a, number as b from runs group by experiment_id, number having count(*) > 1`,
    `select r.id as a, m.key as b from metrics m join runs r on r.seq = m.run_seq where m.experiment_id <> r.experiment_id`,
    `select u.run_id as a, d.name as b from run_datasets u join datasets d on d.id = u.dataset_id
     join runs r on r.id = u.run_id where r.experiment_id <> d.experiment_id`,
    `select distinct m.experiment_id as a, m.key as b from metrics m
     left join experiment_metrics k on k.experiment_id = m.experiment_id and k.key = m.key where k.key is null`,
    `select r.id as a, r.attempts as b from runs r left join run_attempts t on t.run_seq = r.seq
     group by r.seq, r.id, r.attempts having count(t.no) <> r.attempts`,
    `select distinct s.run_seq as a, s.attempt as b from superseded_points s
     left join run_attempts t on t.run_seq = s.run_seq and t.no = s.attempt where t.no is null`,
  ];
  const said = [
    (a: unknown, b: unknown) => `experiment ${String(a)}: run number ${String(b)} would be given again`,
    (a: unknown, b: unknown) => `experiment ${String(a)}: run number ${String(b)} was given twice`,
    (a: unknown, b: unknown) => `run ${String(a)}, ${String(b)}: the series names another experiment`,
    (a: unknown, b: unknown) => `run ${String(a)}: the data set ${String(b)} is of another experiment`,
    (a: unknown, b: unknown) => `experiment ${String(a)}: its list of metrics lacks ${String(b)}`,
    (a: unknown, b: unknown) => `run ${String(a)}: it counts ${String(b)} attempts, there are others`,
    (a: unknown, b: unknown) => `run number ${String(a)}: points of attempt ${String(b)}, which is not there`,
  ];
  const places: string[] = [];
  for (const [i, sql] of asked.entries()) {
    const { rows } = await db.execute<{ a: unknown; b: unknown }>(sql, []);
    for (const { a, b } of rows) places.push(said[i]?.(a, b) ?? '');
  }
  return places;
}

/** [what, as it is kept, as the rows give it]; see runs/recount-changes.ts. */
const SUMS = [
  [
    'points of an experiment',
    'select id, points from experiments',
    `select e.id, coalesce(sum(m.count), 0) from experiments e
     left join runs r on r.experiment_id = e.id and r.trashed_at is null
     left join metrics m on m.run_seq = r.seq group by e.id`,
  ],
  [
    'runs by state',
    'select experiment_id, status, trashed, runs from experiment_runs where runs <> 0',
    `select experiment_id, status, case when trashed_at is null then 0 else 1 end as t, count(*)
     from runs group by experiment_id, status, t`,
  ],
  [
    "runs by a param's value",
    "select experiment_id, key, hash, runs from experiment_values where kind = 'param'",
    `select r.experiment_id, p.key, md5(p.value), count(*) from runs r join params p on p.run_id = r.id
     where r.trashed_at is null group by r.experiment_id, p.key, md5(p.value)`,
  ],
  [
    "runs by a tag's value",
    "select experiment_id, key, hash, runs from experiment_values where kind = 'tag'",
    `select r.experiment_id, cast(h.tag_id as text), md5(h.value), count(*) from runs r join run_tags h on h.run_id = r.id
     where r.trashed_at is null group by r.experiment_id, h.tag_id, md5(h.value)`,
  ],
  [
    'runs by param and tag',
    'select experiment_id, kind, key, runs, variety from experiment_keys where runs <> 0 or variety <> 0',
    'select experiment_id, kind, key, sum(runs), count(*) from experiment_values group by experiment_id, kind, key',
  ],
] as const;

/** Sums that pages show and that are not what the rows give. */
export async function wrongSums(db: Db): Promise<string[]> {
  const places: string[] = [];
  for (const [what, kept, counted] of SUMS) {
    const { rows } = await db.execute<{ n: number }>(
      `select count(*) as n from (select * from (${kept}) a except select * from (${counted}) b) c
       union all select count(*) as n from (select * from (${counted}) d except select * from (${kept}) e) f`,
      [],
    );
    const n = Math.max(...rows.map((row) => Number(row.n)));
    if (n > 0) places.push(`${what}: ${n} sums`);
  }
  return places;
}

/** Summaries with the id of their run: all of them in order, or `limit` taken at random from those of at most `most` points. */
export async function someMetrics(db: Db, limit?: number, most = 0): Promise<MetricRow[]> {
  // A series that is being removed says how many points it still has, and nothing else.
  const from = `select m.*, r.id as run_id from metrics m join runs r on r.seq = m.run_seq and r.purge_at is null
    join experiments e on e.id = r.experiment_id and e.purge_at is null`;
  if (limit === undefined) return (await db.execute<MetricRow>(`${from} order by m.run_seq, m.no`, [])).rows;
  return (await db.execute<MetricRow>(`${from} where m.count <= ? order by random() limit ?`, [most, limit])).rows;
}

/** Contents that artifacts have, each once. */
export async function allContents(db: Db): Promise<{ sha256: string; size: number }[]> {
  const { rows } = await db.execute<{ sha256: string; size: number }>(
    `select sha256, max(size) as size from (select sha256, size from artifacts
      union all select sha256, size from logged_model_artifacts) a group by sha256 order by sha256`,
    [],
  );
  return rows;
}
