// runs/compare/compare-views.ts
// Purpose: a comparison, ready for its template: its parts put together, its charts, and where it leads.
// Why: every link carries the whole address, so that what is compared stays what it was.
// Relevant files: runs/compare/differ-views.ts, runs/compare/metric-views.ts, runs/compare/curve-choices.ts, runs/templates/compare.html

import { middle, plural } from '../../shared/format.ts';
import { LIMITS } from '../../shared/limits.ts';
import { hiddenFields, link } from '../../shared/http/links.ts';
import type { PageContext } from '../../shared/http/types.ts';
import type { PageSettings } from '../curves/own-settings.ts';
import { showChart, type DrawnOf } from '../curves/chart-views.ts';
import type { Comparison, Line } from './compare.ts';
import { colorsFor } from '../curves/colors.ts';
import { addressOf, argumentsOf, LINKED_MAX } from './compare-address.ts';
import { showBaseline } from './baseline-views.ts';
import { placeOfCurves } from './curves-place.ts';
import type { DeltaBase, KeptBaselines } from './delta-base.ts';
import { showDiffs } from './diff-views.ts';
import { sayFirstLines, type FirstLines } from './first-lines.ts';
import type { GroupEnds } from './group-ends.ts';
import { showChoices, unsharedWords } from './curve-choices.ts';
import { differingRows, notesLine, showEqual, showFacts, showHeads, showLine } from './differ-views.ts';
import { showLead, showMetrics } from './metric-views.ts';
import { drawnWords } from './whole-groups.ts';
import type { Selection } from './selection.ts';
import { showLeftOut, withoutLeftOut } from './left-out.ts';
import type { ComparePageQuery } from '../page-schemas.ts';
import type { Curve } from '../curves/curves.ts';
import type { RunRow, SavedViewRow } from '../models.ts';
import { showComparisonBar } from './comparison-bar.ts';
import type { HiddenRun } from '../queries.ts';
import type { At } from '../table/table-views.ts';
import { isSystemTag } from '../table/table.ts';

export interface ComparePageData extends Comparison {
  curves: Map<string, Curve[]>;
  /** Which runs are drawn in each chart, where there are many. */
  firsts: ReadonlyMap<string, FirstLines>;
  settings: PageSettings;
  /** Runs of the first run's experiment, to be added. */
  others: RunRow[];
  /** Of the experiments of the runs. */
  kept: KeptBaselines;
  base: DeltaBase;
  ends: GroupEnds | null;
  selection: Selection;
  /** Runs that the address names and that are not in sight. */
  out: HiddenRun[];
  /** Saved views of the experiment that it is kept with. */
  views: SavedViewRow[];
  home: number;
}

