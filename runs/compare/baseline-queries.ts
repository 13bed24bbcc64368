// runs/compare/baseline-queries.ts
// Purpose: the baseline of an experiment, a run or a group of runs, and what a run is most often compared with: baseline, parent, best, previous.
// Why: one run or configuration is what the others must beat; it is chosen once and meant on every page.
// Relevant files: runs/compare/baseline-changes.ts, runs/compare/baseline-words.ts, runs/run/run-page.ts, runs/compare/compare-routes.ts

import type { ExperimentRow } from '../../experiments/models.ts';
import { experimentsById } from '../../experiments/queries.ts';
import type { Db } from '../../shared/db/store.ts';
import { Problem } from '../../shared/errors.ts';
import { Direction } from '../metric-rules.ts';
import type { RunRow } from '../models.ts';
import { runsById } from '../queries.ts';
import { bestRun } from '../ranking-queries.ts';
import { rulesOf } from '../rules/rule-queries.ts';
import { ruleFor } from '../rules/rule.ts';
import type { KeptBaselines } from './delta-base.ts';
import { readGroup, type RunGroup } from './selection.ts';

/** One of the two. A group without runs is still kept: it says so where it is used. */
export interface Baseline {
  run: RunRow | null;
  group: RunGroup | null;
}

/** Of each of these experiments that has one; what is in the trash is none. */
async function baselinesOf(db: Db, experiments: readonly number[]): Promise<RunRow[]> {
  const ids: string[] = [];
  for (const experiment of new Set(experiments)) {
    const { rows } = await db.execute<{ run_id: string }>(
      `select b.run_id from baselines b join runs r on r.id = b.run_id and r.trashed_at is null where b.experiment_id = ?`,
      [experiment],
    );
    ids.push(...rows.map(({ run_id: id }) => id));
  }
  return ids.length > 0 ? runsById(db, ids) : [];
}

/** Of all these experiments, both kinds. */
export async function keptBaselines(db: Db, experiments: readonly number[]): Promise<KeptBaselines> {
  return { runs: await baselinesOf(db, experiments), groups: await baselineGroupsOf(db, experiments) };
}

/** Null: it has none. */
export async function baselineOf(db: Db, experiment: ExperimentRow): Promise<Baseline | null> {
  const group = await baselineGroup(db, experiment);
  if (group) return { run: null, group };
  const [run] = await baselinesOf(db, [experiment.id]);
  return run ? { run, group: null } : null;
}

/** The groups that are baselines of these experiments, with the runs that match today. */
async function baselineGroupsOf(db: Db, experiments: readonly number[]): Promise<RunGroup[]> {
  const groups: RunGroup[] = [];
  for (const experiment of (await experimentsById(db, [...new Set(experiments)])).values()) {
    const group = await baselineGroup(db, experiment);
    if (group) groups.push(group);
  }
  return groups;
}

async function baselineGroup(db: Db, { id, baseline_group: where }: ExperimentRow): Promise<RunGroup | null> {
  if (where === null) return null;
  const text = `${id}:${where}`;
  try {
    return await readGroup(db, text);
  } catch (error) {
    // A filter that a newer version reads and this one does not, or an experiment in the trash, finds nothing here.
    if (error instanceof Problem) return { text, experiment: id, where, runs: [], total: 0 };
    throw error;
  }
}

export type Rival =
  { label: 'baseline' | 'parent' | 'best' | 'previous'; run: RunRow } | { label: 'baseline'; group: RunGroup };

/** What a run may be compared with at one click; never itself, and each run once. */
export async function rivalsOf(
  db: Db,
  run: RunRow,
  experiment: ExperimentRow,
  { parent, main }: { parent: RunRow | undefined; main: string | null },
): Promise<{ rivals: Rival[]; isBaseline: boolean }> {
  const baseline = await baselineOf(db, experiment);
  const direction = main === null ? null : ruleFor(await rulesOf(db, run.experiment_id), main).direction;
  const best =
    main === null ? undefined : await bestRun(db, { experiment: run.experiment_id, few: null }, main, direction ?? Direction.Max, 1); // prettier-ignore
  const found = [
    ['baseline', baseline?.run],
    ['parent', parent?.trashed_at === null ? parent : undefined],
    ['best', direction ? best?.run : undefined],
    ['previous', await previousRun(db, run)],
  ] as const;
  const seen = new Set([run.id]);
  const rivals = found.flatMap(([label, other]): Rival[] => {
    if (!other || seen.has(other.id)) return [];
    seen.add(other.id);
    return [{ label, run: other }];
  });
  const group = baseline?.group;
  return {
    rivals: [...(group ? [{ label: 'baseline' as const, group }] : []), ...rivals],
    isBaseline: baseline?.run?.id === run.id,
  };
}

/** The run that came before it in its experiment. */
async function previousRun(db: Db, { experiment_id: experiment, number }: RunRow): Promise<RunRow | undefined> {
  const { rows } = await db.execute<{ id: string }>(
    'select id from runs where experiment_id = ? and number < ? and trashed_at is null order by number desc limit 1',
    [experiment, number],
  );
  const [row] = rows;
  return row ? (await runsById(db, [row.id]))[0] : undefined;
}
