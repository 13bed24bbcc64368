// tests/imports/seed.test.ts
// Purpose: the seed has real runs and every state; again adds nothing and brings nothing back; --scale is repeatable.
// Why: it is the first thing people see, and they will run it twice.
// Relevant files: imports/seed.ts, imports/seed-states.ts, imports/synthetic.ts, imports/seed-scale.ts

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { patchExperiment, trashExperiment } from '../../experiments/changes.ts';
import { ExperimentStatus } from '../../experiments/models.ts';
import { parseScale, seedScale } from '../../imports/seed-scale.ts';
import { seed } from '../../imports/seed.ts';
import { contentPath } from '../../runs/artifacts/folder-contents.ts';
import { trashRuns } from '../../runs/changes.ts';
import { RunStatus, RUN_STATUSES } from '../../runs/models.ts';
import { UsageError } from '../../shared/errors.ts';
import { findTag } from '../../tags/queries.ts';
import { trashTag } from '../../tags/changes.ts';
import { emptyFolder } from './read-support.ts';
import { rowsOf } from '../support/database.ts';
import { everyRow, freshPlace, manage, type Place } from './write-support.ts';

const NOW = Date.UTC(2026, 5, 1, 12);

async function seeded(): Promise<Place> {
  const place = await freshPlace();
  await seed(place.store, place.settings.artifacts, NOW);
  return place;
}

