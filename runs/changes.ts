// runs/changes.ts
// Purpose: what changes a run besides logging: create, edit, state, trash, restore.
// Why: each is one transaction with its checks; pages, API and imports share them.
// Relevant files: runs/ingest.ts, runs/queries.ts, runs/status.ts, experiments/changes.ts

import { and, eq, inArray, isNotNull, isNull } from 'drizzle-orm';
import { ensureExperiment } from '../experiments/changes.ts';
import { startRunIn, touchExperiment } from '../experiments/touch-changes.ts';
import type { ExperimentRow } from '../experiments/models.ts';
import { findByName } from '../experiments/queries.ts';
import { rowTexts } from '../shared/db/marks.ts';
import { one } from '../shared/db/one.ts';
import type { Db } from '../shared/db/store.ts';
import { fold } from '../shared/db/functions.ts';
import { badField, conflict } from '../shared/errors.ts';
import { grouped } from '../shared/grouped.ts';
import { followRun } from './attempts/attempt-state-changes.ts';
import { storeFacts, touchRun } from './ingest.ts';
import { RunStatus, runs, type RunRow } from './models.ts';
import { findRun, requireRun } from './queries.ts';
import { newRunId } from './run-id.ts';
import { settleIfEnded, settleQuiet } from './ranking-changes.ts';
import type { Receipt, RunCreate, RunPatch } from './schemas.ts';
import { knowNoSeries } from './series-state.ts';
import { checkTransition, isFinal } from './status.ts';
import { addPointsOf, countState, moveState, tallyRuns } from './tally-changes.ts';

/**
 * A run with its params and tags; makes the experiment when it is named and missing (`experiment`: its row, where it was
 * read already). Sent again with its own id: the same run.
 */
export async function createRun(
  tx: Db,
  body: RunCreate,
  now: number,
  experiment?: ExperimentRow,
): Promise<{ run: RunRow; created: boolean; receipt: Receipt }> {
  const known = body.id === undefined ? undefined : await findRun(tx, body.id);
  if (known) await checkSameRun(tx, known, body);
  if (body.parent_id) await checkParent(tx, body.id, body.parent_id);
  const run = known ?? (await insertRun(tx, body, await ensureExperiment(tx, body, now, experiment), now));
  if (!known) await settleQuiet(tx, run.experiment_id, now);
  const receipt = await storeFacts(tx, run, { params: body.params ?? {}, tags: body.tags ?? {} }, now);
  if (known && receipt.accepted > 0) await touchRun(tx, run, now);
  return { run, created: !known, receipt };
}

/** What a new run has nothing of. All that a row holds is known when it is written, so nothing but its number is read back. */
const UNTOUCHED = { trashed_at: null, purge_at: null, purge_points: 0, purge_left: 0, attempts: 0, kept_by: null };

async function insertRun(tx: Db, body: RunCreate, experiment: ExperimentRow, now: number): Promise<RunRow> {
  const number = await startRunIn(tx, experiment, now);
  const name = body.name ?? `run-${number}`;
  const status = body.status ?? RunStatus.Running;
  const start = body.start_time === undefined ? (status === RunStatus.Scheduled ? null : now) : body.start_time;
  const row = {
    id: body.id ?? newRunId(now),
    experiment_id: experiment.id,
    number,
    name,
    name_folded: fold(name),
    status,
    settled: Number(status !== RunStatus.Running),
    start_time: start,
    end_time: isFinal(status) ? Math.max(now, start ?? now) : null,
    heard_at: now,
    parent_id: body.parent_id ?? null,
    notes: body.notes ?? '',
    created_at: now,
    updated_at: now,
    ...UNTOUCHED,
  } satisfies Omit<RunRow, 'seq'>;
  const { rows } = await tx.execute<{ seq: number }>(insertText(row), Object.values(row));
  const run = { ...row, seq: one(rows).seq };
  await countState(tx, run, false, 1);
  knowNoSeries(tx, run.seq);
  return run;
}

let insertRunText: string | undefined;

/** Every new run has the same columns in the same order. */
function insertText(row: object): string {
  const columns = Object.keys(row);
  return (insertRunText ??= rowTexts(`insert into runs (${columns.join(', ')})`, columns.length, 'returning seq')(1));
}

/** Sent again: also when its experiment has been archived since, and takes no new runs. */
async function checkSameRun(tx: Db, run: RunRow, { experiment_id, experiment }: RunCreate): Promise<void> {
  await requireRun(tx, run.id);
  const named = experiment_id ?? (await findByName(tx, experiment ?? ''))?.id;
  if (named !== run.experiment_id) throw conflict('id', `Run ${run.id} belongs to experiment ${run.experiment_id}.`);
}

/** A parent must exist and must not be the run itself or one of its descendants. */
async function checkParent(tx: Db, id: string | undefined, parentId: string): Promise<void> {
  const parent = await findRun(tx, parentId);
  if (!parent || parent.purge_at !== null) throw badField('parent_id', `there is no run ${parentId}`);
  // Imported runs may form a circle already: what was seen is not walked twice.
  const seen = new Set<string>();
  for (let above: RunRow | undefined = parent; above && !seen.has(above.id);) {
    if (id !== undefined && (above.id === id || above.parent_id === id))
      throw badField('parent_id', 'a run cannot be its own ancestor');
    seen.add(above.id);
    above = above.parent_id ? await findRun(tx, above.parent_id) : undefined;
  }
}

