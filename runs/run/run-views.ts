// runs/run/run-views.ts
// Purpose: the page of one run, ready for its template.
// Why: facts, params and metrics as text with units and links; templates hold no logic.
// Relevant files: runs/run/run-page.ts, runs/templates/run.html, runs/curves/chart-views.ts

import {
  formatBytes,
  formatCount,
  formatNumber,
  formatTime,
  middle,
  plural,
  showTime,
  formatStep,
} from '../../shared/format.ts';
import { link } from '../../shared/http/links.ts';
import type { PageContext } from '../../shared/http/types.ts';
import { renderMarkdown } from '../../shared/markdown.ts';
import { showLoggedRow } from '../../models/logged-views.ts';
import { showTag } from '../../tags/views.ts';
import { contentsUrl, pageUrl } from '../artifacts/artifact-preview.ts';
import { askedOf } from '../curves/chart-settings.ts';
import { showChart } from '../curves/chart-views.ts';
import { colorOf } from '../curves/colors.ts';
import type { Rival } from '../compare/baseline-queries.ts';
import { goneWords, groupWords } from '../compare/baseline-words.ts';
import type { RunDataset } from '../dataset-queries.ts';
import type { RunRow } from '../models.ts';
import type { CountedMetric } from '../rules/rule-queries.ts';
import { ruleFor, Takes, type Counted, type MetricRule } from '../rules/rule.ts';
import { countsShort, ruleNumber, ruleSentence, valueTitle } from '../rules/rule-text.ts';
import type { Standing } from './neighbours.ts';
import type { RunPageQuery } from '../page-schemas.ts';
import type { RunPageData } from './run-page.ts';
import { runState } from '../run-state.ts';
import { showAttemptChart, showAttempts } from '../attempts/attempt-views.ts';
import { fromRow } from '../summary.ts';
import { took } from '../table/fact-views.ts';
import { arrowOf, compareLink, nonfiniteText, showRunLink, type At } from '../table/table-views.ts';
import { isSystemTag } from '../table/table.ts';
import { isFinal } from '../status.ts';

/** Metrics whose table would push every curve off the first screen. */
const LONG_TABLE = 8;
/** Params shown before the rest is folded. */
const PARAMS_SHOWN = 40;
/** Characters of a data set's description; the API has it whole. */
const SHOWN_MAX = 2_000;

