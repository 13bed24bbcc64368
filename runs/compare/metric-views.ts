// runs/compare/metric-views.ts
// Purpose: what the runs of a comparison end with: a line for each metric that differs, those that are equal, and the best in a sentence.
// Why: the best is marked by more than colour, and said first.
// Relevant files: runs/compare/metric-cells.ts, runs/compare/compare-views.ts, runs/compare/best-places.ts, runs/templates/compare.html

import { formatNumber, middle, plural } from '../../shared/format.ts';
import { Direction } from '../metric-rules.ts';
import type { RunRow } from '../models.ts';
import { bestBy, headWords, ruleNumber, ruleSentence } from '../rules/rule-text.ts';
import { arrowOf, showRunLink } from '../table/table-views.ts';
import type { Comparison, MetricLine } from './compare.ts';
import type { DeltaBase } from './delta-base.ts';
import { metricCells } from './metric-cells.ts';

/** Metrics shown before the rest is left to the JSON. */
const METRICS = 60;

/** As the template takes them; `rows`: how many lines the table has. */
export function showMetrics(
  { metrics, runs }: Comparison,
  base: DeltaBase,
): { rows: number; view: Record<string, unknown> } {
  const differing = metrics.filter((line) => !isEqualMetric(line));
  const shown = differing.slice(0, METRICS);
  return {
    rows: shown.length,
    view: {
      metrics: shown.map((line) => showMetricLine(line, runs, base)),
      moreMetrics:
        differing.length > METRICS
          ? `${METRICS} of ${differing.length} metrics that differ are shown; all are in the JSON.`
          : '',
      showBest: runs.length > 4,
      equalMetrics: metrics.filter(isEqualMetric).map(({ key, values, rule }) => ({
        key,
        value: ruleNumber(values[0]?.value ?? null, rule),
        title: String(values[0]?.value),
      })),
    },
  };
}

/** The same value everywhere, and everywhere there. */
function isEqualMetric({ values }: MetricLine): boolean {
  const first = values[0];
  return values.length > 1 && values.every((one) => first && one && Object.is(one.value, first.value));
}

function showMetricLine(line: MetricLine, runs: RunRow[], base: DeltaBase): Record<string, unknown> {
  const { key, rule, isMixed, best } = line;
  const { texts, html } = metricCells(line, base);
  return {
    key,
    arrow: arrowOf(rule.direction),
    note: isMixed ? 'last, rules differ' : headWords({ ...rule, direction: null }),
    title: isMixed
      ? 'The experiments of these runs have different rules for this metric: last values are compared.'
      : ruleSentence(rule),
    best: showBest(best, texts, runs),
    cells: html,
  };
}

/** The best value and the first run that has it: among many columns it may be out of sight. */
function showBest(best: number[], texts: string[], runs: RunRow[]): Record<string, unknown> | null {
  const run = runs[best[0] ?? -1];
  if (!run) return null;
  return { ...showRunLink(run), name: middle(run.name, 24), value: texts[best[0] ?? 0] };
}

/** `val/accuracy is best in A: 0.9778, 0.0105 above B.` */
export function showLead({ metrics, main, runs }: Comparison): Record<string, unknown> | null {
  const line = metrics.find(({ key }) => key === main);
  const place = line?.best[0];
  if (!line?.direction || place === undefined) return null;
  const sign = line.direction === Direction.Max ? 1 : -1;
  const winners = new Set(line.best);
  const rest = line.values
    .map((one, index) => ({ value: one?.value ?? NaN, run: runs[index] }))
    .filter(({ value }, index) => Number.isFinite(value) && !winners.has(index))
    .sort((a, b) => sign * (b.value - a.value));
  const value = line.values[place]?.value ?? NaN;
  const next = rest[0];
  const winner = runs[place];
  if (!winner) return null;
  return {
    key: line.key,
    value: ruleNumber(value, line.rule),
    rule: bestBy(line.rule),
    ...showRunLink(winner),
    shared: line.best.length > 1 ? plural(line.best.length, 'run') : null,
    next: next?.run
      ? { ...showRunLink(next.run), by: formatNumber(Math.abs(value - next.value)), word: sign > 0 ? 'above' : 'below' }
      : null,
  };
}