export async function patchRun(tx: Db, id: string, patch: RunPatch, now: number): Promise<RunRow> {
  const run = await requireRun(tx, id);
  if (patch.parent_id) await checkParent(tx, id, patch.parent_id);
  if (patch.status) checkTransition(run.status, patch.status);
  const start = startTimeAfter(run, patch, now);
  const end = endTimeAfter(run, patch, now);
  if (start !== null && end !== null && end < start) throw badField('end_time', 'must not lie before start_time');
  const { name, status, parent_id, notes } = patch;
  await tx
    .update(runs)
    .set({
      ...defined({ name, name_folded: name === undefined ? undefined : fold(name), status, parent_id, notes }),
      ...{ start_time: start, end_time: end, updated_at: now },
    })
    .where(eq(runs.id, id));
  if (status !== undefined) await changeState(tx, run, status, end);
  await touchExperiment(tx, run.experiment_id, now);
  return requireRun(tx, id);
}

/** Into any state, with the end that goes with it: for what sets many at once, and takes it back. */
export async function putState(
  tx: Db,
  run: RunRow,
  { status, end_time }: Pick<RunRow, 'status' | 'end_time'>,
  now: number,
): Promise<void> {
  await tx.update(runs).set({ status, end_time, updated_at: now }).where(eq(runs.id, run.id));
  await changeState(tx, run, status, end_time);
}

/** What follows from a new state of a run (`run`: as it was): it is counted there, and ranked when it has ended. */
async function changeState(tx: Db, run: RunRow, status: RunStatus, end_time: number | null): Promise<void> {
  if (run.status === status) return;
  await followRun(tx, run, { status, end_time });
  await moveState(tx, run, status);
  await settleIfEnded(tx, { ...run, status });
}

/** A scheduled run starts when it is said to run. */
function startTimeAfter(run: RunRow, patch: RunPatch, now: number): number | null {
  if (patch.start_time !== undefined) return patch.start_time;
  const starts = run.status === RunStatus.Scheduled && patch.status === RunStatus.Running;
  return starts ? (run.start_time ?? now) : run.start_time;
}

function endTimeAfter(run: RunRow, patch: RunPatch, now: number): number | null {
  if (patch.end_time !== undefined) return patch.end_time;
  if (patch.status && isFinal(patch.status) && !isFinal(run.status)) return Math.max(now, run.start_time ?? now);
  return run.end_time;
}

/** Only the fields that are given: exactOptionalPropertyTypes tells "left out" from "undefined". */
function defined<T extends Record<string, unknown>>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

/** A final state is left only by asking for it: the run goes on, its end is open again. */
export async function reopenRun(tx: Db, id: string, now: number): Promise<RunRow> {
  const run = await requireRun(tx, id);
  if (!isFinal(run.status))
    throw conflict('status', `Run ${id} is ${run.status}: only a run that has ended can be reopened.`);
  await tx
    .update(runs)
    .set({ status: RunStatus.Running, end_time: null, heard_at: now, updated_at: now })
    .where(eq(runs.id, id));
  await changeState(tx, run, RunStatus.Running, null);
  await touchExperiment(tx, run.experiment_id, now);
  return requireRun(tx, id);
}

/** To the trash; in the trash already: nothing changes. */
export async function trashRun(tx: Db, id: string, now: number): Promise<void> {
  const run = await findRun(tx, id);
  if (typeof run?.trashed_at !== 'number') await requireRun(tx, id);
  await trashRuns(tx, [id], true, now);
}

export async function restoreRun(tx: Db, id: string, now: number): Promise<RunRow> {
  await trashRuns(tx, [id], false, now);
  return requireRun(tx, id);
}

/** Ids in one `in (…)`: below SQLite's limit of bound values. */
const IDS_AT_ONCE = 500;

/** Moves runs to the trash (`trashed` true) or back; ids that are there already stay as they are. Returns how many moved. */
export async function trashRuns(tx: Db, ids: string[], trashed: boolean, now: number): Promise<number> {
  let moved = 0;
  for (let start = 0; start < ids.length; start += IDS_AT_ONCE) {
    const rows = await tx
      .update(runs)
      .set({ trashed_at: trashed ? now : null, updated_at: now })
      .where(
        and(
          inArray(runs.id, ids.slice(start, start + IDS_AT_ONCE)),
          trashed ? isNull(runs.trashed_at) : and(isNotNull(runs.trashed_at), isNull(runs.purge_at)),
        ),
      )
      .returning();
    await moveSums(tx, rows, trashed);
    for (const id of new Set(rows.map((row) => row.experiment_id))) await touchExperiment(tx, id, now);
    moved += rows.length;
  }
  return moved;
}

/** What the runs add to the sums of their experiments goes with them into the trash, or comes back. */
async function moveSums(tx: Db, rows: RunRow[], trashed: boolean): Promise<void> {
  if (rows.length === 0) return;
  await tallyRuns(tx, rows, trashed ? -1 : 1);
  for (const alike of grouped(rows, (row) => `${row.experiment_id} ${row.status}`).values()) {
    const [first] = alike as [RunRow];
    await countState(tx, first, !trashed, -alike.length);
    await countState(tx, first, trashed, alike.length);
  }
  for (const own of grouped(rows, (row) => row.experiment_id).values()) await addPointsOf(tx, own, trashed ? -1 : 1);
  for (const row of rows) await settleIfEnded(tx, row);
}
