// runs/list-command-views.ts
// Purpose: runs as lines of a terminal: columns of equal width, the id last, and what there is to say beside them.
// Why: the words for states, times and numbers are those of the pages.
// Relevant files: runs/list-command.ts, shared/format.ts

import { formatDuration, formatNumber, middle, plural, relativeTime } from '../shared/format.ts';
import type { ParamRow, RunRow } from './models.ts';
import type { NamedKeys, UnknownKey } from './query/where.ts';
import type { CountedMetric } from './rules/rule-queries.ts';
import { runState } from './run-state.ts';

interface TableData {
  experiments: Map<number, string>;
  metrics: CountedMetric[];
  params: ParamRow[];
}

const WIDTH_MAX = 40;

export function tableLines(runs: RunRow[], named: NamedKeys, data: TableData, now: number): string[] {
  const metrics = new Map(data.metrics.map((row) => [`${row.run_id} ${row.key}`, row]));
  const params = new Map(data.params.map((row) => [`${row.run_id} ${row.key}`, row.value]));
  const heads = ['name', 'experiment', 'state', 'started', 'took', ...named.metric, ...named.param, 'id'];
  const rows = runs.map((run) => [
    run.name,
    data.experiments.get(run.experiment_id) ?? '',
    runState(run, now).label,
    run.start_time === null ? '–' : relativeTime(run.start_time, now),
    run.start_time === null || run.end_time === null ? '–' : formatDuration(run.end_time - run.start_time),
    ...named.metric.map((key) => countsText(metrics.get(`${run.id} ${key}`))),
    ...named.param.map((key) => params.get(`${run.id} ${key}`) ?? '–'),
    run.id,
  ]);
  return alignedLines([heads, ...rows].map((row) => row.map((cell) => middle(oneLine(cell), WIDTH_MAX))));
}

function countsText(metric: CountedMetric | undefined): string {
  return metric?.counts ? formatNumber(metric.counts.value) : '–';
}

/** What moves a terminal's cursor is no text. */
function oneLine(text: string): string {
  return text.replace(/[\s\p{Cc}]+/gu, ' ');
}

/** Columns of equal width. Control characters are left out. */
export function alignedLines(texts: string[][]): string[] {
  const rows = texts.map((row) => row.map(oneLine));
  const widths = (rows[0] ?? []).map((_, place) => Math.max(...rows.map((row) => [...(row[place] ?? '')].length)));
  return rows.map((row) =>
    row
      .map((cell, place) => cell + ' '.repeat((widths[place] ?? 0) - [...cell].length))
      .join('  ')
      .trimEnd(),
  );
}

/** `50 of 1,200 runs`, and keys that no run has. */
export function hintLines({
  shown,
  total,
  unknown,
}: {
  shown: number;
  total: number;
  unknown: UnknownKey[];
}): string[] {
  const count = shown < total ? `${shown} of ${plural(total, 'run')}; --limit shows more.` : plural(total, 'run');
  return [
    count,
    ...unknown.map(({ kind, key, near }) => {
      const hint = near === undefined ? '' : ` Did you mean ${near}?`;
      return `No run has a ${kind} named ${middle(key, 60)}.${hint}`;
    }),
  ];
}
