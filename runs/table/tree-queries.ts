// runs/table/tree-queries.ts
// Purpose: a page of a run table as a tree: its top runs in the order asked for, below each its children, to any depth, bounded.
// Why: a sweep, its trials and their folds are read as what they are; a filter keeps the parents of what it finds.
// Relevant files: runs/table/tree-shape-queries.ts, runs/table/tree-views.ts, runs/table/table.ts, runs/models.ts

import { and, count, eq, inArray, sql } from 'drizzle-orm';
import { experiments } from '../../experiments/models.ts';
import type { Order, Page } from '../../shared/db/paging.ts';
import type { Db } from '../../shared/db/store.ts';
import { runs, type RunRow } from '../models.ts';
import { countRuns, listByOrder, matchesAmong } from '../list-queries.ts';
import { isPlain, orderOf, runOrder, type RunFilter } from '../run-filter.ts';
import type { PinnedPage, RowChoice } from './pinned-queries.ts';
import { cycleEntries, treeSql, type TreeSql } from './tree-shape-queries.ts';

/** Children shown of one run; the others are a list of their own. */
const PER_PARENT = 25;
/** Rows of a page below its top runs. */
const BELOW_MAX = 300;
const DEPTH_MAX = 8;

export interface TreeMark {
  depth: number;
  /** Children that belong here, and how many of them are shown. */
  below: number;
  shown: number;
  isFolded: boolean;
}

export interface TreePage extends PinnedPage {
  /** By the ids of `items`. */
  marks: ReadonlyMap<string, TreeMark>;
}

interface Node {
  run: RunRow;
  depth: number;
  below: number;
  children: Node[];
}

export interface TreeChoice extends RowChoice {
  fold?: string[] | undefined;
}

export async function listTree(
  db: Db,
  asked: RunFilter & { experiment: number },
  version: number,
  { pin = [], hide = [], fold = [] }: TreeChoice,
  page: Page,
): Promise<TreePage> {
  const filter = { ...asked, without: hide };
  const tree = treeSql(filter, await cycleEntries(db, asked.experiment, version));
  const order = withPinsFirst(runOrder(orderOf(asked)), pin);
  const top = (await listByOrder(db, order, tree.isTop, page)).slice(0, page.limit);
  const folded = new Set(fold);
  const nodes = await withChildren(db, tree, order, top.map(({ row }) => row), folded); // prettier-ignore
  const items = [...nodes.values()].filter(({ depth }) => depth === 0).flatMap(flat);
  const ids = items.map(({ run }) => run.id);
  const matching = isFiltered(asked) ? new Set(await matchesAmong(db, filter, ids)) : null;
  return {
    items: items.map(({ run }) => run),
    next_cursor: null,
    few: null,
    found: null,
    total: await countRuns(db, filter),
    listed: await countTop(db, tree),
    pinned: [],
    unmatched: matching ? items.flatMap(({ run }) => (matching.has(run.seq) ? [] : [run.id])) : [],
    marks: new Map(
      items.map(({ run, depth, below, children }) => [
        run.id,
        { depth, below, shown: children.length, isFolded: folded.has(run.id) },
      ]),
    ),
  };
}

/** Among those that stand beside each other: a pinned run stays below its parent. */
function withPinsFirst({ by, descending, id, then = [] }: Order, pin: string[]): Order {
  if (pin.length === 0) return { by, descending, id, then };
  const first = sql`case when ${inArray(runs.id, pin)} then 0 else 1 end`;
  return { by: first, descending: false, id, then: [{ by, descending }, ...then] };
}

function isFiltered(filter: RunFilter): boolean {
  return !isPlain(filter) || Boolean(filter.status?.length);
}

function flat(node: Node): Node[] {
  return [node, ...node.children.flatMap(flat)];
}