export function showRunPage(data: RunPageData, query: RunPageQuery, now: number): PageContext {
  const { run, experiment } = data;
  const path = `/runs/${run.id}`;
  const at: At = (change) => link(path, { metric: query.metric, ...askedOf(query), chart: query.chart, ...change });
  const tags = data.tags.filter((tag) => !isSystemTag(tag));
  const firstShown = data.artifacts.find(({ preview }) => preview !== null)?.row;
  const params = data.params.map(({ key, value }) => ({
    key,
    value: value === '' ? '""' : value,
    long: value.length > 200,
  }));
  const charts = data.charts.map(({ key, curves }) =>
    showChart(curves, key, data.settings.of(key), {
      size: 'normal',
      base: data.settings.base(key),
      here: (settings) => at({ chart: data.settings.changed(key, settings) }),
    }),
  );
  const hasLongTable = data.metrics.length > LONG_TABLE;
  const systemTags = data.tags.filter(isSystemTag);
  return {
    title: middle(run.name, 60),
    run,
    experiment: { name: middle(experiment.name, 60), title: experiment.name, href: `/experiments/${experiment.id}` },
    color: colorOf(run.number).color,
    state: runState(run, now),
    started: run.start_time === null ? null : showTime(run.start_time, now),
    startedExact: run.start_time === null ? 'not started' : formatTime(run.start_time),
    took: tookInWords(run, now),
    heard: isFinal(run.status) ? null : showTime(run.heard_at, now),
    parent:
      run.parent_id === null
        ? null
        : {
            id: run.parent_id,
            ...(data.parent
              ? showRunLink(data.parent)
              : { name: `${run.parent_id.slice(0, 8)}… (not here)`, title: run.parent_id, href: null }),
          },
    tags: tags.map((tag) => ({ ...showTag(tag, '/runs'), key: tag.key })),
    systemTags,
    systemTagsText: plural(systemTags.length, 'system tag'),
    standing: data.standing && showStanding(data.standing, data),
    params: params.slice(0, PARAMS_SHOWN),
    moreParams: params.slice(PARAMS_SHOWN),
    metrics: data.metrics.map((metric) => showMetric(metric, ruleFor(data.rules, metric.key), path)),
    points: plural(data.points, 'point'),
    metricsText:
      data.metrics.length < data.metricTotal
        ? `${formatCount(data.metrics.length)} of ${plural(data.metricTotal, 'metric')}`
        : plural(data.metricTotal, 'metric'),
    find: query.find ?? '',
    canFind: data.metricTotal > 20 || query.find !== undefined,
    /** Beside a long table of metrics. */
    picture: hasLongTable ? (charts[0] ?? null) : null,
    charts: hasLongTable ? charts.slice(1) : charts,
    chartsNote: showChartsNote(data, query, path),
    notes: renderMarkdown(run.notes),
    datasets: data.datasets.map(showDataset),
    models: data.models.map(({ model, step, isInput }) => ({ ...showLoggedRow(model, step), isInput })),
    artifacts: data.artifacts.map(({ row, preview }) => ({
      path: row.path,
      size: formatBytes(row.size),
      href: pageUrl(row),
      raw: contentsUrl(row),
      preview,
      isOpen: row === firstShown,
    })),
    attempts: showAttempts(data.attempts, run, now),
    attemptChart: showAttemptChart(data.overtaken, data.settings.of(data.overtaken[0]?.key ?? '')),
    children: data.children.items.map((child) => ({
      ...showRunLink(child),
      color: colorOf(child.number).color,
      state: runState(child, now),
      took: took(child, now),
    })),
    childrenMore: childrenLink(data),
    childrenText: data.children.total === 0 ? '' : plural(data.children.total, 'child run'),
    childrenCompare: data.children.items.length > 1 ? compareLink(data.children.items.map(({ id }) => id)) : null,
    isBaseline: data.isBaseline,
    rivals: data.rivals.map((rival) => showRival(rival, run)),
    compare: data.standing?.nearest
      ? { href: compareLink([run.id, data.standing.nearest.run.id]), name: middle(data.standing.nearest.run.name, 40) }
      : null,
    exports: [
      { label: 'This run as JSON', href: `/exports/runs/${run.id}.json` },
      { label: 'Points as CSV', href: `/exports/runs/${run.id}/points.csv` },
      { label: 'Points as NDJSON', href: `/exports/runs/${run.id}/points.ndjson` },
    ],
    back: path,
  };
}

/** All of them as a table, where some are not shown; children may be in other experiments. */
function childrenLink({ run, children }: RunPageData): string | null {
  if (children.total <= children.items.length) return null;
  const isHere = children.items.every((child) => child.experiment_id === run.experiment_id);
  return link(isHere ? `/experiments/${run.experiment_id}` : '/runs', { where: `parent = ${run.id}` });
}

/** A group stands beside the run with its mean and band; one that has lost its runs says so and leads nowhere. */
function showRival(rival: Rival, { id }: RunRow): { label: string; name: string; href: string; gone: string } {
  const { label } = rival;
  const gone = 'group' in rival ? goneWords(rival.group) : '';
  if ('group' in rival) return { label, name: groupWords(rival.group, 40), href: link('/compare', { run: id, group: rival.group.text }), gone }; // prettier-ignore
  const { run: other } = rival;
  const href = compareLink(label === 'baseline' ? [other.id, id] : [id, other.id]);
  return { label, name: middle(other.name, 40), href, gone };
}

