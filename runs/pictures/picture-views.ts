// runs/pictures/picture-views.ts
// Purpose: a picture as its page shows it: the form that chooses it, the drawing, figures, legend, the data behind it.
// Why: templates hold no logic; the URL is the view, and every choice is a field of one form.
// Relevant files: runs/pictures/pictures.ts, runs/templates/pictures.html, runs/table/filter-views.ts

import type { ExperimentRow } from '../../experiments/models.ts';
import { showTabs } from '../../experiments/tabs.ts';
import { formatCount, middle, plural } from '../../shared/format.ts';
import { showTagFilter } from '../../shared/http/list-view.ts';
import { hiddenFields, link, type QueryValue } from '../../shared/http/links.ts';
import type { PageContext } from '../../shared/http/types.ts';
import { showFilter } from '../table/filter-views.ts';
import { ViewPage } from '../models.ts';
import { viewText } from '../table/page-views.ts';
import type { OpenedView } from '../view/open-view.ts';
import { plainLink, showViewBar, type ViewTexts } from '../view/saved-views.ts';
import { readPictureQuery } from '../view/view-query.ts';
import type { At } from '../table/table-views.ts';
import { boundsOf } from './brush.ts';
import { shapePath } from './dots.ts';
import { fieldOf, type Choices } from './fields.ts';
import { drawInline } from './picture-file.ts';
import type { Picture } from './picture.ts';
import { AxisScale, Kind, type PicturePageQuery, type PictureQuery } from './picture-schemas.ts';
import type { Asked, PictureOf } from './pictures.ts';
import { shownNumber } from './scaled.ts';

const LABELS: Record<Kind, string> = {
  [Kind.Scatter]: 'Scatter',
  [Kind.Histogram]: 'Histogram',
  [Kind.Boxes]: 'Boxes',
  [Kind.Parallel]: 'Parallel',
  [Kind.Importance]: 'Importance',
};
/** Params and metrics offered; any other is named in the address. */
const CHOICES_MAX = 200;
const ROWS_MAX = 100;

type Name = 'x' | 'y' | 'color' | 'xscale' | 'yscale' | 'bins' | 'axis';
/** What the form of each kind asks; the rest goes along hidden, so that another kind finds it again. */
const ASKS: Record<Kind, Partial<Record<Name, string>>> = {
  [Kind.Scatter]: { x: 'across', y: 'upwards', color: 'colour', xscale: 'scale across', yscale: 'scale upwards' },
  [Kind.Histogram]: { x: 'values', xscale: 'scale', bins: 'bins' },
  [Kind.Boxes]: { y: 'values', x: 'by', yscale: 'scale' },
  [Kind.Parallel]: { axis: 'axes', color: 'colour' },
  [Kind.Importance]: { y: 'metric' },
};

export function showPicture({ picture, asked, choices, runs, axes }: PictureOf, experiment: ExperimentRow, opened: OpenedView<PicturePageQuery>, now: number): PageContext {
  const { query } = opened;
  const path = `/experiments/${experiment.id}/pictures`;
  const view = { ...viewOf(query), view: query.view };
  const filters = { q: query.q, where: query.where, status: query.status, tag: query.tag };
  const at: At = (change) => link(path, { ...view, ...change });
  const filter = showFilter(query, at, now, { metric: choices.metrics, param: choices.params });
  const asks = ASKS[asked.kind];
  const keep = Object.fromEntries(Object.entries(view).filter(([name]) => !(name in asks) && !(name in filters)));
  const svg = drawInline(picture);
  return {
    title: `${middle(experiment.name, 60)}: ${picture.title}`,
    experiment,
    filter,
    query: { q: query.q ?? '', status: query.status ?? [], tag: query.tag ?? [], keep: hiddenFields(keep) },
    tabs: showTabs(experiment.id, '/pictures', { filter: filters }),
    views: showViewBar(opened, ViewPage.Pictures, experiment.id, viewTexts(opened, asked)),
    clear: plainLink(opened, ViewPage.Pictures, experiment.id),
    activeTags: showTagFilter(query.tag ?? [], at),
    kinds: Object.values(Kind).map((kind) => ({ label: LABELS[kind], href: at({ kind }), on: kind === asked.kind })),
    choosers: showChoosers(asked, choices, query),
    bins: 'bins' in asks ? { value: query.bins ?? '' } : null,
    axesChoice: 'axis' in asks ? showAxes(asked, choices) : null,
    hint: asked.kind === Kind.Scatter ? link(`/experiments/${experiment.id}/pivot`, filters) : null,
    heading: picture.title,
    count: plural(runs, 'run'),
    text: picture.text,
    notes: picture.notes,
    said: picture.said,
    svg,
    empty: picture.empty,
    isEmpty: runs === 0,
    path,
    legend: picture.legend.map((item) => ({ ...item, label: item.label, d: shapePath(item.shape, 6, 6) })),
    figures: picture.figures,
    brush: asked.kind === Kind.Parallel && svg !== '' ? showBrush({ picture, asked, choices, runs, axes }, view, query) : null,
    table: showTable(picture),
    formats: ['svg', 'csv', 'md', 'json'].map((label) => ({ label, href: link(`${path}.${label}`, view) })),
  };
} // prettier-ignore

/** The address of what is shown, without what is as usual. */
export function viewOf({ q, where, status, tag, kind, x, y, color, xscale, yscale, bins, axis }: PictureQuery): Record<string, QueryValue> {
  const scale = (one: AxisScale): AxisScale | null => (one === AxisScale.Auto ? null : one);
  return { q, where, status, tag, kind: kind === Kind.Scatter ? null : kind, x, y, color, xscale: scale(xscale), yscale: scale(yscale), bins, axis };
} // prettier-ignore

