// exports/views.ts
// Purpose: the page of exports as its template shows it: counts, links by format, past exports.
// Why: templates hold no logic.
// Relevant files: exports/pages.ts, exports/catalogue.ts, exports/templates/exports.html

import type { ExperimentRow } from '../experiments/models.ts';
import { formatBytes, formatCount, middle, plural, showTime, type ShownTime } from '../shared/format.ts';
import { link, showPager, type PagerView } from '../shared/http/links.ts';
import type { PageContext } from '../shared/http/types.ts';
import { CATALOGUE } from './catalogue.ts';
import { ExportState, type ExportRow } from './models.ts';
import type { Totals } from '../runs/standing-queries.ts';
import { PREFIX } from './request.ts';
import type { ExportsPageQuery } from './schemas.ts';

/** Experiments and past exports on one page. */
export const PAGE_SIZE = 50;

export interface ExportsPageData {
  experiments: { experiment: ExperimentRow; runs: number; points: number }[];
  /** How many experiments match. */
  found: number;
  totals: { experiments: number } & Totals;
  past: { row: ExportRow; repeatable: boolean }[];
  pastTotal: number;
}

interface FormatLink {
  label: string;
  href: string;
  /** For screen readers: `runs of digits-mlp as CSV`. */
  title: string;
}

const TONES: Record<ExportState, 'ok' | 'run' | 'fail'> = {
  [ExportState.Complete]: 'ok',
  [ExportState.Writing]: 'run',
  [ExportState.Broken]: 'fail',
};

export function showExportsPage(data: ExportsPageData, query: ExportsPageQuery, now: number): PageContext {
  const { totals } = data;
  const at = (change: Partial<ExportsPageQuery>): string => {
    const { q, page, past } = { ...query, ...change };
    return link('/exports', { q, page: page > 1 ? page : null, past: past > 1 ? past : null });
  };
  return {
    title: 'Exports',
    summary: `${plural(totals.experiments, 'experiment')} · ${plural(totals.runs, 'run')} · ${plural(totals.points, 'point')}`,
    empty: totals.experiments === 0,
    q: query.q ?? '',
    clear: '/exports',
    all: linksTo('experiments', '', 'all experiments'),
    experiments: data.experiments.map(showExperiment),
    pager: pagerOf(query.page, data.found, 'experiments', (page) => at({ page })),
    past: data.past.map(({ row, repeatable }) => showPast(row, repeatable, now)),
    pastPager: pagerOf(query.past, data.pastTotal, 'exports', (past) => `${at({ past })}#past`),
  };
}

function pagerOf(page: number, total: number, what: string, linkTo: (page: number) => string): PagerView {
  return showPager({ page, size: PAGE_SIZE, total, what }, linkTo);
}

function showExperiment({ experiment, runs, points }: ExportsPageData['experiments'][number]): Record<string, unknown> {
  const { id, name } = experiment;
  return {
    name: middle(name),
    title: name,
    href: `/experiments/${id}`,
    runs: formatCount(runs),
    points: formatCount(points),
    whole: linksTo('experiments/:id', id, `everything of ${name}`),
    runTable: linksTo('experiments/:id/runs', id, `runs of ${name}`),
    pointTable: linksTo('experiments/:id/points', id, `points of ${name}`),
  };
}

function linksTo(path: string, id: number | string, what: string): FormatLink[] {
  const formats = CATALOGUE.find((kind) => kind.path === path)?.formats ?? [];
  return formats.map((format) => ({
    label: format.toUpperCase(),
    href: `${PREFIX}${path.replace(':id', String(id))}.${format}`,
    title: `${what} as ${format.toUpperCase()}`,
  }));
}

interface PastView {
  what: string;
  title: string;
  format: string;
  when: ShownTime;
  rows: string;
  bytes: string;
  exactBytes: string;
  sha256: { short: string; full: string } | null;
  state: { label: string; tone: string };
  again: string | null;
}

function showPast(row: ExportRow, repeatable: boolean, now: number): PastView {
  return {
    what: middle(row.what, 70),
    title: row.what,
    format: row.format.toUpperCase(),
    when: showTime(row.created_at, now),
    rows: row.rows === null ? '–' : formatCount(row.rows),
    bytes: row.bytes === null ? '–' : formatBytes(row.bytes),
    exactBytes: row.bytes === null ? '' : plural(row.bytes, 'byte'),
    sha256: row.sha256 === null ? null : { short: row.sha256.slice(0, 12), full: row.sha256 },
    state: { label: row.state, tone: TONES[row.state] },
    again: repeatable ? row.url : null,
  };
}
