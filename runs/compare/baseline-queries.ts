// runs/compare/baseline-queries.ts
// Purpose: the baseline of an experiment, and what a run is most often compared with: baseline, parent, best, previous.
// Why: one run is what the others must beat; it is chosen once and meant on every page.
// Relevant files: runs/compare/baseline-changes.ts, runs/run/run-page.ts, runs/compare/compare-routes.ts

import type { Db } from '../../shared/db/store.ts';
import { Direction } from '../metric-rules.ts';
import type { RunRow } from '../models.ts';
import { runsById } from '../queries.ts';
import { bestRun } from '../ranking-queries.ts';
import { rulesOf } from '../rules/rule-queries.ts';
import { ruleFor } from '../rules/rule.ts';

/** Of each of these experiments that has one; what is in the trash is none. */
export async function baselinesOf(db: Db, experiments: readonly number[]): Promise<RunRow[]> {
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

export interface Rival {
  label: 'baseline' | 'parent' | 'best' | 'previous';
  run: RunRow;
}

/** What a run may be compared with at one click; never itself, and each run once. */
export async function rivalsOf(
  db: Db,
  run: RunRow,
  parent: RunRow | undefined,
  main: string | null,
): Promise<{ rivals: Rival[]; isBaseline: boolean }> {
  const [baseline] = await baselinesOf(db, [run.experiment_id]);
  const direction = main === null ? null : ruleFor(await rulesOf(db, run.experiment_id), main).direction;
  const best =
    main === null ? undefined : await bestRun(db, { experiment: run.experiment_id, few: null }, main, direction ?? Direction.Max, 1); // prettier-ignore
  const found: [Rival['label'], RunRow | undefined][] = [
    ['baseline', baseline],
    ['parent', parent?.trashed_at === null ? parent : undefined],
    ['best', direction ? best?.run : undefined],
    ['previous', await previousRun(db, run)],
  ];
  const seen = new Set([run.id]);
  const rivals = found.flatMap(([label, other]): Rival[] => {
    if (!other || seen.has(other.id)) return [];
    seen.add(other.id);
    return [{ label, run: other }];
  });
  return { rivals, isBaseline: baseline?.id === run.id };
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
