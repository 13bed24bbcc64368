// exports/whole-writers.ts
// Purpose: a whole experiment or a whole run as one JSON document, points included, written piece by piece.
// Why: everything of it in one file that any language reads; a series never has to fit into memory.
// Relevant files: exports/catalogue.ts, exports/run-records.ts, runs/points.ts

import type { ExperimentRow } from '../experiments/models.ts';
import { metricKeys, requireExperiment } from '../experiments/queries.ts';
import type { MetricRow, RunRow } from '../runs/models.ts';
import { pointRows, type PointPlace } from '../runs/points.ts';
import { artifactsOf } from '../runs/queries.ts';
import { rulesOf, withCounted } from '../runs/rules/rule-queries.ts';
import type { RuleBook } from '../runs/rules/rule.ts';
import { fromStored } from '../runs/values.ts';
import type { Db } from '../shared/db/store.ts';
import { toJson } from '../shared/http/json.ts';
import { isoTime, numberJson } from '../shared/cells.ts';
import { LineWriter } from '../shared/line-writer.ts';
import { experimentRecords } from './experiments-writers.ts';
import { POINTS_AT_ONCE } from './points-writers.ts';
import { runGroups } from './queries.ts';
import { countedRecord, readRuns, ruleRecords, type ReadRun } from './run-records.ts';
import { breathe, type Pieces } from '../shared/heavy/pieces.ts';

/**
 * `{"format": "ml-experiment-tracker/experiment", "version": 1, "experiment": ExperimentRecord,
 * "metric_rules": {KEY: Rule}, "runs": [WholeRun, …]}` with runs by number. A Rule says of a metric which way is better
 * (`direction`, and whether it is only guessed from the name), which value of a run counts, unit and decimals; it is what
 * the API says of it. A WholeRun is a RunRecord with
 * `"notes"`: Markdown, `"created_at"`, `"updated_at"`: ISO 8601,
 * `"artifacts": [{"path", "size": bytes, "sha256"}]` (their contents are not in the file), and
 * `"metrics": {KEY: SummaryRecord, with "counts": {value, step} where another value counts than the last, with "points": {"step": […], "timestamp": […], "value": […]}}`:
 * three lists of the same length, by step, then timestamp, then value.
 */
export async function* writeExperiment(db: Db, experiment: ExperimentRow): Pieces {
  const [record] = await experimentRecords(db, [experiment]);
  const rules = await rulesOf(db, experiment.id);
  const metric_rules = ruleRecords(rules, await metricKeys(db, experiment.id));
  const head = toJson({ format: 'ml-experiment-tracker/experiment', version: 1, experiment: record, metric_rules });
  yield { text: `${head.slice(0, -1)},"runs":[`, rows: 0 };
  const lines = new LineWriter();
  let before = '\n';
  for await (const rows of runGroups(db, { experiment: experiment.id, order: 'number' })) {
    for (const run of await readRuns(db, rows)) {
      yield { text: before, rows: 0 };
      yield* wholeRun(db, run, rules, lines);
      before = ',\n';
    }
  }
  yield { text: '\n]}\n', rows: 0 };
}

/** `{"format": "ml-experiment-tracker/run", "version": 1, "experiment": {id, name}, "metric_rules": {KEY: Rule}, "run": WholeRun}` */
export async function* writeRun(db: Db, run: RunRow): Pieces {
  const { id, name } = await requireExperiment(db, run.experiment_id);
  const rules = await rulesOf(db, id);
  for (const read of await readRuns(db, [run])) {
    const metric_rules = ruleRecords(rules, read.metrics.map(({ key }) => key)); // prettier-ignore
    const head = toJson({ format: 'ml-experiment-tracker/run', version: 1, experiment: { id, name }, metric_rules });
    yield { text: `${head.slice(0, -1)},\n"run":`, rows: 0 };
    yield* wholeRun(db, read, rules, new LineWriter());
  }
  yield { text: '}\n', rows: 0 };
}

async function* wholeRun(db: Db, { row, record, metrics }: ReadRun, rules: RuleBook, lines: LineWriter): Pieces {
  const head = toJson({
    ...record,
    notes: row.notes,
    created_at: isoTime(row.created_at),
    updated_at: isoTime(row.updated_at),
    artifacts: (await artifactsOf(db, [row.id])).map(({ path, size, sha256 }) => ({ path, size, sha256 })),
  });
  yield { text: `${head.slice(0, -1)},"metrics":{`, rows: 0 };
  let before = '\n';
  for (const metric of await withCounted(db, rules, metrics)) {
    const summary = toJson(countedRecord(metric, rules));
    yield { text: `${before}${JSON.stringify(metric.key)}:${summary.slice(0, -1)},"points":{`, rows: 0 };
    yield* pointLists(db, metric, lines);
    yield { text: '}}', rows: 0 };
    before = ',\n';
  }
  yield { text: '}}', rows: 1 };
}

const LISTS: [name: string, write: (lines: LineWriter, point: PointPlace) => void][] = [
  ['step', (lines, [step]) => lines.int(step)],
  ['timestamp', (lines, [, timestamp]) => lines.ascii('"').time(timestamp).ascii('"')],
  ['value', (lines, [, , value, kind]) => lines.ascii(numberJson(fromStored(value, kind)))],
];

/** Points of one series that are held in memory: a few MB. */
const HELD_MAX = 50_000;

/** Three lists, one after the other: a longer series is read once for each of them, so that it is never held. */
async function* pointLists(db: Db, metric: MetricRow, lines: LineWriter): Pieces {
  const short = metric.count <= HELD_MAX ? await collected(pointRows(db, metric, POINTS_AT_ONCE)) : undefined;
  let start = '';
  for (const [name, write] of LISTS) {
    yield { text: `${start}"${name}":[`, rows: 0 };
    let before = '';
    for await (const points of short ?? pointRows(db, metric, POINTS_AT_ONCE)) {
      for (const point of points) {
        write(lines.ascii(before), point);
        before = ',';
      }
      yield { bytes: lines.take(), rows: 0 };
      await breathe();
    }
    yield { text: ']', rows: 0 };
    start = ',';
  }
}

async function collected<T>(pages: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const page of pages) all.push(page);
  return all;
}
