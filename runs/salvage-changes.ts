// runs/salvage-changes.ts
// Purpose: puts rows that were saved from a damaged file in order: series without a run or summary, summaries without points.
// Why: what is left must be a tracker again, with summaries that say what is there and nothing more.
// Relevant files: shared/db/salvage.ts, runs/recount.ts, runs/check-queries.ts

import { randomBytes } from 'node:crypto';
import type { Db } from '../shared/db/store.ts';
import { someMetrics } from './check-queries.ts';
import { RunStatus } from './models.ts';
import { summaryDifferences, summaryOf } from './recount.ts';
import { recountAll } from './recount-changes.ts';
import { fromRow, toRow } from './summary.ts';

/** `tx`: a transaction on the new file. Returns what it had to do, line by line. */
export async function mendRuns(tx: Db): Promise<string[]> {
  return [
    ...(await makeUpExperiments(tx)),
    ...(await makeUpRuns(tx)),
    ...(await dropDangling(tx)),
    ...(await makeUpSeries(tx)),
    ...(await countAgain(tx)),
    ...(await mendCounters(tx)),
  ];
}

async function makeUpExperiments(tx: Db): Promise<string[]> {
  const { rows } = await tx.execute<{ id: number }>(
    `select distinct experiment_id as id from runs where experiment_id not in (select id from experiments)`,
    [],
  );
  for (const { id } of rows) {
    await tx.execute(
      `insert into experiments (id, name, status, created_at, updated_at, last_activity_at) values (?, ?, 'active', ?, ?, ?)`,
      [id, `salvaged ${id}`, Date.now(), Date.now(), Date.now()],
    );
  }
  return rows.map(({ id }) => `Experiment ${id} is lost, its runs are not: it is called "salvaged ${id}" now.`);
}

/** A run whose row is lost though its series are there. */
async function makeUpRuns(tx: Db): Promise<string[]> {
  const { rows } = await tx.execute<{ seq: number; experiment_id: number }>(
    `select run_seq as seq, min(experiment_id) as experiment_id from metrics
     where run_seq not in (select seq from runs) and experiment_id in (select id from experiments) group by run_seq`,
    [],
  );
  const said: string[] = [];
  for (const { seq, experiment_id } of rows) {
    const id = randomBytes(16).toString('hex');
    await tx.execute(
      `insert into runs (seq, id, experiment_id, number, name, name_folded, status, heard_at, created_at, updated_at)
       select ?, ?, ?, coalesce(max(number), 0) + 1, ?, ?, '${RunStatus.Killed}', ?, ?, ? from runs where experiment_id = ?`,
      [seq, id, experiment_id, `salvaged-${seq}`, `salvaged-${seq}`, Date.now(), Date.now(), Date.now(), experiment_id],
    );
    said.push(`The row of a run is lost, its series are not: it is run ${id}, "salvaged-${seq}", now.`);
  }
  return said;
}

/** Rows that name a run, an experiment or a tag that is not there cannot be shown anywhere. */
async function dropDangling(tx: Db): Promise<string[]> {
  const dangling: [table: string, where: string][] = [
    ['params', 'run_id not in (select id from runs)'],
    ['artifacts', 'run_id not in (select id from runs)'],
    ['run_tags', 'run_id not in (select id from runs) or tag_id not in (select id from tags)'],
    ['experiment_tags', 'experiment_id not in (select id from experiments) or tag_id not in (select id from tags)'],
    ['experiment_metrics', 'experiment_id not in (select id from experiments)'],
    ['metric_rules', 'experiment_id not in (select id from experiments)'],
    ['metrics', 'run_seq not in (select seq from runs)'],
    ['points', 'run_seq not in (select seq from runs)'],
    ['wide_points', 'run_seq not in (select seq from runs)'],
    ['datasets', 'experiment_id not in (select id from experiments)'],
    ['decisions', 'experiment_id not in (select id from experiments)'],
    ['run_datasets', 'run_id not in (select id from runs) or dataset_id not in (select id from datasets)'],
    ['superseded_points', 'run_seq not in (select seq from runs)'],
    ['attempt_begins', 'run_seq not in (select seq from runs)'],
    ['run_attempts', 'run_seq not in (select seq from runs)'],
    ['log_keys', 'run_seq not in (select seq from runs)'],
    ['chart_defaults', 'experiment_id not in (select id from experiments)'],
    ['saved_views', 'experiment_id not in (select id from experiments)'],
    ['baselines', 'run_id not in (select id from runs) or experiment_id not in (select id from experiments)'],
    ['bulk_items', 'run_seq not in (select seq from runs)'],
  ];
  const said: string[] = [];
  for (const [table, where] of dangling) {
    const { changes } = await tx.execute(`delete from ${table} where ${where}`, []);
    if (changes > 0) said.push(`${table}: ${changes} rows belonged to what is lost, and went with it.`);
  }
  return said;
}

/** Points whose summary is lost: the key with it. */
async function makeUpSeries(tx: Db): Promise<string[]> {
  const { rows } = await tx.execute<{ run_seq: number; no: number; id: string; experiment_id: number }>(
    `select p.run_seq, p.no, r.id, r.experiment_id from (select distinct run_seq, no from points) p
     join runs r on r.seq = p.run_seq left join metrics m on m.run_seq = p.run_seq and m.no = p.no where m.no is null`,
    [],
  );
  const said: string[] = [];
  for (const { run_seq, no, id, experiment_id } of rows) {
    const summary = await summaryOf(tx, { run_seq, no });
    if (!summary) continue;
    const row = { run_seq, no, experiment_id, key: `salvaged/${no}`, ...toRow(summary) };
    const columns = Object.keys(row);
    await tx.execute(
      `insert into metrics (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})`,
      Object.values(row),
    );
    said.push(`run ${id}: the name of a series is lost, its ${summary.count} points are not: salvaged/${no}.`);
  }
  return said;
}

/** Summaries say what is there; roll-ups are made again from the points when they are next needed. */
async function countAgain(tx: Db): Promise<string[]> {
  const said: string[] = [];
  await tx.execute('delete from rollups', []);
  await tx.execute('update metrics set rolled_count = 0, rolled_step = null, rolled_time = null', []);
  for (const row of await someMetrics(tx)) {
    const summary = await summaryOf(tx, row);
    if (summaryDifferences(fromRow(row), summary).length === 0) continue;
    const place = [row.run_seq, row.no];
    if (summary) {
      const values = toRow(summary);
      const sets = Object.keys(values).map((column) => `${column} = ?`);
      await tx.execute(`update metrics set ${sets.join(', ')} where run_seq = ? and no = ?`, [
        ...Object.values(values),
        ...place,
      ]);
    } else await tx.execute('delete from metrics where run_seq = ? and no = ?', place);
    const lost = row.count - (summary?.count ?? 0);
    said.push(`run ${row.run_id}, ${row.key}: ${lost} of ${row.count} points are lost.`);
  }
  return said;
}

async function mendCounters(tx: Db): Promise<string[]> {
  await tx.execute(
    `insert into experiment_metrics (experiment_id, key)
     select distinct experiment_id, key from metrics where true on conflict do nothing`,
    [],
  );
  await tx.execute(
    `update experiments set version = version + 1, next_number =
     max(next_number, (select coalesce(max(number), 0) + 1 from runs where experiment_id = experiments.id))`,
    [],
  );
  await recountAll(tx);
  return [];
}
