// runs/recount-changes.ts
// Purpose: counts the sums of experiments and the order by metric again, from the runs themselves.
// Why: the one definition of what each sum is; tests hold the moving of sums against it, `doctor` mends with it.
// Relevant files: runs/tally-changes.ts, runs/ranking-changes.ts, experiments/models.ts

import type { Db } from '../shared/db/store.ts';
import { stepSql, valueSql } from './rules/value-sql.ts';

const SHOWN = `case when length(p.value) <= 500 then p.value
  else substr(p.value, 1, 250) || '…' || substr(p.value, length(p.value) - 248) end`;

/** In order; each says what its sum is. */
const STATEMENTS = [
  `update runs set settled = case when trashed_at is not null then 0 when status = 'running' then settled else 1 end`,
  `update metrics set rank_step = null, rank_value = case when last_kind <> 1
    and run_seq in (select seq from runs where settled = 1) then last_value end`,
  `update metrics set rank_value = ${valueSql('metrics')}, rank_step = ${stepSql('metrics')}
    where run_seq in (select seq from runs where settled = 1)
      and (experiment_id, key) in (select experiment_id, key from metric_rules where takes <> 'last')`,
  'update metric_rules set counted_to = null where counted_to is not null',
  `update experiments set points = (select coalesce(sum(m.count), 0) from runs r join metrics m on m.run_seq = r.seq
    where r.experiment_id = experiments.id and r.trashed_at is null)`,
  'delete from experiment_runs',
  `insert into experiment_runs (experiment_id, status, trashed, runs)
    select experiment_id, status, case when trashed_at is null then 0 else 1 end as in_trash, count(*) from runs
    group by experiment_id, status, in_trash`,
  'delete from experiment_values',
  `insert into experiment_values (experiment_id, kind, key, hash, value, runs)
    select r.experiment_id, 'param', p.key, md5(p.value), min(${SHOWN}), count(*)
    from runs r join params p on p.run_id = r.id where r.trashed_at is null
    group by r.experiment_id, p.key, md5(p.value)`,
  `insert into experiment_values (experiment_id, kind, key, hash, value, runs)
    select r.experiment_id, 'tag', cast(h.tag_id as text), md5(h.value), min(h.value), count(*)
    from runs r join run_tags h on h.run_id = r.id where r.trashed_at is null
    group by r.experiment_id, h.tag_id, md5(h.value)`,
  'delete from experiment_keys',
  `insert into experiment_keys (experiment_id, kind, key, runs, variety)
    select experiment_id, kind, key, sum(runs), count(*) from experiment_values group by experiment_id, kind, key`,
];

/** All experiments, in one transaction: reads all runs, params, tags and summaries, no points. */
export async function recountAll(tx: Db): Promise<void> {
  for (const statement of STATEMENTS) await tx.execute(statement, []);
}