describe('the seed', () => {
  it('has the real runs, completed, with labels, and a draft without runs', async () => {
    const { rows } = await seeded();
    const experiments = await rows(`select e.name, e.status, e.main_metric, count(r.id) as runs
      from experiments e left join runs r on r.experiment_id = e.id group by e.id order by e.id`);
    expect(experiments).toEqual([
      { name: 'digits-mlp', status: ExperimentStatus.Completed, main_metric: 'val/accuracy', runs: 27 },
      { name: 'digits-dropout', status: ExperimentStatus.Draft, main_metric: null, runs: 0 },
      { name: 'training-states', status: ExperimentStatus.Active, main_metric: 'val/loss', runs: 12 },
    ]);
    const labels = await rows(`select t.key, t.color, count(*) as n from run_tags h join tags t on t.id = h.tag_id
      join runs r on r.id = h.run_id where r.experiment_id = 1 and h.value = '' group by t.id order by t.key`);
    expect(labels).toEqual([
      { key: 'baseline', color: 'c2', n: 3 },
      { key: 'needs-review', color: 'c6', n: 1 },
      { key: 'paper-fig-2', color: 'c5', n: 2 },
    ]);
  });

  it('shows every state, NaN, ±Infinity, a name of 300 characters, long notes, children', async () => {
    const { rows } = await seeded();
    const runs = await rows<{ name: string; status: RunStatus; notes: string }>(
      'select * from runs where experiment_id = 3',
    );
    expect(new Set(runs.map(({ status }) => status))).toEqual(new Set(RUN_STATUSES));
    expect(runs.filter(({ name }) => name.length === 300)).toHaveLength(1);
    for (const part of [/^# /m, /^\| ---/m, /^- \[x\]/m, /^```python$/m, /^> /m]) {
      expect(runs.filter(({ notes }) => part.test(notes)).map(({ name }) => name)).toEqual(['baseline']);
    }
    const children = await rows(`select p.name, count(*) as n from runs c join runs p on p.id = c.parent_id
      where c.experiment_id = 3 group by 1`);
    expect(children).toEqual([{ name: 'two-fold', n: 2 }]);
    const odd = await rows(`select r.name, m.key, nonfinite_count as n, nonfinite_step as step,
      case when last_kind = 1 then 1 else 0 end as ends
      from metrics m join runs r on r.seq = m.run_seq where r.experiment_id = 3 and nonfinite_count > 0 order by 1, 2`);
    expect(odd).toEqual([
      { name: 'diverged-to-infinity', key: 'log_likelihood', n: 66, step: 54, ends: 1 },
      { name: 'diverged-to-infinity', key: 'loss', n: 66, step: 54, ends: 1 },
      { name: 'nan-in-the-middle', key: 'val/loss', n: 3, step: 40, ends: 0 },
    ]);
    const infinite = await rows<{ value: number }>(
      'select distinct value from points where abs(value) > 1e308 order by 1',
    );
    expect(infinite.map(({ value }) => value)).toEqual(expect.arrayContaining([-Infinity, Infinity]));
  });

  it('has a run that was just heard of, and times in the past for the others', async () => {
    const { rows } = await seeded();
    const open = await rows('select name, end_time, heard_at from runs where status = ?', RunStatus.Running);
    expect(open).toEqual([{ name: 'still-running', end_time: null, heard_at: NOW - 30_000 }]);
    const wrong = 'end_time > ? or start_time > ? or end_time < start_time';
    expect(await rows(`select name from runs where experiment_id = 3 and (${wrong})`, NOW, NOW)).toEqual([]);
  });

  it('has files of each kind that can be shown, the picture a whole PNG', async () => {
    const { rows, settings } = await seeded();
    const files = await rows<{ path: string; sha256: string }>(
      `select path, sha256 from artifacts a join runs r on r.id = a.run_id where r.experiment_id = 3 order by path`,
    );
    expect(files.map(({ path }) => path)).toEqual([
      'config.json',
      'history.csv',
      'logs/training.txt',
      'plots/decision.png',
    ]);
    const [config, history, , picture] = await Promise.all(
      files.map(({ sha256 }) => readFile(contentPath(settings.artifacts, sha256))),
    );
    expect(JSON.parse(config?.toString() ?? '')).toMatchObject({ lr: 0.3, epochs: 60 });
    expect(history?.toString().trimEnd().split('\r\n')).toHaveLength(61);
    expect(picture?.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
    const data = picture?.indexOf('IDAT') ?? 0;
    const lines = inflateSync(picture?.subarray(data + 4, data + 4 + (picture.readUInt32BE(data - 4) ?? 0)) ?? '');
    expect(lines).toHaveLength(64 * (1 + 64 * 3));
  });

  it('adds nothing when it is run again, a day later too', async () => {
    const { store, settings } = await seeded();
    const before = await everyRow(settings.data);
    const lines = await seed(store, settings.artifacts, NOW + 24 * 3600_000);
    expect(lines.join('\n')).toMatch(/digits-mlp: here already.*\n.*here already/);
    expect(await everyRow(settings.data)).toEqual(before);
  });

  it('brings nothing back that was trashed, and nothing twice that was renamed', async () => {
    const { store, settings, rows } = await seeded();
    await store.write(async (tx) => {
      await trashExperiment(tx, 1, NOW);
      await trashExperiment(tx, 2, NOW);
      await patchExperiment(tx, 3, { name: 'mine now' }, NOW);
      const runs = await rows<{ id: string }>("select id from runs where name in ('too-slow', 'still-running')");
      await trashRuns(
        tx,
        runs.map(({ id }) => id),
        true,
        NOW,
      );
      await trashTag(tx, (await findTag(tx, 'baseline'))?.id ?? 0, NOW);
    });
    const before = await everyRow(settings.data);
    await seed(store, settings.artifacts, NOW + 1);
    expect(await everyRow(settings.data)).toEqual(before);
  });
});

describe('seed --scale', () => {
  it('makes the same rows in two folders, and none the second time', async () => {
    const [one, two] = [await freshPlace(), await freshPlace()];
    const scale = parseScale('20x3x50');
    const said = await seedScale(one.store, one.settings.artifacts, scale);
    expect(said).toMatch(/^synthetic 20x3x50: 20 runs and 3,000 points written in .* s, [\d,]+ points\/s\.$/);
    await seedScale(two.store, two.settings.artifacts, scale);
    const rows = await everyRow(one.settings.data);
    expect(rows['points']).toHaveLength(3000);
    expect(rows['metrics']).toHaveLength(60);
    // Only tags know when they were made; on PostgreSQL a run names the connection that wrote it last.
    const withoutTags = async (place: Place): Promise<object> => ({
      ...(await everyRow(place.settings.data, ['kept_by'])),
      tags: [],
    });
    expect(await withoutTags(two)).toEqual(await withoutTags(one));
    expect(await seedScale(one.store, one.settings.artifacts, scale)).toBe(
      'synthetic 20x3x50: here already, nothing to add.',
    );
    expect(await everyRow(one.settings.data)).toEqual(rows);
  });

  it('has groups that differ in their seed only, and finite values', async () => {
    const place = await freshPlace();
    await seedScale(place.store, place.settings.artifacts, { runs: 20, metrics: 7, points: 10 });
    const seeds = await place.rows("select value, count(*) as n from params where key = 'seed' group by 1 order by 1");
    expect(seeds).toEqual(['0', '1', '2', '3', '4'].map((value) => ({ value, n: 4 })));
    const keys = await place.rows<{ key: string }>('select key from metrics group by key order by min(no)');
    const names = keys.map(({ key }) => key);
    expect(names).toEqual([
      'train/loss',
      'val/loss',
      'train/accuracy',
      'val/accuracy',
      'grad_norm',
      'metric-05',
      'metric-06',
    ]);
    expect(
      await place.rows(
        'select sum(nonfinite_count) as n, case when min(min_value) >= 0 then 1 else 0 end as ok from metrics',
      ),
    ).toEqual([{ n: 0, ok: 1 }]);
  });

  it.each(['', '20x3', '20x3x', '0x3x50', '20x3x50x1', 'axbxc', '-1x3x50', '1.5x3x50', '1x99999x1', '999999x999x999'])(
    'refuses %j as wrong use',
    (text) => {
      expect(() => parseScale(text)).toThrow(UsageError);
      expect(() => parseScale(text)).toThrow(/--scale/);
    },
  );
});

describe('manage.ts seed', () => {
  it('says what was done and how to look at it', async () => {
    const data = join(await emptyFolder(), 'my data');
    const first = await manage('seed', '--data', data);
    expect([first.code, first.err]).toEqual([0, '']);
    expect(first.out).toMatch(/27 real runs of digits-mlp: 27 runs, 15,696 points, 12 artifacts written\./);
    expect(first.out).toContain(`The data is in ${data}. Start with "npx tsx manage.ts run --data '${data}'"`);
    const again = await manage('seed', '--data', data);
    expect(again.out).toMatch(/27 real runs of digits-mlp: here already/);
    expect(await rowsOf(data, 'select count(*) as n from runs')).toEqual([{ n: 39 }]);
  });

  it('makes a synthetic experiment', async () => {
    const data = join(await emptyFolder(), 'my data');
    const { code, out } = await manage('seed', '--scale', '3x2x10', '--data', data);
    expect(code).toBe(0);
    expect(out).toMatch(/^synthetic 3x2x10: 3 runs and 60 points written in /);
    expect(await rowsOf(data, 'select name, next_number from experiments')).toEqual([
      { name: 'synthetic 3x2x10', next_number: 4 },
    ]);
  });

  it('gives its runs as many params as asked for', async () => {
    const data = join(await emptyFolder(), 'my data');
    expect((await manage('seed', '--scale', '3x2x1', '--params', '7', '--data', data)).code).toBe(0);
    const counts = await rowsOf(data, 'select count(*) as n from params group by run_id');
    expect(counts).toEqual([{ n: 7 }, { n: 7 }, { n: 7 }]);
  });

  it.each(['3', 'x', '-1', '99999'])('refuses --params %s', async (text) => {
    const { code, err } = await manage('seed', '--scale', '3x2x1', '--params', text, '--data', await emptyFolder());
    expect([code, err]).toEqual([expect.any(Number), expect.stringContaining('--params')]);
    expect(code).not.toBe(0);
  });
});
