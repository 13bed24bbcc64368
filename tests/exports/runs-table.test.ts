// tests/exports/runs-table.test.ts
// Purpose: the run table as CSV and JSON: columns, cells, filters, order, empty experiments, the trash.
// Why: this file goes into papers; a missing run or a shifted column would go with it.
// Relevant files: exports/runs-writers.ts, exports/queries.ts

import { beforeAll, describe, expect, it } from 'vitest';
import { unguard } from '../../shared/cells.ts';
import { trashRuns } from '../../runs/changes.ts';
import { RunStatus, type RunRow } from '../../runs/models.ts';
import { useTracker } from '../support/use.ts';
import { addRun, bits, download, NASTY_TEXTS, readCsv } from './support.ts';

const tracker = useTracker();
let first: RunRow;
let second: RunRow;
const START = Date.UTC(2026, 10, 1, 10, 0, 0, 5);
const params = Object.fromEntries(
  NASTY_TEXTS.filter((text) => text !== '').map((text, i) => [text, NASTY_TEXTS[i] ?? '']),
);

beforeAll(async () => {
  first = await addRun(
    tracker,
    {
      experiment: 'digits',
      name: 'mlp, "wide"',
      start_time: START,
      status: RunStatus.Finished,
      params: { lr: '0.1' },
      tags: { model: 'mlp', 'a"b': '=x' },
    },
    [
      { key: 'loss', step: 0, timestamp: 0, value: 0.30000000000000004 },
      { key: 'loss', step: 1, timestamp: 0, value: NaN },
      { key: 'loss', step: 2, timestamp: 0, value: -1e308 },
    ],
  );
  second = await addRun(
    tracker,
    { experiment: 'digits', name: '=2', start_time: START + 1000, parent_id: first.id, params },
    [{ key: 'up, "to"', step: 7, timestamp: 0, value: Infinity }],
  );
  const gone = await addRun(tracker, { experiment: 'digits', name: 'trashed', params: { only_in_trash: '1' } });
  await tracker.app.store.write((tx) => trashRuns(tx, [gone.id], true, Date.now()));
  await tracker.api('POST', '/api/experiments', { name: 'empty' });
});

describe('/exports/experiments/{id}/runs.csv', () => {
  it('has the facts, then a column for each param and metric summary', async () => {
    const { text } = await download(tracker, '/exports/experiments/1/runs.csv?order=number');
    const [row, other] = readCsv(text);
    const columns = ['last', 'last_step', 'min', 'min_step', 'max', 'max_step', 'mean', 'count', 'nonfinite_count'];
    expect(Object.keys(row ?? {})).toEqual([
      'id', 'number', 'name', 'status', 'start_time', 'end_time', 'duration_s', 'parent_id', 'tags',
      ...['lr', ...Object.keys(params)].sort().map((key) => `params.${key}`),
      ...columns.map((column) => `metrics.loss.${column}`),
      ...columns.map((column) => `metrics.up, "to".${column}`),
    ]); // prettier-ignore
    expect(row).toMatchObject({
      id: first.id,
      number: '1',
      name: 'mlp, "wide"',
      status: RunStatus.Finished,
      start_time: '2026-11-01T10:00:00.005Z',
      duration_s: String(((first.end_time ?? 0) - START) / 1000),
      parent_id: '',
      'params.lr': '0.1',
      'metrics.loss.last': '-1e+308',
      'metrics.loss.last_step': '2',
      'metrics.loss.max': '0.30000000000000004',
      'metrics.loss.max_step': '0',
      'metrics.loss.count': '3',
      'metrics.loss.nonfinite_count': '1',
      'metrics.up, "to".last': '',
    });
    expect(JSON.parse(row?.['tags'] ?? '')).toEqual({ model: 'mlp', 'a"b': '=x' });
    expect(bits([Number(row?.['metrics.loss.mean'])])).toEqual(bits([0.30000000000000004 / 2 - 1e308 / 2]));
    expect(other).toMatchObject({
      name: "'=2",
      parent_id: first.id,
      end_time: '',
      duration_s: '',
      'params.lr': '',
      'metrics.up, "to".last': 'Infinity',
      'metrics.up, "to".min': '',
      'metrics.up, "to".mean': '',
      'metrics.up, "to".nonfinite_count': '1',
    });
  });

  it('gives params back exactly once unguarded', async () => {
    const [row] = readCsv((await download(tracker, '/exports/experiments/1/runs.csv?q=%3D2')).text);
    const read = Object.keys(params).map((key) => [key, unguard(row?.[`params.${key}`] ?? 'missing')]);
    expect(Object.fromEntries(read)).toEqual(params);
  });

  it.each([
    ['?q=wide', ['mlp, "wide"']],
    ['?status=finished', ['mlp, "wide"']],
    ['?status=finished&status=running', ["'=2", 'mlp, "wide"']],
    ['?tag=model%3Dmlp', ['mlp, "wide"']],
    ['?tag=model&tag=nothing', []],
    ['?order=-params.lr', ['mlp, "wide"', "'=2"]],
    ['?order=number', ['mlp, "wide"', "'=2"]],
    ['', ["'=2", 'mlp, "wide"']],
  ])('%s means the runs that the list means', async (query, names) => {
    const { text } = await download(tracker, `/exports/experiments/1/runs.csv${query}`);
    expect(readCsv(text).map((row) => row['name'])).toEqual(names);
  });

  it('has columns of the runs it holds only', async () => {
    const { text } = await download(tracker, '/exports/experiments/1/runs.csv?status=finished');
    expect(text.split('\r\n')[0]).not.toContain('up,');
    expect(text).not.toContain('only_in_trash');
  });

  it('of an experiment without runs is its header', async () => {
    const { text } = await download(tracker, '/exports/experiments/2/runs.csv');
    expect(text).toBe('id,number,name,status,start_time,end_time,duration_s,parent_id,tags\r\n');
  });
});

