// experiments/views.ts
// Purpose: experiments as pages show them: rows with ready text, links and bars; the form's fields.
// Why: templates hold no logic.
// Relevant files: experiments/pages.ts, experiments/list-page.ts, experiments/templates/list.html, shared/format.ts

import { showTagFilter, sortOf, splitTrash, trashSegment, type SortView } from '../shared/http/list-view.ts';
import { showRemoval, type RemovalView } from '../runs/purge-views.ts';
import { RUN_STATES, showState } from '../runs/run-state.ts';
import { beginning, formatCount, formatNumber, middle, plural, showTime, type ShownTime } from '../shared/format.ts';
import { type FieldMessages } from '../shared/http/forms.ts';
import { link, showPager, type PagerView, type QueryValue } from '../shared/http/links.ts';
import type { PageContext } from '../shared/http/types.ts';
import { plainLine } from '../shared/markdown.ts';
import { LIMITS } from '../shared/limits.ts';
import { showTag, type TagView } from '../tags/views.ts';
import { PAGE_SIZE, type ExperimentsPageData } from './list-page.ts';
import { countsInWords, experimentState, sumCounts, type StateView } from './experiment-state.ts';
import { EXPERIMENT_STATUSES, type ExperimentRow } from './models.ts';
import type { ExperimentsPageQuery } from './schemas.ts';
import type { RunCounts } from './run-count-queries.ts';

interface Bar {
  label: string;
  parts: { x: string; width: string; tone: string }[];
}

/** The runs' states as a bar of 120 units. */
function stateBar(counts: RunCounts): Bar | null {
  const total = sumCounts(counts);
  if (total === 0) return null;
  let x = 0;
  const parts = RUN_STATES.filter((state) => counts[state]).map((state) => {
    const width = ((counts[state] ?? 0) / total) * 120;
    const part = {
      x: x.toFixed(1),
      width: Math.max(1.5, width - 1).toFixed(1),
      tone: showState(state).tone,
    };
    x += width;
    return part;
  });
  return { label: countsInWords(counts), parts };
}

interface ExperimentRowView {
  name: string;
  title: string;
  href: string;
  description: string;
  state: StateView;
  runs: string;
  bar: Bar | null;
  best: { key: string; value: string; exact: string; href: string } | null;
  tags: TagView[];
  activity: ShownTime;
  restore: string;
  purge: string;
  removal: RemovalView | null;
}

export function showExperimentsPage(data: ExperimentsPageData, query: ExperimentsPageQuery, now: number): PageContext {
  const { totals } = data;
  const { q, status = [], tag = [], order } = query;
  const at = (change: Record<string, QueryValue>): string => link('/experiments', { q, status, tag, order, ...change });
  const { trashed } = splitTrash(status);
  const filtered = Boolean(q) || status.length > 0 || tag.length > 0;
  return {
    title: 'Experiments',
    summary: `${plural(totals.experiments, 'experiment')} · ${plural(totals.runs, 'run')} · ${formatCount(totals.running)} running now`,
    rows: data.rows.map((row) => showRow(row, now)),
    empty: totals.experiments + totals.trashed === 0,
    allTrashed: totals.experiments === 0 && !filtered,
    trash: link('/experiments', { status: 'trash' }),
    trashed,
    filtered,
    query: { q: q ?? '', order, status, tag },
    clear: link('/experiments', { order }),
    tags: showTagFilter(tag, at),
    segments: [
      { label: 'All', href: at({ status: null }), on: status.length === 0 },
      ...EXPERIMENT_STATUSES.map((one) => ({ label: one, href: at({ status: one }), on: status.includes(one) })),
      ...trashSegment(totals.trashed, trashed, at),
    ],
    heads: showHeads(order, at),
    pager: showPages(data.total, query.page, at),
  };
}

function showRow(
  { experiment, counts, tags, best }: ExperimentsPageData['rows'][number],
  now: number,
): ExperimentRowView {
  return {
    name: middle(experiment.name),
    title: experiment.name,
    href: `/experiments/${experiment.id}`,
    description: beginning(plainLine(experiment.description), 60),
    state: experimentState(experiment.status),
    runs: formatCount(sumCounts(counts)),
    bar: stateBar(counts),
    best: best && {
      key: best.key,
      value: formatNumber(best.value),
      exact: `${best.value} · ${best.runName}`,
      href: `/runs/${best.runId}`,
    },
    tags: tags.map((tag) => showTag(tag, '/experiments')),
    activity: showTime(experiment.last_activity_at, now),
    restore: `/experiments/${experiment.id}/restore`,
    purge: `/experiments/${experiment.id}/purge`,
    removal: showRemoval(experiment),
  };
}

interface HeadView extends SortView {
  label: string;
  href: string | null;
  number: boolean;
}

function showHeads(order: string, at: (change: Record<string, string>) => string): HeadView[] {
  const head = (label: string, field: string | null, number = false): HeadView => ({
    label,
    number,
    href:
      field === null
        ? null
        : at({ order: order === `-${field}` ? field : order === field ? `-${field}` : number ? `-${field}` : field }),
    ...sortOf(order, field ?? ''),
  });
  return [
    head('experiment', 'name'),
    head('status', 'status'),
    head('runs', 'runs', true),
    head('states', null),
    head('best', null, true),
    head('tags', null),
    head('last activity', 'last_activity_at'),
  ];
}

function showPages(
  total: number,
  page: number,
  at: (change: Record<string, number>) => string,
): PagerView & { formats: unknown } {
  return {
    ...showPager({ page, size: PAGE_SIZE, total, what: total === 1 ? 'experiment' : 'experiments' }, (to) =>
      at({ page: to }),
    ),
    formats: [
      { label: 'csv', href: '/exports/experiments.csv' },
      { label: 'json', href: '/exports/experiments.json' },
    ],
  };
}

export function showForm(
  row: ExperimentRow | null,
  values: Record<string, string>,
  errors: FieldMessages,
): PageContext {
  const field = (name: string, label: string, more: Record<string, unknown> = {}): Record<string, unknown> => ({
    name,
    label,
    value: values[name] ?? '',
    error:
      errors[name] ??
      (name === 'tags' ? Object.entries(errors).find(([path]) => path.startsWith('tags'))?.[1] : undefined),
    ...more,
  });
  const places = ['name', 'description', 'status', 'main_metric', 'tags'];
  return {
    title: row ? `Edit ${middle(row.name, 40)}` : 'New experiment',
    action: row ? `/experiments/${row.id}` : '/experiments',
    back: row ? `/experiments/${row.id}` : '/experiments',
    experiment: row,
    problem: Object.entries(errors)
      .filter(([path]) => !places.some((place) => path.startsWith(place)))
      .map(([path, message]) => `${path} ${message}`)
      .join('; '),
    fields: [
      field('name', 'Name', { max: LIMITS.name, required: true }),
      field('description', 'Description', { rows: 6, hint: 'Markdown: what is tried here, and why.' }),
      field('status', 'Status', { options: EXPERIMENT_STATUSES.map((value) => ({ value, label: value })) }),
      field('tags', 'Tags', { hint: 'Labels and key=value pairs with commas between: baseline, model=mlp' }),
      field('main_metric', 'Main metric', {
        max: LIMITS.key,
        hint: values['known_metrics']
          ? `Logged so far: ${values['known_metrics']}. Empty: chosen by its name.`
          : 'Empty: chosen by its name, for example val/accuracy.',
      }),
    ],
  };
}
