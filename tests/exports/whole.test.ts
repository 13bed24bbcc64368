// tests/exports/whole.test.ts
// Purpose: a whole experiment and a whole run as JSON, and the list of experiments: complete, exact, valid.
// Why: this is the file people keep when they leave; everything must be in it.
// Relevant files: exports/whole-writers.ts, exports/experiments-writers.ts

import { beforeAll, describe, expect, it } from 'vitest';
import type { RunRow } from '../../runs/models.ts';
import { startTracker } from '../support/tracker.ts';
import { useTracker } from '../support/use.ts';
import { addRun, bits, download, NASTY_NUMBERS, NASTY_TEXTS, readCsv, series } from './support.ts';

interface WholeRun {
  id: string;
  name: string;
  notes: string;
  params: Record<string, string>;
  tags: Record<string, string>;
  metrics: Record<
    string,
    { count: number; points: { step: number[]; timestamp: string[]; value: (number | string)[] } }
  >;
}

const tracker = useTracker();
let nasty: RunRow;
const KEYS = NASTY_TEXTS.filter((text) => text !== '');
const texts = Object.fromEntries(KEYS.map((key, i) => [key, NASTY_TEXTS[KEYS.length - i] ?? '']));
const long = series('long', 55_000); // longer than what is held in memory

beforeAll(async () => {
  nasty = await addRun(
    tracker,
    { experiment: 'say "hi"\\ </script>', name: 'a\u0001b', notes: '# Notes\r\n"x"', params: texts, tags: texts },
    [
      ...NASTY_NUMBERS.map((value, i) => ({ key: 'loss', value, step: i, timestamp: i })),
      ...KEYS.map((key) => ({ key, value: 1, step: 1, timestamp: 1 })),
    ],
  );
  await addRun(tracker, { experiment_id: 1, name: 'without metrics' });
  await addRun(tracker, { experiment_id: 1, name: 'long' }, long);
  await tracker.api('POST', '/api/experiments', { name: '=empty', description: 'two\nlines', tags: { team: 'a' } });
});

describe('/exports/experiments/{id}.json', () => {
  it('holds the experiment and every run with params, tags, notes and points', async () => {
    const { text } = await download(tracker, '/exports/experiments/1.json');
    const read = JSON.parse(text) as { experiment: { name: string }; runs: WholeRun[] };
    expect(read).toMatchObject({ format: 'ml-experiment-tracker/experiment', version: 1 });
    expect(read.experiment.name).toBe('say "hi"\\ </script>');
    expect(read.runs.map((run) => run.name)).toEqual(['a\u0001b', 'without metrics', 'long']);
    const [run, bare, last] = read.runs;
    expect(run?.notes).toBe('# Notes\r\n"x"');
    expect(Object.entries(run?.params ?? {}).sort()).toEqual(Object.entries(texts).sort());
    expect(Object.entries(run?.tags ?? {}).sort()).toEqual(Object.entries(texts).sort());
    expect(Object.keys(run?.metrics ?? {}).sort()).toEqual(['loss', ...KEYS].sort());
    expect(bits((run?.metrics['loss']?.points.value ?? []).map(Number))).toEqual(bits(NASTY_NUMBERS));
    expect(bare?.metrics).toEqual({});
    const points = last?.metrics['long']?.points;
    expect(points?.step).toEqual(long.map((point) => point.step));
    expect(points?.timestamp).toEqual(long.map((point) => new Date(point.timestamp).toISOString()));
    expect(bits((points?.value ?? []).map(Number))).toEqual(bits(long.map((point) => point.value)));
    expect(last?.metrics['long']?.count).toBe(55_000);
  });

  it('says of each metric which way is better, which value counts, its unit and decimals', async () => {
    const run = await addRun(
      tracker,
      { experiment: 'ruled', name: 'r' },
      [3, 1, 2].map((value, step) => ({ key: 'loss', value, step, timestamp: step })),
    );
    const path = `/api/experiments/${run.experiment_id}/metric-rules?key=loss`;
    const rule = { value: 'min', unit: 'nats', digits: 2 };
    expect((await tracker.api('PUT', path, rule)).status).toBe(200);
    const whole = (await download(tracker, `/exports/experiments/${run.experiment_id}.json`)).text;
    const one = (await download(tracker, `/exports/runs/${run.id}.json`)).text;
    const said = { loss: { ...rule, direction: 'min', direction_guessed: true } };
    const metrics = { loss: { last: { value: 2 }, counts: { value: 1, step: 1 } } };
    expect(JSON.parse(whole)).toMatchObject({ metric_rules: said, runs: [{ metrics }] });
    expect(JSON.parse(one)).toMatchObject({ metric_rules: said, run: { metrics } });
    const first = JSON.parse((await download(tracker, '/exports/experiments/1.json')).text) as object;
    expect(first).toMatchObject({ metric_rules: { long: { direction: null, value: 'last', unit: '' } } });
  });

  it('is valid for an experiment without runs', async () => {
    const { text } = await download(tracker, '/exports/experiments/2.json');
    expect(JSON.parse(text)).toMatchObject({ experiment: { name: '=empty', tags: { team: 'a' } }, runs: [] });
  });

  it('is the same file twice', async () => {
    const [one, two] = [
      await download(tracker, '/exports/experiments/1.json'),
      await download(tracker, '/exports/experiments/1.json'),
    ];
    expect(two.bytes.equals(one.bytes)).toBe(true);
  });
});

