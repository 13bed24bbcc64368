// runs/table/run-list-page.ts
// Purpose: the list of all runs, across experiments: what the search in the frame and the tag pages lead to.
// Why: a run is found by name, notes or tag without knowing its experiment.
// Relevant files: runs/pages.ts, runs/templates/list.html, runs/table/table-views.ts

import { showTagFilter, sortOf, splitTrash, trashSegment } from '../../shared/http/list-view.ts';
import { namesOfExperiments } from '../../experiments/queries.ts';
import type { Db } from '../../shared/db/store.ts';
import { middle, plural } from '../../shared/format.ts';
import { hiddenFields, link, showPager } from '../../shared/http/links.ts';
import type { PageContext } from '../../shared/http/types.ts';
import { tagsOfRuns } from '../../tags/queries.ts';
import { showTag } from '../../tags/views.ts';
import { colorsFor } from '../curves/colors.ts';
import { RUN_STATUSES, type RunRow } from '../models.ts';
import { PAGE_SIZE, type TableQuery } from '../page-schemas.ts';
import { countRuns } from '../list-queries.ts';
import { listWithPins } from './pinned-queries.ts';
import type { KnownKeys } from '../query/fields.ts';
import { knownKeys } from '../query/known-queries.ts';
import { runState } from '../run-state.ts';
import { showFilter, whereOf } from './filter-views.ts';
import { orderArgument, showFormats, showSizes, sorting } from './page-views.ts';
import { isSystemTag } from './table.ts';
import { rowsArgument, runsBesides, showMarks, showPicked, type RowMark } from './tick-views.ts';
import { showRemoval } from '../purge-views.ts';
import { cellsHtml } from './cell-html.ts';
import { factCell, textCell } from './fact-views.ts';
import type { HeadView } from './head-views.ts';
import { showRunLink, type At } from './table-views.ts';

export interface RunListData {
  items: RunRow[];
  total: number;
  listed: number;
  pinned: number;
  unmatched: string[];
  trashed: number;
  experimentNames: Map<number, string>;
  tags: Awaited<ReturnType<typeof tagsOfRuns>>;
  /** Asked for only where the filter is wrong, for its suggestion. */
  known?: KnownKeys;
}

export async function readRunList(db: Db, query: TableQuery): Promise<RunListData> {
  const { q, tag, order, page, limit } = query;
  const { where, isWrong } = whereOf(query, Date.now());
  const { trashed, states } = splitTrash(query.status);
  const filter = { q, where, tag, order, trashed, status: states };
  if (isWrong)
    return {
      ...{ items: [], total: 0, listed: 0, pinned: 0, unmatched: [], trashed: 0 },
      ...{ experimentNames: new Map(), tags: new Map(), known: await knownKeys(db) },
    };
  const list = await listWithPins(db, filter, query, { limit, offset: (page - 1) * limit });
  const { items } = list;
  return {
    ...list,
    pinned: list.pinned.length,
    trashed: await countRuns(db, { trashed: true }),
    experimentNames: await namesOfExperiments(db, [...new Set(items.map((run) => run.experiment_id))]),
    tags: await tagsOfRuns(
      db,
      items.map((run) => run.id),
    ),
  };
}

export function showRunList(data: RunListData, query: TableQuery, now: number): PageContext {
  const { q, where, status = [], tag = [], order, limit } = query;
  const kept = { limit: limit === PAGE_SIZE ? null : limit, ...rowsArgument(query) };
  const view = { q, where, status, tag, order: orderArgument(order), ...kept };
  const at: At = (change) => link('/runs', { ...view, ...change });
  const sorted = sorting(query, at);
  const { trashed } = splitTrash(status);
  const filtered = Boolean(q) || Boolean(where) || status.length > 0 || tag.length > 0;
  return {
    title: q ? `Runs matching “${middle(q, 40)}”` : 'Runs',
    summary: data.known
      ? ''
      : filtered
        ? `${plural(data.total, 'run')} found`
        : `${plural(data.total, 'run')} in all experiments`,
    empty: data.total === 0 && !filtered,
    trashed,
    filter: showFilter(query, at, now, data.known),
    query: { q: q ?? '', order, status, tag, keep: hiddenFields(kept) },
    activeTags: showTagFilter(tag, at),
    segments: [
      { label: 'All', href: at({ status: null, page: null }), on: status.length === 0 },
      ...RUN_STATUSES.map((one) => ({ label: one, href: at({ status: one, page: null }), on: status.includes(one) })),
      ...trashSegment(data.trashed, trashed, at),
    ],
    heads: showListHeads(sorted.order, isTagged(data), sorted.at),
    rows: showListRows(data, showMarks(query, data.items, data.unmatched, at), now),
    picked: showPicked(query, data.items, data.total, at),
    back: at({ tick: null, page: query.page === 1 ? null : query.page }),
    emptyTrash: link('/runs/empty', { back: at({ page: null }) }),
    pager: {
      ...showPager({ page: query.page, size: limit, total: data.listed, what: runsBesides(data) }, (page) =>
        at({ page }),
      ),
      sizes: showSizes(limit, data.total, at),
      formats: showFormats('', view),
    },
  };
}

function isTagged({ tags }: RunListData): boolean {
  return [...tags.values()].some((some) => some.some((tag) => !isSystemTag(tag)));
}

function showListHeads(order: readonly string[], tagged: boolean, at: At): HeadView[] {
  const head = (label: string, field: string, number = false): HeadView => {
    const down = field === 'name' || field === 'status' ? field : `-${field}`;
    const up = down === field ? `-${field}` : field;
    return {
      label,
      title: '',
      number,
      width: '',
      href: at({ order: order[0] === down ? up : down, page: null }),
      ...{ turn: null, note: '' },
      ...sortOf(order, field),
    };
  };
  return [
    head('run', 'name'),
    head('state', 'status'),
    head('experiment', 'experiment'),
    head('took', 'duration', true),
    head('started', 'start_time'),
    ...(tagged ? [{ ...head('tags', 'tags'), href: null }] : []),
  ];
}

function showListRows(data: RunListData, marks: RowMark[], now: number): unknown[] {
  const colors = colorsFor(data.items);
  const tagged = isTagged(data);
  return data.items.map((run, place) => {
    const experiment = data.experimentNames.get(run.experiment_id) ?? String(run.experiment_id);
    const tags = (data.tags.get(run.id) ?? []).filter((tag) => !isSystemTag(tag)).map((tag) => showTag(tag, '/runs'));
    const [state, removal] = [runState(run, now), showRemoval(run)];
    const cells = [
      factCell('status', run, now),
      textCell(middle(experiment, 40), { title: experiment, href: `/experiments/${run.experiment_id}` }),
      ...(['duration', 'start_time'] as const).map((fact) => factCell(fact, run, now)),
      ...(tagged ? [factCell('tags', run, now)] : []),
    ];
    return {
      ...showRunLink(run),
      id: run.id,
      ...marks[place],
      color: colors.get(run.id)?.color ?? 'c0',
      removal,
      cells: cellsHtml(cells, { state, removal, tags }),
    };
  });
}