/** What is shown, what of it is saved (with all that was chosen for it), and what was saved before. */
function viewTexts({ query, active }: OpenedView<PictureQuery>, asked: Asked): ViewTexts {
  const { x, y, color, axes: axis } = asked;
  const chosen = Object.entries({ x, y, color, axis }).filter(([name]) => name in ASKS[asked.kind]);
  return {
    text: viewText(viewOf(query)),
    resolved: viewText({ ...viewOf(query), ...Object.fromEntries(chosen) }),
    saved: active && viewText(viewOf(readPictureQuery(active.query))),
  };
}

interface Option {
  value: string;
  label: string;
  on: boolean;
}
interface Chooser {
  name: string;
  label: string;
  groups: { label: string; options: Option[] }[];
}

function showChoosers(asked: Asked, choices: Choices, query: PictureQuery): Chooser[] {
  const asks = ASKS[asked.kind];
  return (['y', 'x', 'color', 'xscale', 'yscale'] as const).flatMap((name): Chooser[] => {
    const label = asks[name];
    if (label === undefined) return [];
    if (name === 'xscale' || name === 'yscale') {
      const options = Object.values(AxisScale).map((value) => ({ value, label: `${label}: ${value}`, on: query[name] === value })); // prettier-ignore
      return [{ name, label, groups: [{ label: '', options }] }];
    }
    const none = name === 'color' && asked.kind === Kind.Scatter;
    return [{ name, label, groups: fieldGroups(choices, label, asked[name], none) }];
  });
}

function fieldGroups(
  { metrics, params, tags }: Choices,
  label: string,
  on: string | null,
  none: boolean,
): Chooser['groups'] {
  const option = (value: string): Option => ({ value, label: `${label}: ${middle(fieldOf(value).label, 40)}`, on: value === on }); // prettier-ignore
  const known = [
    { label: 'Params', all: params.slice(0, CHOICES_MAX).map((key) => `params.${key}`) },
    { label: 'Metrics', all: metrics.slice(0, CHOICES_MAX).map((key) => `metrics.${key}`) },
    { label: 'Tags', all: tags.slice(0, CHOICES_MAX).map((key) => `tags.${key}`) },
    { label: 'Run', all: ['duration', 'started', 'configuration'] },
  ];
  const isKnown = on === null || known.some(({ all }) => all.includes(on));
  const groups = known.map(({ label: group, all }) => ({ label: group, options: all.map(option) }));
  const first = [
    ...(none ? [{ value: '', label: `${label}: none`, on: on === null }] : []),
    ...(isKnown ? [] : [option(on)]),
  ];
  return [...(first.length > 0 ? [{ label: '', options: first }] : []), ...groups].filter(
    ({ options }) => options.length > 0,
  );
}

function showAxes({ axes }: Asked, { metrics, varied, tags }: Choices): { name: string; label: string; on: boolean }[] {
  const offered = [
    ...varied.map(({ key }) => `params.${key}`),
    ...metrics.map((key) => `metrics.${key}`),
    ...tags.map((key) => `tags.${key}`),
    'duration',
  ];
  return [...new Set([...axes, ...offered.slice(0, CHOICES_MAX)])].map((name) => {
    return { name, label: middle(name, 50), on: axes.includes(name) };
  });
}

function showBrush({ axes }: PictureOf, view: Record<string, QueryValue>, { where = '' }: PictureQuery): unknown {
  const shown = axes.filter(({ field }) => field.of === 'params' || field.of === 'metrics' || field.of === 'tags' || field.of === 'duration'); // prettier-ignore
  return {
    keep: hiddenFields(view),
    axes: shown.map(({ field, isNumber, values }) => {
      const { from, to } = boundsOf(where, field);
      const texts = isNumber ? [] : [...new Set(values.filter((value) => value !== null).map(String))].slice(0, 50);
      return {
        name: field.text,
        label: middle(field.label, 40),
        isNumber,
        from,
        to,
        options: texts.sort().map((text) => ({ value: `=${text}`, label: middle(text === '' ? '""' : text, 40), on: from === `=${text}` })), // prettier-ignore
      };
    }),
    isBound: shown.some(({ field }) => Object.values(boundsOf(where, field)).some((one) => one !== '')),
  };
}

function showTable({ columns, rows, ids }: Picture): unknown {
  const shown = rows.slice(0, ROWS_MAX);
  const first = ids ? 1 : 0;
  const isNumber = columns.map((_, place) => rows.some((row) => typeof row[place] === 'number'));
  // Columns of fields are named as filters name them: `started`, `params.lr`.
  const ofs = columns.map((name) => name.split('.')[0] ?? '');
  return {
    summary: `The data behind it: ${plural(rows.length, 'row')}`,
    more: rows.length > shown.length ? `The first ${formatCount(shown.length)} of ${plural(rows.length, 'row')}: the csv has all.` : '', // prettier-ignore
    heads: columns.slice(first).map((label, place) => ({ label: middle(label, 40), number: isNumber[place + first] })),
    rows: shown.map((row, place) => ({
      href: ids ? `/runs/${ids[place] ?? ''}` : null,
      cells: row.slice(first).map((value, at) => ({
        text:
          typeof value === 'number'
            ? shownNumber(ofs[at + first] ?? '', value)
            : value === null
              ? '–'
              : middle(value, 60),
        title: typeof value === 'number' ? String(value) : (value ?? ''),
        number: isNumber[at + first],
      })),
    })),
  };
}
