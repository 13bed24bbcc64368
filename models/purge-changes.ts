// models/purge-changes.ts
// Purpose: removes for ever, in small parts, the logged models of a run or experiment that is being removed.
// Why: what a run made goes with it; but a model that a registered version stands on stays: somebody deploys it.
// Relevant files: runs/purge-changes.ts, models/models.ts, runs/artifacts/dropped-changes.ts

import { dropContents } from '../runs/artifacts/dropped-changes.ts';
import type { Db } from '../shared/db/store.ts';

const FILES_PART = 200;
const POINTS_PART = 2_000;

/** Removes a part of one of them; false when there is none left. */
export async function removeModelPart(tx: Db, of: { run: string } | { experiment: number }): Promise<boolean> {
  const [column, value] = 'run' in of ? ['source_run_id', of.run] : ['experiment_id', of.experiment];
  const { rows } = await tx.execute<{ id: string }>(
    `select id from logged_models where ${column} = ?
      and not exists (select 1 from model_versions v where v.model_id = logged_models.id) limit 1`,
    [value],
  );
  const id = rows[0]?.id;
  if (id === undefined) return false;
  if ((await removeFiles(tx, id)) || (await removePoints(tx, id))) return true;
  for (const table of ['logged_model_params', 'logged_model_tags'])
    await tx.execute(`delete from ${table} where model_id = ?`, [id]);
  await tx.execute('delete from logged_models where id = ?', [id]);
  return true;
}

async function removeFiles(tx: Db, id: string): Promise<boolean> {
  const { rows } = await tx.execute<{ sha256: string }>(
    `delete from logged_model_artifacts where (model_id, path) in
      (select model_id, path from logged_model_artifacts where model_id = ? limit ${FILES_PART}) returning sha256`,
    [id],
  );
  for (const { sha256 } of rows) await dropContents(tx, sha256, Date.now());
  return rows.length > 0;
}

const POINT = 'model_id, key, run_id, step, timestamp, value, kind';

async function removePoints(tx: Db, id: string): Promise<boolean> {
  const { changes } = await tx.execute(
    `delete from logged_model_metrics where (${POINT}) in
      (select ${POINT} from logged_model_metrics where model_id = ? limit ${POINTS_PART})`,
    [id],
  );
  return changes > 0;
}
