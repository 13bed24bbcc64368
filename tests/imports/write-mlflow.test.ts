// tests/imports/write-mlflow.test.ts
// Purpose: MLflow stores with everything odd in them (trash, children, ±Infinity) become rows; once only, overwriting nothing.
// Why: people import again while they still log to the old place, and work on what came in.
// Relevant files: imports/write.ts, imports/write-run.ts, imports/target.ts, tests/imports/write-support.ts

import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { patchExperiment, restoreExperiment, trashExperiment } from '../../experiments/changes.ts';
import { ExperimentStatus } from '../../experiments/models.ts';
import { contentsAt, saveArtifact } from '../../runs/artifacts/artifact-store.ts';
import { patchRun, trashRuns } from '../../runs/changes.ts';
import { RunStatus } from '../../runs/models.ts';
import { scanPoints } from '../../runs/points.ts';
import { findMetric } from '../../runs/metric-queries.ts';
import { findRun } from '../../runs/queries.ts';
import { madeSource, listOf } from '../../imports/seed-source.ts';
import { SourceError, type Source, type SourcePoint, type SourceRun } from '../../imports/records.ts';
import { importSource, planImport, writeSource } from '../../imports/write.ts';
import { UserError } from '../../shared/errors.ts';
import { setTagsOfRuns } from '../../tags/run-tag-changes.ts';
import { tagsOfRuns } from '../../tags/queries.ts';
import { copyOfFixtures, DIGITS_ID, FIXTURES } from './read-support.ts';
import { everyRow, freshPlace, type Place } from './write-support.ts';

const FILES = join(FIXTURES, 'mlruns');
const SQLITE = join(FIXTURES, 'small.db');
const SWEEP = '1b06c5cb5eaf43039643976a41c0ccdb';
const TRASHED = '025b4ac1991b4a83a2514c4b67480e21';
const SGD = '2968031f00b04f75aab423256a4f8919';
const OF_TRASHED = '4391828bfcf9427aa095137e3b743a0a';
const INTERRUPTED = 'df4d5c9f342d49a6ae45d224274e6df6';

async function valuesOf({ store }: Place, run: string, key: string): Promise<[number, number][]> {
  const metric = await findMetric(store.read, run, key);
  const { points } = await scanPoints(store.read, metric ?? { run_seq: 0, no: 0 }, 1000);
  return points.map(({ step, value }) => [step, value]);
}

describe('an imported file store', () => {
  it('has its experiment with description, tags and times', async () => {
    const place = await freshPlace();
    await place.importFrom(FILES);
    const [digits] = await place.rows("select * from experiments where name = 'digits-mlp'");
    expect(digits).toMatchObject({
      description: 'Cut from the digits runs.\nSix runs are kept.',
      status: ExperimentStatus.Active,
      created_at: 1795424428951,
      trashed_at: null,
      next_number: 6,
    });
    const tags = await place.rows('select t.key, h.value from experiment_tags h join tags t on t.id = h.tag_id');
    expect(tags).toEqual([{ key: 'team', value: 'vision' }]);
    const [latest] = await place.rows<{ at: number }>('select max(heard_at) as at from runs where experiment_id = 1');
    expect(digits?.['last_activity_at']).toBe(latest?.at);
    expect(latest?.at).toBeLessThan(1795425000000);
  });

  it('has deleted runs and experiments in the trash, where a restore finds them', async () => {
    const place = await freshPlace();
    await place.importFrom(FILES);
    expect(await findRun(place.store.read, TRASHED)).toMatchObject({ trashed_at: 1795424500000, parent_id: SWEEP });
    const [gone] = await place.rows<{ id: number }>("select * from experiments where name = '1e3'");
    expect(gone).toMatchObject({ trashed_at: 1795424428951 });
    await place.store.write((tx) => restoreExperiment(tx, gone?.id ?? 0, Date.now()));
    expect(await findRun(place.store.read, OF_TRASHED)).toMatchObject({ experiment_id: gone?.id, trashed_at: null });
  });

  it('has children under their parent, numbers in order of start, and odd values exactly', async () => {
    const place = await freshPlace();
    const { skipped, counts } = await place.importFrom(FILES);
    expect(await place.rows('select number, name from runs where experiment_id = 1 order by number')).toEqual([
      { number: 1, name: 'sweep' },
      { number: 2, name: '007' },
      { number: 3, name: 'sgd-lr0.1-w64-s0' },
      { number: 4, name: 'diverged' },
      { number: 5, name: 'interrupted' },
    ]);
    expect(await valuesOf(place, SGD, 'test/läuft/精度 top-5')).toEqual(
      expect.arrayContaining([
        [-3, -0],
        [0, 0.1],
        [Number.MAX_SAFE_INTEGER, -Infinity],
      ]),
    );
    expect(await valuesOf(place, INTERRUPTED, 'train/loss')).toEqual([[0, Infinity]]);
    expect(counts.points).toEqual({ written: 101, known: 0, left: 2 });
    expect(skipped.map(({ what }) => what)).toEqual([`a point of metric "too far" of run ${SGD} (2 times)`]);
  });

  it('meets a live experiment of the same name as a deleted one without mixing the two', async () => {
    const place = await freshPlace();
    const folder = await copyOfFixtures();
    const meta = join(folder, 'mlruns', '.trash', '900000000000000001', 'meta.yaml');
    await writeFile(meta, (await readFile(meta, 'utf8')).replace(/name: .*/, 'name: digits-mlp'));
    await place.importFrom(join(folder, 'mlruns'));
    const runs = await place.rows(
      'select case when e.trashed_at is null then 1 else 0 end as live, count(*) as n from runs r join experiments e on e.id = r.experiment_id group by 1 order by 1',
    );
    expect(runs).toEqual([
      { live: 0, n: 1 },
      { live: 1, n: 5 },
    ]);
  });
});