describe('/exports/runs/{id}.json', () => {
  it('holds the same of a run as the experiment does', async () => {
    const whole = JSON.parse((await download(tracker, '/exports/experiments/1.json')).text) as { runs: WholeRun[] };
    const one = JSON.parse((await download(tracker, `/exports/runs/${nasty.id}.json`)).text) as { run: WholeRun };
    expect(one).toMatchObject({ format: 'ml-experiment-tracker/run', version: 1, experiment: { id: 1 } });
    expect(one.run).toEqual(whole.runs[0]);
  });

  it('names artifacts with size and sha256', async () => {
    const run = await addRun(tracker, { experiment: 'with artifacts', name: 'one' });
    const sha256 = 'ab'.repeat(32);
    await tracker.app.store.write((tx) =>
      tx.execute('insert into artifacts (run_id, path, size, sha256, created_at) values (?, ?, ?, ?, ?)', [
        run.id,
        'plots/a "b".png',
        12,
        sha256,
        0,
      ]),
    );
    const { text } = await download(tracker, `/exports/runs/${run.id}.json`);
    expect(JSON.parse(text)).toMatchObject({ run: { artifacts: [{ path: 'plots/a "b".png', size: 12, sha256 }] } });
  });
});

describe('/exports/experiments', () => {
  it('lists all experiments, in CSV and JSON alike', async () => {
    const rows = readCsv((await download(tracker, '/exports/experiments.csv?order=created_at')).text);
    const { text } = await download(tracker, '/exports/experiments.json?order=created_at');
    const read = (JSON.parse(text) as { experiments: { name: string; created_at: string }[] }).experiments;
    expect(read.slice(0, 2).map((one) => one.name)).toEqual(['say "hi"\\ </script>', '=empty']);
    expect(rows.map((row) => row['created_at'])).toEqual(read.map((one) => one.created_at));
    expect(rows[0]).toMatchObject({ id: '1', name: 'say "hi"\\ </script>', runs: '3', 'runs.running': '3' });
    expect(rows[1]).toMatchObject({ name: "'=empty", description: 'two\nlines', tags: '{"team":"a"}', runs: '0' });
  });

  it('honours the filters of the list', async () => {
    const { text } = await download(tracker, '/exports/experiments.csv?q=EMPTY&tag=team%3Da');
    expect(readCsv(text).map((row) => row['name'])).toEqual(["'=empty"]);
  });

  it('of a fresh tracker is valid and empty', async () => {
    const fresh = await startTracker();
    try {
      expect(JSON.parse((await download(fresh, '/exports/experiments.json')).text)).toEqual({
        format: 'ml-experiment-tracker/experiments',
        version: 1,
        experiments: [],
      });
      expect(readCsv((await download(fresh, '/exports/experiments.csv')).text)).toEqual([]);
    } finally {
      await fresh.stop();
    }
  });
});
