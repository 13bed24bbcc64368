// tests/imports/read-mlflow-sqlite.test.ts
// Purpose: the SQLite store's reader gives its rows, with NaN and Infinity as they were meant.
// Why: MLflow's schema differs between versions, and its float columns cannot keep what was logged.
// Relevant files: imports/mlflow-sqlite.ts, imports/mlflow-tables.ts, tests/fixtures/mlflow/small.db

import { mkdir, rename, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { openSource } from '../../imports/detect.ts';
import { RunStatus } from '../../runs/models.ts';
import { copyOfFixtures, FIXTURES, readAll, runNamed, valuesOf } from './read-support.ts';

const STORE = join(FIXTURES, 'small.db');
const WITH_ARTIFACTS = 'fdb55bdb588f488485f71cedfc85b1ff';

/** Changes a copy of small.db and gives its path. */
async function changed(sql: string): Promise<string> {
  const file = join(await copyOfFixtures(), 'small.db');
  const db = new Database(file);
  db.exec(sql);
  db.close();
  return file;
}

describe('the SQLite store', () => {
  it('gives experiments and runs with states, parent, notes and trash time', async () => {
    const source = await openSource(STORE);
    expect(await source.count()).toEqual({ experiments: 1, runs: 5 });
    const experiments = await readAll(source);
    expect(experiments[0]).toMatchObject({ name: 'digits-mlp', created_at: 1795424438606, trashed_at: null });
    expect(experiments[0]).toMatchObject({ description: 'Cut from the digits runs.', tags: { team: 'vision' } });
    const sweep = runNamed(experiments, 'sweep');
    expect(sweep.notes).toBe('Grid over learning rate, width and optimizer; three seeds each.');
    expect(experiments[0]?.runs.map(({ name, status, trashed_at }) => [name, status, trashed_at])).toEqual([
      ['sweep', RunStatus.Finished, null],
      ['adam-lr0.01-w16-s1', RunStatus.Finished, 1795424500000],
      ['sgd-lr0.1-w16-s0', RunStatus.Finished, null],
      ['diverged', RunStatus.Failed, null],
      ['interrupted', RunStatus.Killed, null],
    ]);
    expect(runNamed(experiments, 'sgd-lr0.1-w16-s0')).toMatchObject({
      parent_id: sweep.id,
      params: {
        lr: '0.1',
        width: '16',
        optimizer: 'sgd',
        seed: '0',
        epochs: '15',
        batch_size: '64',
        dataset: 'digits',
      },
      tags: { model: 'mlp', dataset: 'digits', 'mlflow.user': 'root' },
    });
  });

  it('gives every point that the table has', async () => {
    const db = new Database(STORE, { readonly: true });
    const rows = db
      .prepare('SELECT run_uuid, key, step, timestamp, iif(is_nan, NULL, value) FROM metrics WHERE abs(value) < 1e308')
      .raw()
      .all();
    db.close();
    const [experiment] = await readAll(await openSource(STORE));
    const read = experiment?.runs.flatMap(({ id, points }) =>
      points.map(({ key, step, timestamp, value }) => [id, key, step, timestamp, Number.isNaN(value) ? null : value]),
    );
    const finite = read?.filter((row) => row[4] === null || Number.isFinite(row[4]));
    const kept = rows.filter((row) => !JSON.stringify(row).includes('too far'));
    expect(kept.length).toBeGreaterThan(80);
    expect(finite?.map((row) => JSON.stringify(row)).toSorted()).toEqual(
      kept.map((row) => JSON.stringify(row)).toSorted(),
    );
  });

  it('brings back NaN and ±Infinity, and says how many values it read so', async () => {
    const source = await openSource(STORE);
    const experiments = await readAll(source);
    const interrupted = runNamed(experiments, 'interrupted');
    expect(valuesOf(interrupted, 'train/loss').map(([step, , value]) => [step, value])).toEqual([
      [0, Infinity],
      [1, -Infinity],
    ]);
    expect(valuesOf(interrupted, 'läuft/精度 top-5')).toEqual([[-3, 1795424446300, 5e-324]]);
    const diverged = valuesOf(runNamed(experiments, 'diverged'), 'train/loss').map(([, , value]) => value);
    expect(diverged).toEqual([2.378959894180298, ...Array<number>(8).fill(NaN)]);
    expect(source.notes).toContain(
      "2 values of ±1.7976931348623157e308 read as ±Infinity: MLflow's SQL store cannot keep Infinity.",
    );
    expect(source.skipped).toEqual([
      {
        what: `a point of metric "too far" of run ${interrupted.id}`,
        why: 'a step or timestamp beyond ±(2^53 − 1) cannot be kept exactly',
      },
    ]);
  });

  it('finds artifacts beside the moved file, and says which runs have none', async () => {
    const source = await openSource(STORE);
    const experiments = await readAll(source);
    const artifacts = Object.keys(runNamed(experiments, 'sgd-lr0.1-w16-s0').artifacts);
    expect(artifacts).toEqual(['confusion.png', 'logs/epochs.txt', 'summary.json']);
    expect(source.notes.find((note) => note.includes('artifact'))).toMatch(/^4 runs have no artifact folder/);
  });

  it.each([
    ['a path', (folder: string) => join(folder, 'kept', WITH_ARTIFACTS, 'artifacts')],
    ['a file URI', (folder: string) => `file://${encodeURI(join(folder, 'kept', WITH_ARTIFACTS, 'artifacts'))}`],
    ['a relative path', () => `kept/${WITH_ARTIFACTS}/artifacts`],
    ['a server URI', () => `mlflow-artifacts:/1/${WITH_ARTIFACTS}/artifacts`],
  ])('finds artifacts by %s', async (_, uriIn) => {
    const folder = await copyOfFixtures();
    const uri = uriIn(folder);
    const to = uri.startsWith('mlflow-artifacts') ? join(folder, 'mlartifacts', '1') : join(folder, 'kept');
    await mkdir(join(to, '..'), { recursive: true });
    await rename(join(folder, 'artifacts'), to);
    const db = new Database(join(folder, 'small.db'));
    db.prepare('UPDATE runs SET artifact_uri = ? WHERE run_uuid = ?').run(uri, WITH_ARTIFACTS);
    db.close();
    const run = runNamed(await readAll(await openSource(join(folder, 'small.db'))), 'sgd-lr0.1-w16-s0');
    expect(Object.keys(run.artifacts)).toEqual(['confusion.png', 'logs/epochs.txt', 'summary.json']);
  });

  it('opens no folder that is not named like a run, and says what is out of reach', async () => {
    const file = await changed(`UPDATE runs SET artifact_uri = '/etc' WHERE name = 'diverged';
      UPDATE runs SET artifact_uri = 's3://bucket/x/artifacts' WHERE name IN ('sweep', 'interrupted')`);
    const source = await openSource(file);
    const experiments = await readAll(source);
    expect(runNamed(experiments, 'diverged').artifacts).toEqual({});
    const s3 = { what: 'artifacts kept at s3: (2 times)', why: 'only folders of this machine can be read' };
    expect(source.skipped).toContainEqual(s3);
  });

  it('does not follow a link in place of the run or its artifact folder', async () => {
    for (const link of [WITH_ARTIFACTS, join(WITH_ARTIFACTS, 'artifacts')]) {
      const folder = await copyOfFixtures();
      await rename(join(folder, 'artifacts', link), join(folder, 'elsewhere'));
      await symlink(join(folder, 'elsewhere'), join(folder, 'artifacts', link));
      const run = runNamed(await readAll(await openSource(join(folder, 'small.db'))), 'sgd-lr0.1-w16-s0');
      expect(run.artifacts).toEqual({});
    }
  });

  it('reads an older MLflow, without the columns and tables that came later', async () => {
    const file = await changed(`
      CREATE TABLE r AS SELECT run_uuid, name, status, start_time, end_time, lifecycle_stage, experiment_id FROM runs;
      CREATE TABLE m AS SELECT DISTINCT key, value, timestamp, run_uuid FROM metrics WHERE NOT is_nan AND step < 9;
      CREATE TABLE e AS SELECT experiment_id, name, lifecycle_stage FROM experiments;
      PRAGMA foreign_keys = OFF; DROP TABLE runs; DROP TABLE metrics; DROP TABLE experiments; DROP TABLE experiment_tags;
      DROP TABLE logged_models; DROP TABLE trace_info;
      ALTER TABLE r RENAME TO runs; ALTER TABLE m RENAME TO metrics; ALTER TABLE e RENAME TO experiments;`);
    const [experiment] = await readAll(await openSource(file));
    expect(experiment).toMatchObject({ name: 'digits-mlp', description: '', created_at: null, tags: {} });
    const run = runNamed(experiment ? [experiment] : [], 'adam-lr0.01-w16-s1');
    expect(run.trashed_at).toBe(run.end_time);
    expect(valuesOf(run, 'train/loss').map(([step]) => step)).toEqual(Array(9).fill(0));
  });

  it('does not write to the file', async () => {
    const folder = await copyOfFixtures();
    const before = await stat(join(folder, 'small.db'));
    await readAll(await openSource(join(folder, 'small.db')));
    const after = await stat(join(folder, 'small.db'));
    expect([after.mtimeMs, after.size]).toEqual([before.mtimeMs, before.size]);
    await expect(stat(join(folder, 'small.db-journal'))).rejects.toThrow('ENOENT');
  });

  it('names runs it cannot take, and what is not a run', async () => {
    const file = await changed(`PRAGMA foreign_keys = OFF;
      UPDATE runs SET run_uuid = 'not hex' WHERE name = 'sweep'; INSERT INTO runs (run_uuid, experiment_id, status) VALUES ('short', 1, 'RUNNING')`);
    const source = await openSource(file);
    expect(await source.count()).toEqual({ experiments: 1, runs: 4 });
    const experiments = await readAll(source);
    expect(experiments[0]?.runs).toHaveLength(4);
    expect(source.skipped).toContainEqual({ what: 'run "not hex"', why: 'its id is not 32 hex digits' });
  });

  it('names runs of an experiment that is not there, and does not count them', async () => {
    const [lost, blob] = [WITH_ARTIFACTS.replaceAll('f', '0'), 'a'.repeat(32)];
    const file = await changed(`PRAGMA foreign_keys = OFF;
      INSERT INTO runs (run_uuid, experiment_id, status) VALUES ('${lost}', 99, 'RUNNING');
      INSERT INTO runs (run_uuid, experiment_id, status) VALUES ('${lost.replaceAll('0', '1')}', NULL, 'RUNNING');
      INSERT INTO runs (run_uuid, experiment_id, status) VALUES (CAST('${blob}' AS BLOB), 1, 'RUNNING')`);
    const source = await openSource(file);
    expect(await source.count()).toEqual({ experiments: 1, runs: 5 });
    expect((await readAll(source))[0]?.runs).toHaveLength(5);
    expect(source.skipped).toContainEqual({ what: `run ${lost}`, why: 'its experiment (99) is not in the store' });
    const none = { what: `run ${lost.replaceAll('0', '1')}`, why: 'its experiment (none) is not in the store' };
    expect(source.skipped).toContainEqual(none);
    expect(source.skipped).toContainEqual({ what: `run "${blob}"`, why: 'its id is not 32 hex digits' });
  });
});