describe('an imported SQLite store', () => {
  it('has ±Infinity and NaN back, and says so', async () => {
    const place = await freshPlace();
    const { notes, counts } = await place.importFrom(SQLITE);
    expect(notes).toContain(
      "2 values of ±1.7976931348623157e308 read as ±Infinity: MLflow's SQL store cannot keep Infinity.",
    );
    expect(counts.runs).toEqual({ written: 5, known: 0, left: 0 });
    const [run] = await place.rows<{ id: string }>("select id from runs where name = 'interrupted'");
    expect(await valuesOf(place, run?.id ?? '', 'train/loss')).toEqual([
      [0, Infinity],
      [1, -Infinity],
    ]);
    const [nans] = await place.rows<{ n: number }>(
      "select sum(nonfinite_count) as n from metrics where key = 'train/loss'",
    );
    expect(nans?.n).toBe(10);
  });
});

describe('an import that is run again', () => {
  it.each([FILES, SQLITE])('changes no row (%s)', async (path) => {
    const place = await freshPlace();
    const first = await place.importFrom(path);
    const before = await everyRow(place.settings.data);
    const again = await place.importFrom(path);
    expect(await everyRow(place.settings.data)).toEqual(before);
    expect(before['points']?.length).toBeGreaterThan(50);
    for (const kind of ['runs', 'params', 'points', 'artifacts', 'tags', 'experiments'] as const) {
      expect(again.counts[kind], kind).toEqual({
        ...first.counts[kind],
        written: 0,
        known: first.counts[kind].written,
      });
    }
  });

  it('brings what was logged since, and the end of a run that was open', async () => {
    const folder = await copyOfFixtures();
    const run = join(folder, 'mlruns', DIGITS_ID, INTERRUPTED);
    const ended = await readFile(join(run, 'meta.yaml'), 'utf8');
    await writeFile(
      join(run, 'meta.yaml'),
      ended.replace(/end_time: \d+/, 'end_time: null').replace(/status: 5/, 'status: 1'),
    );
    const place = await freshPlace();
    await place.importFrom(join(folder, 'mlruns'));
    const open = await findRun(place.store.read, INTERRUPTED);
    expect(open).toMatchObject({ status: RunStatus.Running, end_time: null });
    expect(open?.heard_at).toBeLessThan(1795425000000);

    await writeFile(join(run, 'meta.yaml'), ended);
    await appendFile(join(run, 'metrics', 'train', 'loss'), '1795424446400 0.5 1\n');
    await writeFile(join(run, 'tags', 'verdict'), 'stopped');
    const { counts, notes } = await place.importFrom(join(folder, 'mlruns'));
    expect([counts.points.written, counts.runs.written, counts.tags.written]).toEqual([1, 0, 1]);
    expect(notes).toContain('1 run was here already and went on.');
    expect(await findRun(place.store.read, INTERRUPTED)).toMatchObject({ status: RunStatus.Killed });
    expect((await findRun(place.store.read, INTERRUPTED))?.end_time).toBe(Number(/end_time: (\d+)/.exec(ended)?.[1]));
    expect(await valuesOf(place, INTERRUPTED, 'train/loss')).toEqual([
      [0, Infinity],
      [1, 0.5],
    ]);
  });

  it('overwrites nothing that people changed here', async () => {
    const place = await freshPlace();
    await place.importFrom(FILES);
    const now = Date.now();
    await place.store.write(async (tx) => {
      await patchRun(tx, SGD, { name: 'the good one', notes: 'ours' }, now);
      await setTagsOfRuns(tx, [SGD], { 'owner name': 'Ann' });
      await patchExperiment(tx, 1, { name: 'digits', description: 'ours', status: ExperimentStatus.Archived }, now);
      await trashRuns(tx, [INTERRUPTED], true, now);
    });
    const before = await everyRow(place.settings.data);
    const { notes } = await place.importFrom(FILES);
    expect(await everyRow(place.settings.data)).toEqual(before);
    expect(notes).toContain('2 runs are in the trash here and stay there.');
    expect((await tagsOfRuns(place.store.read, [SGD])).get(SGD)).toContainEqual(
      expect.objectContaining({ key: 'owner name', value: 'Ann' }),
    );
  });

  it('leaves an artifact that has other contents here, and says so', async () => {
    const place = await freshPlace();
    await place.importFrom(FILES);
    const saved = await saveArtifact(place.store, contentsAt(place.settings.artifacts), Buffer.from('{}'));
    await place.store.write((tx) =>
      tx.execute("update artifacts set sha256 = ?, size = ? where path = 'summary.json'", [saved.sha256, saved.size]),
    );
    const { counts, skipped } = await place.importFrom(FILES);
    expect(counts.artifacts).toEqual({ written: 0, known: 3, left: 1 });
    expect(skipped).toContainEqual({
      what: `artifact "summary.json" of run ${SGD}`,
      why: 'it has other contents here',
    });
  });

  it('leaves a trashed experiment in the trash, and its name to others', async () => {
    const place = await freshPlace();
    await place.importFrom(FILES);
    await place.store.write((tx) => trashExperiment(tx, 1, Date.now()));
    const before = await everyRow(place.settings.data);
    await place.importFrom(FILES);
    expect(await everyRow(place.settings.data)).toEqual(before);
  });

  it('says which param is another here', async () => {
    const place = await freshPlace();
    const folder = await copyOfFixtures();
    await place.importFrom(join(folder, 'mlruns'));
    await writeFile(join(folder, 'mlruns', DIGITS_ID, SGD, 'params', 'lr'), '0.2');
    const { counts, skipped } = await place.importFrom(join(folder, 'mlruns'));
    expect(counts.params).toMatchObject({ written: 0, left: 1 });
    expect(skipped).toContainEqual({
      what: `param "lr" of run ${SGD}`,
      why: 'is already "0.1"; a param is written once',
    });
  });
});