describe('/exports/experiments/{id}/runs.json', () => {
  it('says the same, valid also without runs', async () => {
    const read = JSON.parse((await download(tracker, '/exports/experiments/1/runs.json?order=number')).text) as {
      experiment: unknown;
      runs: { name: string; params: unknown; metrics: Record<string, { last: { value: unknown } }> }[];
    };
    expect(read).toMatchObject({
      format: 'ml-experiment-tracker/runs',
      version: 1,
      experiment: { id: 1, name: 'digits' },
    });
    expect(read.runs.map((run) => run.name)).toEqual([first.name, second.name]);
    expect(read.runs[1]?.params).toEqual(params);
    expect(read.runs[1]?.metrics['up, "to"']?.last.value).toBe('Infinity');
    const empty = await download(tracker, '/exports/experiments/2/runs.json');
    expect(JSON.parse(empty.text)).toMatchObject({ experiment: { name: 'empty' }, runs: [] });
  });
});

describe('many runs', () => {
  it('are all there, over more than one window, in an order that begins with infinite values', async () => {
    await tracker.app.store.write(async (tx) => {
      const row = (await tx.execute<{ id: number }>("insert into experiments (name, status, created_at, updated_at, last_activity_at) values ('many', 'active', 0, 0, 0) returning id", [])).rows[0];
      const ids = 'with recursive n(i) as (select 1 union all select i + 1 from n where i < 4500)';
      await tx.execute(
        `insert into runs (id, experiment_id, number, name, status, heard_at, created_at, updated_at)
         ${ids} select '${'0'.repeat(26)}' || (100000 + i), ?, i, 'run ' || i, 'running', 0, 0, 0 from n`,
        [row?.id],
      );
      await tx.execute(
        `insert into metrics (run_seq, no, experiment_id, key, count, first_step, first_time, first_value, first_kind, last_step, last_time, last_value, last_kind, nonfinite_count)
         select seq, 1, experiment_id, 'm', 1, 0, 0, 0, 0, 0, 0, case when number <= 2500 then cast(? as double precision) else number end, 0, 0
         from runs where experiment_id = ?`,
        [Infinity, row?.id],
      );
    }); // prettier-ignore
    const { text } = await download(tracker, '/exports/experiments/3/runs.csv?order=-metrics.m');
    const rows = readCsv(text);
    expect(new Set(rows.map((row) => row['id'])).size).toBe(4500);
    expect(rows).toHaveLength(4500);
    const last = rows.map((row) => Number(row['metrics.m.last']));
    expect(last).toEqual([...last].sort((a, b) => (a === b ? 0 : b - a)));
  });
});
