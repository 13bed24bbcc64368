// runs/table/tree-shape-queries.ts
// Purpose: which runs belong into a tree, and which stand at its top, as SQL conditions; where circles of parents begin.
// Why: parents may be missing, in the trash, in another experiment or, of imported runs, their own descendants: nothing may be lost.
// Relevant files: runs/table/tree-queries.ts, runs/run-filter.ts, runs/models.ts

import { and, inArray, isNull, or, sql, type SQL } from 'drizzle-orm';
import { experiments } from '../../experiments/models.ts';
import { memo } from '../../shared/db/memo.ts';
import type { Db } from '../../shared/db/store.ts';
import { runs } from '../models.ts';
import { isPlain, runConditions, type RunFilter } from '../run-filter.ts';

export interface TreeSql {
  /** Runs that the filter finds, and those above them. */
  isThere: SQL | undefined;
  /** Of these the ones that have nothing above them. */
  isTop: SQL | undefined;
}

/** `entries`: runs of which each begins a circle (`cycleEntries`). */
export function treeSql(filter: RunFilter & { experiment: number }, entries: number[]): TreeSql {
  const { experiment, without = [] } = filter;
  const isAbove = and(
    sql`p.experiment_id = ${experiment} and p.trashed_at is null`,
    without.length === 0 ? undefined : sql`p.id not in (${sql.join(without.map((id) => sql`${id}`), sql`, `)})`,
  ); // prettier-ignore
  const isFiltered = !isPlain({ ...filter, without: [] }) || Boolean(filter.status?.length);
  const isThere = and(
    runConditions({ experiment, without, trashed: false }),
    isFiltered ? inArray(runs.seq, foundAndAbove(filter, isAbove)) : undefined,
  );
  const hasParent = sql`exists (select 1 from runs p where p.id = ${runs.parent_id} and ${isAbove})`;
  const isTop = or(
    isNull(runs.parent_id),
    sql`not ${hasParent}`,
    entries.length === 0 ? undefined : inArray(runs.seq, entries),
  );
  return { isThere, isTop: and(isThere, isTop) };
}

/** `union`, not `union all`: each run once, so that a circle ends. */
function foundAndAbove(filter: RunFilter, isAbove: SQL | undefined): SQL {
  return sql`(with recursive found(seq, parent_id) as (
    select ${runs.seq}, ${runs.parent_id} from ${runs} inner join ${experiments} on ${experiments.id} = ${runs.experiment_id}
      where ${runConditions(filter)}
    union select p.seq, p.parent_id from found f join runs p on p.id = f.parent_id where ${isAbove}
  ) select seq from found)`;
}

interface Link {
  seq: number;
  id: string;
  parent_id: string;
}

/** The first run of each circle of parents, kept for a version of the experiment: nothing else leads into it. */
export function cycleEntries(db: Db, experiment: number, version: number): Promise<number[]> {
  return memo(db, `circles ${experiment}`, version, async () => {
    const { rows } = await db.execute<Link>(
      'select seq, id, parent_id from runs where experiment_id = ? and parent_id is not null and trashed_at is null order by seq',
      [experiment],
    );
    return entriesOf(rows);
  });
}

/** `links` by `seq`: the first run of a circle that is met is its lowest. */
export function entriesOf(links: readonly Link[]): number[] {
  const byId = new Map(links.map((link) => [link.id, link]));
  const done = new Set<string>();
  const entries: number[] = [];
  for (const start of links) {
    const path = new Set<string>();
    let at: Link | undefined = start;
    while (at && !done.has(at.id) && !path.has(at.id)) {
      path.add(at.id);
      at = byId.get(at.parent_id);
    }
    if (at && path.has(at.id)) entries.push(lowestOf(at, byId));
    for (const id of path) done.add(id);
  }
  return entries;
}

function lowestOf(start: Link, byId: Map<string, Link>): number {
  let lowest = start.seq;
  for (let at = byId.get(start.parent_id); at && at.id !== start.id; at = byId.get(at.parent_id))
    lowest = Math.min(lowest, at.seq);
  return lowest;
}