describe('an import into one experiment', () => {
  it('takes all runs, deleted ones into the trash, and makes the experiment once', async () => {
    const place = await freshPlace();
    const options = { experiment: 'all in one' };
    const { counts, notes } = await place.importFrom(FILES, options);
    expect(counts.runs.written).toBe(6);
    expect(notes.join()).toMatch(/2 experiments of the source went into one/);
    expect(await place.rows('select name from experiments')).toEqual([{ name: 'all in one' }]);
    const trashed = await place.rows<{ id: string }>('select id from runs where trashed_at is not null');
    expect(trashed.map(({ id }) => id).toSorted()).toEqual([TRASHED, OF_TRASHED]);
    const before = await everyRow(place.settings.data);
    await place.importFrom(FILES, options);
    await place.importFrom(FILES);
    expect(await everyRow(place.settings.data)).toEqual(before);
  });

  it('refuses an archived one before anything is written', async () => {
    const place = await freshPlace();
    await place.importFrom(SQLITE, { experiment: 'old' });
    await place.store.write((tx) => patchExperiment(tx, 1, { status: ExperimentStatus.Archived }, Date.now()));
    const before = await everyRow(place.settings.data);
    const importing = place.importFrom(FILES, { experiment: 'old' });
    await expect(importing).rejects.toThrow(/"old" is archived and takes no new runs/);
    await expect(importing).rejects.toBeInstanceOf(UserError);
    expect(await everyRow(place.settings.data)).toEqual(before);
  });
});