function showDataset({ id, name, digest, context, source_type, source, schema, profile }: RunDataset): object {
  const details = { source, schema, profile };
  return {
    id,
    name: middle(name, 80),
    title: name,
    digest,
    context: context || '–',
    source: source_type || '–',
    details: Object.entries(details).flatMap(([label, text]) =>
      text ? { label, text: text.slice(0, SHOWN_MAX) } : [],
    ),
  };
}

/** `took 5 min`, `running for 25 min`; '' where nothing can be said. */
function tookInWords(run: RunRow, now: number): string {
  const text = took(run, now);
  if (text === '–') return '';
  return runState(run, now).tone === 'run' ? `running for ${text}` : `took ${text}`;
}

function showMetric(metric: CountedMetric, rule: MetricRule, path: string): Record<string, unknown> {
  const { count, last, min, max, nonfinite_count, nonfinite_step } = fromRow(metric);
  return {
    key: metric.key,
    arrow: arrowOf(rule.direction),
    rule: ruleSentence(rule),
    counts: rule.takes === Takes.Last ? null : showCounts(metric.counts, rule),
    unit: rule.unit,
    href: link('/curves', { run: metric.run_id, key: metric.key }),
    chart: link(path, { metric: metric.key }),
    last: ruleNumber(last.value, rule),
    broken: !Number.isFinite(last.value),
    lastExact: `${String(last.value)} at step ${formatStep(last.step)}`,
    min: min && { value: ruleNumber(min.value, rule), exact: String(min.value), step: formatStep(min.step) },
    max: max && { value: ruleNumber(max.value, rule), exact: String(max.value), step: formatStep(max.step) },
    count: formatCount(count),
    chip: nonfinite_count > 0 ? nonfiniteText(nonfinite_count, nonfinite_step) : '',
  };
}

/** `mean of last 5: 0.9712` */
function showCounts(counts: Counted | null, rule: MetricRule): { label: string; text: string; title: string } {
  return { label: countsShort(rule), text: ruleNumber(counts?.value ?? null, rule), title: valueTitle(counts, rule) };
}

function showStanding({ key, rank, among, nearest }: Standing, data: RunPageData): Record<string, unknown> {
  const rule = ruleFor(data.rules, key);
  return {
    key,
    rule: rule.takes === Takes.Last ? '' : countsShort(rule),
    rank: formatCount(rank),
    among: formatCount(among),
    nearest: nearest && {
      ...showRunLink(nearest.run),
      differs: nearest.differs
        .slice(0, 4)
        .map(
          ({ key: param, here, there }) =>
            `${param} ${middle(here ?? 'not set', 24)} → ${middle(there ?? 'not set', 24)}`,
        ),
      more: Math.max(0, nearest.differs.length - 4),
      ends: endsWhere(
        data.metrics.find((metric) => metric.key === key),
        nearest.metric,
        rule,
      ),
    },
  };
}

/** `ends 0.0019 lower`, or `is 0.0019 lower` where it is not the last value that counts. */
function endsWhere(here: CountedMetric | undefined, there: CountedMetric | undefined, rule: MetricRule): string {
  if (!here?.counts || !there?.counts) return '';
  const verb = rule.takes === Takes.Last ? 'ends' : 'is';
  const difference = there.counts.value - here.counts.value;
  if (!Number.isFinite(difference)) return '';
  if (difference === 0) return `${verb} the same`;
  return `${verb} ${formatNumber(Math.abs(difference))} ${difference > 0 ? 'higher' : 'lower'}`;
}

function showChartsNote(
  { metrics, charts }: RunPageData,
  query: RunPageQuery,
  path: string,
): Record<string, unknown> | null {
  const curves = metrics.filter((metric) => metric.count > 1).map((metric) => metric.key);
  if (query.metric)
    return { text: `${charts.length} of ${curves.length} curves.`, href: path, label: 'Show the usual ones' };
  if (curves.length <= charts.length) return null;
  return {
    text: `${charts.length} of ${curves.length} curves, the most telling first; any other is a click on its metric above.`,
    href: link(path, { metric: curves.slice(0, 60) }),
    label: curves.length > 60 ? 'Show 60' : 'Show all',
  };
}
