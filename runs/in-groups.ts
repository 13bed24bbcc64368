// runs/in-groups.ts
// Purpose: a question about many runs, asked of some of them at a time.
// Why: lists of ids are as long as people tick; a statement takes only so many bound values.
// Relevant files: runs/queries.ts, runs/metric-queries.ts

/** Ids in one `in (…)`: below SQLite's limit of bound values, and one prepared shape for most pages. */
const IDS_AT_ONCE = 500;

/** All rows that `ask` answers, in the order of the groups of ids. */
export async function inGroups<T>(ids: string[], ask: (some: string[]) => PromiseLike<T[]>): Promise<T[]> {
  const rows: T[] = [];
  for (let start = 0; start < ids.length; start += IDS_AT_ONCE)
    rows.push(...(await ask(ids.slice(start, start + IDS_AT_ONCE))));
  return rows;
}