describe('what is beyond our limits', () => {
  it('is left out or cut with its reason, and the rest comes in', async () => {
    const folder = await copyOfFixtures();
    const file = join(folder, 'small.db');
    const db = new Database(file);
    const [run] = db.prepare("select run_uuid from runs where name = 'diverged'").all() as { run_uuid: string }[];
    const id = run?.run_uuid ?? '';
    db.prepare('insert into params (run_uuid, key, value) values (?, ?, ?)').run(id, 'k'.repeat(501), '1');
    db.prepare('insert into tags (run_uuid, key, value) values (?, ?, ?)').run(id, 'long', 'v'.repeat(10_001));
    db.prepare('update runs set name = ? where run_uuid = ?').run(`two\nlines ${'x'.repeat(600)}`, id);
    db.close();
    const place = await freshPlace();
    const { counts, skipped, notes } = await place.importFrom(file);
    expect([counts.params.left, counts.tags.left]).toEqual([1, 1]);
    expect(skipped.map(({ why }) => why)).toEqual(
      expect.arrayContaining([
        'its key must have at most 500 characters',
        'its value must have at most 10,000 characters',
      ]),
    );
    expect(notes).toContain('1 name made to fit: one line, at most 500 characters.');
    const kept = await findRun(place.store.read, id);
    expect(kept?.name).toBe(`two lines ${'x'.repeat(490)}`);
  });
});

describe('a run of many points', () => {
  it('stays open until it is all here: after a stop in the middle the next import completes it', async () => {
    const { store, settings, rows } = await freshPlace();
    const whole = manyPoints(120_000);
    const plan = await planImport(whole);
    const stopped = writeSource(store, settings.artifacts, await manyPoints(120_000, 70_000)(), plan);
    await expect(stopped).rejects.toThrow('gone');
    expect(await rows('select status, end_time from runs')).toEqual([{ status: RunStatus.Running, end_time: null }]);
    expect(await rows('select count(*) as n from points')).toEqual([{ n: 50_000 }]);

    const { counts, notes } = await importSource(store, settings.artifacts, whole);
    expect(await rows('select status, end_time from runs')).toEqual([
      { status: RunStatus.Finished, end_time: 200_000 },
    ]);
    expect(await rows('select count(*) as n, sum(value) as sum from points')).toEqual([
      { n: 120_000, sum: 59_999.5 * 120_000 },
    ]);
    expect(counts.points).toEqual({ written: 70_000, known: 50_000, left: 0 });
    expect(notes).toEqual(['1 run was here already and went on.']);
  });
});

/** A source of one run whose points are 0, 1, 2 …; `goneAt`: the file it would read is gone from there on. */
function manyPoints(count: number, goneAt = Infinity): () => Promise<Source> {
  async function* points(): AsyncGenerator<SourcePoint[]> {
    for (let from = 0; from < count; from += 1000) {
      if (from >= goneAt) throw new SourceError('gone', 'loss');
      const step = (_: unknown, i: number): SourcePoint => ({
        key: 'loss',
        value: from + i,
        step: from + i,
        timestamp: 7,
      });
      yield await Promise.resolve(Array.from({ length: 1000 }, step));
    }
  }
  const facts = { name: 'long', parent_id: null, notes: '', trashed_at: null, params: {}, tags: {} };
  const times = { start_time: 100_000, end_time: 200_000, status: RunStatus.Finished };
  const run: SourceRun = { ...facts, ...times, id: 'a'.repeat(32), points, artifacts: () => listOf([]) };
  const experiment = {
    name: 'long',
    description: '',
    created_at: 1,
    trashed_at: null,
    tags: {},
    runs: () => listOf([run]),
  };
  return () => Promise.resolve(madeSource('test', [experiment], 1));
}