/** Level by level: an unfolded run's children come under it, as long as there is room on the page. */
async function withChildren(
  db: Db,
  tree: TreeSql,
  order: Order,
  top: RunRow[],
  folded: ReadonlySet<string>,
): Promise<Map<string, Node>> {
  const nodes = new Map<string, Node>();
  let level = top.map((run) => add(nodes, run, 0));
  for (let depth = 1, room = BELOW_MAX; level.length > 0 && room > 0 && depth <= DEPTH_MAX; depth++) {
    const open = level.filter(({ run }) => !folded.has(run.id)).map(({ run }) => run.id);
    const kids = (await childrenOfMany(db, tree, order, open)).filter(({ id }) => !nodes.has(id)).slice(0, room);
    const rows = await rowsBySeq(
      db,
      kids.map(({ seq }) => seq),
    );
    level = kids.flatMap(({ seq, parent, siblings }) => {
      const run = rows.get(seq);
      const above = nodes.get(parent ?? '');
      if (!run || !above) return [];
      const node = add(nodes, run, depth);
      above.children.push(node);
      above.below = siblings;
      return [node];
    });
    room -= level.length;
  }
  // Those that are folded, lie too deep or found no room: how many are there.
  const closed = [...nodes.values()].filter(({ children }) => children.length === 0).map(({ run }) => run.id);
  for (const [id, n] of await countChildren(db, tree, closed)) {
    const node = nodes.get(id);
    if (node) node.below = n;
  }
  return nodes;
}

function add(nodes: Map<string, Node>, run: RunRow, depth: number): Node {
  const node = { run, depth, below: 0, children: [] };
  nodes.set(run.id, node);
  return node;
}

interface Child {
  seq: number;
  id: string;
  parent: string | null;
  siblings: number;
}

/** The first children of each of these runs, in the order asked for: all first ones, in the order of `ids`, then all second ones … */
async function childrenOfMany(db: Db, tree: TreeSql, { id, ...first }: Order, ids: string[]): Promise<Child[]> {
  if (ids.length === 0) return [];
  const keys = [first, ...(first.then ?? [])].map(({ by, descending }) =>
    descending ? sql`${by} desc nulls last` : sql`${by} asc nulls last`,
  );
  const ordered = sql.join([...keys, sql`${id} asc`], sql`, `);
  const kids = db
    .select({
      seq: runs.seq,
      id: runs.id,
      parent: runs.parent_id,
      place: sql<number>`row_number() over (partition by ${runs.parent_id} order by ${ordered})`.as('place'),
      siblings: sql<number>`count(*) over (partition by ${runs.parent_id})`.mapWith(Number).as('siblings'),
    })
    .from(runs)
    .innerJoin(experiments, eq(experiments.id, runs.experiment_id))
    .where(and(inArray(runs.parent_id, ids), tree.isThere))
    .as('kids');
  const rows = await db
    .select()
    .from(kids)
    .where(sql`${kids.place} <= ${PER_PARENT}`);
  const placeOf = new Map(ids.map((one, at) => [one, at]));
  const above = ({ parent }: Child): number => placeOf.get(parent ?? '') ?? 0;
  return rows.sort((a, b) => a.place - b.place || above(a) - above(b));
}

async function countChildren(db: Db, tree: TreeSql, ids: string[]): Promise<Map<string, number>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .select({ parent: runs.parent_id, n: count() })
    .from(runs)
    .innerJoin(experiments, eq(experiments.id, runs.experiment_id))
    .where(and(inArray(runs.parent_id, ids), tree.isThere))
    .groupBy(runs.parent_id);
  return new Map(rows.map(({ parent, n }) => [parent ?? '', n]));
}

async function countTop(db: Db, tree: TreeSql): Promise<number> {
  const rows = await db
    .select({ n: count() })
    .from(runs)
    .innerJoin(experiments, eq(experiments.id, runs.experiment_id))
    .where(tree.isTop);
  return rows[0]?.n ?? 0;
}

async function rowsBySeq(db: Db, seqs: number[]): Promise<Map<number, RunRow>> {
  if (seqs.length === 0) return new Map();
  const rows = await db.select().from(runs).where(inArray(runs.seq, seqs));
  return new Map(rows.map((row) => [row.seq, row]));
}

/** Whether an experiment has runs that may stand below others. */
export async function hasChildren(db: Db, experiment: number): Promise<boolean> {
  const { rows } = await db.execute(
    // The sign keeps SQLite from going along the index of all runs that are in sight.
    'select 1 as one from runs where experiment_id = ? and parent_id is not null and +trashed_at is null limit 1',
    [experiment],
  );
  return rows.length > 0;
}