export function showComparison(data: ComparePageData, query: ComparePageQuery, now: number): PageContext {
  const { runs, params, tags, metrics } = data;
  const ids = runs.map((run) => run.id);
  const charts = [...data.curves.keys()];
  const shown = withoutLeftOut(query, data.out);
  const at: At = addressOf(query);
  const isOwn = (line: Line): boolean => !isSystemTag(line);
  const diffs = showDiffs(
    [...params.differ, ...tags.differ.filter(isOwn), notesLine(data)],
    runs.map(({ name }) => name),
    Math.max(0, data.base.run),
  );
  const facts = showFacts(data, now);
  const ends = showMetrics(data, data.base);
  const choices = showChoices({ metrics, ofGroups: data.ends?.keys ?? [] }, charts, at);
  return {
    title: `Compare ${compared(data)}`,
    cut: [...data.selection.said, ...drawnWords(data.selection.groups, true)],
    leftOut: showLeftOut(data.out),
    ends: showEnds(data),
    matching:
      query.experiment === undefined
        ? ''
        : `${plural(runs.length, 'run')} of ${query.where?.trim() ? `the filter ${query.where}` : 'the experiment'}.`,
    diffs,
    environment: tags.differ.filter((line) => !isOwn(line)).map(showLine),
    equalEnvironment: tags.equal.filter((line) => !isOwn(line)).map(showEqual),
    baseline: showBaseline(data, at),
    experiments: [...data.experiments].map(([id, { name }]) => ({
      href: `/experiments/${id}`,
      name: middle(name, 40),
      title: name,
    })),
    heads: showHeads(data, at, now),
    removing:
      runs.length > LINKED_MAX ? hiddenFields({ ...argumentsOf(query), run: ids, experiment: null, where: null }) : [],
    alone: runs.length < 2 && data.ends === null,
    lead: showLead(data),
    facts,
    params: params.differ.map(showLine),
    equalParams: params.equal.map(showEqual),
    tags: tags.differ.filter(isOwn).map(showLine),
    equalTags: tags.equal.filter(isOwn).map(showEqual),
    ...ends.view,
    charts: [...data.curves].map(([key, curves]) =>
      showChart(curves, key, data.settings.of(key), {
        size: 'normal',
        base: data.settings.base(key),
        of: drawnIn(data, key, shown),
        here: (settings) => at({ chart: data.settings.changed(key, settings) }),
      }),
    ),
    curvesPlace: placeOfCurves([data.ends?.rows.length ?? 0, differingRows(data, diffs) + facts.length, ends.rows]),
    drawnText: sayFirstLines(data.firsts.values()),
    allLines: query.lines === 'all' ? null : at({ lines: 'all' }),
    metricChoices: choices.shown,
    moreChoices: choices.more,
    choicesText: metrics.length > 0 ? '' : unsharedWords(query.metric ?? [], data.ends?.keys ?? []),
    ...showAdding(data, query),
    json: dataLink('/api/compare', shown),
    formats: ['csv', 'md', 'tex'].map((label) => ({ label, href: dataLink(`/compare.${label}`, shown) })).filter(({ href }) => href !== null), // prettier-ignore
    // Its numbers are those of what is shown.
    decide: decideLink(data, at({ run: shown.run })),
    views: showComparisonBar(data.views, data.home, { here: at({}), resolved: at({ metric: charts }) }),
  };
}

/** Each group in its colour of the charts, where it may stand beside runs. */
function showEnds({ runs, ends }: ComparePageData): object | null {
  const colors = colorsFor([...runs, ...(ends?.heads ?? [])]);
  return ends && { ...ends, heads: ends.heads.map((head) => ({ ...head, color: colors.get(head.id)?.color ?? 'c0' })) };
}

/** Runs that may be added, and the view that the form keeps. */
function showAdding({ runs, others }: ComparePageData, query: ComparePageQuery): object {
  const known = new Set([...runs.map(({ id }) => id), ...query.run]);
  const isFull = runs.length >= LIMITS.compareRuns || query.run.length >= LIMITS.compareRuns;
  return {
    kept: hiddenFields(argumentsOf(query)),
    candidates: (isFull ? [] : others)
      .filter(({ id }) => !known.has(id))
      .map(({ id, name }) => ({ id, name: middle(name, 60) })),
  };
}

/** What the addresses of a chart name: what the page does, or the few runs that are drawn of many. */
function drawnIn({ firsts }: ComparePageData, key: string, query: ComparePageQuery): DrawnOf {
  const first = firsts.get(key);
  if (first && first.said !== '') return { run: first.runs.map(({ id }) => id), group: query.group };
  return { run: query.run, group: query.group, experiment: query.experiment, where: query.where };
}

/** `3 runs`, `2 runs and 1 group` */
function compared({ runs, ends }: ComparePageData): string {
  const groups = ends?.heads.length ?? 0;
  return [...(runs.length > 0 || groups === 0 ? [plural(runs.length, 'run')] : []), ...(groups > 0 ? [plural(groups, 'group')] : [])].join(' and '); // prettier-ignore
}

/** A decision belongs to one experiment. */
function decideLink({ experiments }: ComparePageData, url: string): string | null {
  const [only, ...others] = experiments.keys();
  return only === undefined || others.length > 0 ? null : link(`/experiments/${only}/decisions/new`, { url });
}

/** The same comparison as data, in the same words; null for a single run, which is none. */
function dataLink(path: string, { run, group, experiment, where }: ComparePageQuery): string | null {
  const isOne = new Set(run).size < 2 && (group?.length ?? 0) === 0 && experiment === undefined;
  return isOne ? null : link(path, { run, group, experiment, where });
}
