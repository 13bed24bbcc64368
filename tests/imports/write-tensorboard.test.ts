// tests/imports/write-tensorboard.test.ts
// Purpose: event files become rows: all that was read, once only, also while the run goes on; and the command says so.
// Why: people bring the same folder in every night.
// Relevant files: imports/tensorboard/tensorboard.ts, imports/write.ts, tests/imports/write-support.ts

import { cp, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RunStatus } from '../../runs/models.ts';
import { findMetric } from '../../runs/metric-queries.ts';
import { scanPoints } from '../../runs/points.ts';
import { AT, LOGS, scalar, version, writeEvents } from './event-support.ts';
import { DIGITS_PACK, emptyFolder } from './read-support.ts';
import { everyRow, freshPlace, manage, type Place } from './write-support.ts';

async function valuesOf({ store, rows }: Place, name: string, key: string): Promise<[number, number][]> {
  const [run] = await rows<{ id: string }>('select id from runs where name = ?', name);
  const metric = await findMetric(store.read, run?.id ?? '', key);
  const { points } = await scanPoints(store.read, metric ?? { run_seq: 0, no: 0 }, 1000);
  return points.map(({ step, value }) => [step, value]);
}

describe('an imported TensorBoard folder', () => {
  it('is an experiment with its runs, params, notes and points', async () => {
    const place = await freshPlace();
    const { counts, skipped } = await place.importFrom(LOGS);
    expect(counts).toEqual({
      experiments: { written: 1, known: 0, left: 0 },
      runs: { written: 8, known: 0, left: 0 },
      params: { written: 14, known: 0, left: 0 },
      tags: { written: 0, known: 0, left: 0 },
      points: { written: 269, known: 0, left: 4 },
      artifacts: { written: 0, known: 0, left: 0 },
    });
    expect(skipped).toEqual([]);
    expect(await place.rows('select name from experiments')).toEqual([{ name: 'logs' }]);
    const [whole] = await place.rows("select * from runs where name = 'x/whole'");
    expect(whole).toMatchObject({
      status: RunStatus.Finished,
      start_time: AT * 1000 + 250,
      notes: '### why\n\nto see whether **läuft**',
    });
    expect(await valuesOf(place, 'x/whole', 'odd')).toEqual([
      [0, Math.fround(0.1)],
      [0, 0.5],
      [1, NaN],
      [2, Infinity],
      [3, -Infinity],
      [4, -0],
      [5, 2 ** -149],
      [6, Math.fround(3.4e38)],
    ]);
  });

  it('has the curves of the same run from MLflow', async () => {
    const [board, mlflow] = [await freshPlace(), await freshPlace()];
    await board.importFrom(join(LOGS, 'torch'));
    await mlflow.importFrom(DIGITS_PACK);
    const expected = await valuesOf(mlflow, 'diverged', 'train/loss');
    expect(await valuesOf(board, 'diverged', 'train/loss')).toEqual(
      expected.map(([step, value]) => [step, Math.fround(value)]),
    );
    expect(expected).toHaveLength(100);
  });

  it('twice adds nothing twice, also from another place', async () => {
    const place = await freshPlace();
    await place.importFrom(LOGS);
    const before = await everyRow(place.settings.data);
    const moved = join(await emptyFolder(), 'logs');
    await cp(LOGS, moved, { recursive: true });
    for (const path of [LOGS, moved]) {
      const { counts } = await place.importFrom(path);
      expect([counts.runs, counts.params, counts.points]).toEqual([
        { written: 0, known: 8, left: 0 },
        { written: 0, known: 14, left: 0 },
        { written: 0, known: 269, left: 4 },
      ]);
    }
    expect(await everyRow(place.settings.data)).toEqual(before);
  });

  it('of a run that goes on gets what is new, whatever its file ended in before', async () => {
    const place = await freshPlace();
    const root = join(await emptyFolder(), 'live');
    const file = 'a/events.out.tfevents.1.vm';
    const steps = (count: number): Buffer[] => [...Array(count).keys()].map((step) => scalar('loss', step, step));
    await writeEvents(root, { [file]: [version(), ...steps(5)] });
    await truncate(join(root, file), Buffer.concat([version(), ...steps(5)]).length - 3);
    const first = await place.importFrom(root);
    expect(first.counts.points).toEqual({ written: 4, known: 0, left: 0 });
    expect(first.skipped).toMatchObject([{ why: expect.stringMatching(/still being written/) as string }]);
    await writeEvents(root, { [file]: [version(), ...steps(9)] });
    const second = await place.importFrom(root);
    expect(second.counts.points).toEqual({ written: 5, known: 4, left: 0 });
    expect(second.notes).toEqual(['1 run was here already and went on.']);
    expect((await valuesOf(place, 'a', 'loss')).map(([step]) => step)).toEqual([...Array(9).keys()]);
  });

  it('leaves out, and names, metrics that our rules refuse', async () => {
    const place = await freshPlace();
    const root = await emptyFolder();
    await writeEvents(root, {
      'a/events.out.tfevents.1.vm': [
        scalar('', 0, 1),
        scalar('__proto__', 0, 1),
        scalar('k'.repeat(501), 0, 1),
        scalar('train/läuft 精度', 0, 1),
      ],
    });
    const { counts, skipped } = await place.importFrom(root);
    expect(counts.points).toEqual({ written: 1, known: 0, left: 3 });
    expect(skipped.map(({ what }) => what)).toHaveLength(3);
    expect(await valuesOf(place, 'a', 'train/läuft 精度')).toEqual([[0, 1]]);
  });

  it('goes into --experiment, and the command accounts for everything', async () => {
    const data = join(await emptyFolder(), 'my data');
    const { code, out, err } = await manage('import', LOGS, '--data', data, '--experiment', 'boards');
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^Imported the TensorBoard folder .*fixtures\/tensorboard\/logs in /);
    expect(out).toContain('\npoints        273      269             0         4\n');
    expect(out).toContain('\n- 2 histograms not brought over: only scalars, texts and hparams are.\n');
  });
});
