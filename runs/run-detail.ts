// runs/run-detail.ts
// Purpose: one run as the API gives it: with params, tags and metric summaries.
// Why: create, read, patch, restore and reopen answer the same whole object.
// Relevant files: runs/api.ts, runs/queries.ts, runs/schemas.ts

import type { Db } from '../shared/db/store.ts';
import { notFound } from '../shared/errors.ts';
import { datasetsOf } from './dataset-queries.ts';
import type { RunRow } from './models.ts';
import { describeRuns, findRun, isBeingRemoved, paramsOf, removing } from './queries.ts';
import { metricsOf } from './metric-queries.ts';
import type { RunDetail } from './schemas.ts';
import { fromRow } from './summary.ts';

/** A run, in the trash or not, or a 404; 409 when it is being removed for ever. */
export async function requireAnyRun(db: Db, id: string): Promise<RunRow> {
  const run = await findRun(db, id);
  if (!run) throw notFound(`Run ${id}`);
  if (await isBeingRemoved(db, run)) throw removing(run);
  return run;
}

export async function describeRun(db: Db, row: RunRow): Promise<RunDetail> {
  const [out] = await describeRuns(db, [row]);
  if (!out) throw new Error(`run ${row.id} could not be described`);
  const params = await paramsOf(db, [row.id]);
  const metrics = await metricsOf(db, [row.id]);
  return {
    ...out,
    params: Object.fromEntries(params.map(({ key, value }) => [key, value])),
    metrics: Object.fromEntries(metrics.map((metric) => [metric.key, fromRow(metric)])),
    datasets: ((await datasetsOf(db, [row.id])).get(row.id) ?? []).map(
      ({ name, digest, context, source_type, source, schema, profile }) => ({
        ...{ name, digest, context, source_type, source, schema, profile },
      }),
    ),
  };
}
