// tests/imports/import-command.test.ts
// Purpose: `manage.ts import` as people call it: beside a server that is being written to, with its summary and exit codes.
// Why: nobody should have to stop a tracker to bring runs in.
// Relevant files: imports/command.ts, imports/summary.ts, manage.ts

import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { UsageError } from '../../shared/errors.ts';
import { importCommand } from '../../imports/command.ts';
import { startTracker, type Tracker } from '../support/tracker.ts';
import { emptyFolder, FIXTURES } from './read-support.ts';
import { rowsOf, settingsOf } from '../support/database.ts';
import { manage } from './write-support.ts';

let tracker: Tracker | undefined;
afterEach(async () => {
  await tracker?.stop();
  tracker = undefined;
});

describe('manage.ts import', () => {
  it('reads a path with a space and prints a table that accounts for everything', async () => {
    const folder = join(await emptyFolder(), 'my runs');
    await cp(FIXTURES, folder, { recursive: true });
    const { code, out, err } = await manage('import', join(folder, 'mlruns'), '--data', join(folder, 'my data'));
    expect([code, err]).toEqual([0, '']);
    const lines = out.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^Imported the MLflow file store .*my runs\/mlruns in [\d.]+ s\.$/);
    expect(lines.slice(2, 9)).toEqual([
      '             read  written  already here  left out',
      'experiments     2        2             0         0',
      'runs            6        6             0         0',
      'params         32       32             0         0',
      'tags           28       28             0         0',
      'points        103      101             0         2',
      'artifacts       4        4             0         0',
    ]);
    expect(out).toContain('\nNotes:\n- The experiment "Default" has no runs: left out.\n');
    expect(out).toMatch(
      /\nLeft out:\n- a point of metric "too far" of run \w+ \(2 times\): a step or timestamp beyond/,
    );
    expect(await rowsOf(join(folder, 'my data'), 'select count(*) as n from runs')).toEqual([{ n: 6 }]);
  });

  it('works while a server is logged to: neither loses anything', async () => {
    const { api, folder } = (tracker = await startTracker());
    const { body: run } = await api<{ id: string }>('POST', '/api/runs', { experiment: 'meanwhile' });
    let [done, sent] = [false, 0];
    const importing = manage('import', join(FIXTURES, 'mlruns'), '--data', folder).finally(() => (done = true));
    while (!done) {
      const answer = await api('POST', `/api/runs/${run.id}/log`, { metrics: [{ key: 'loss', value: 1, step: sent }] });
      expect(answer).toMatchObject({ status: 200, body: { accepted: 1 } });
      sent += 1;
    }
    expect((await importing).code).toBe(0);
    const points = await api<{ total: number }>('GET', `/api/runs/${run.id}/points?key=loss`);
    expect(points.body.total).toBe(sent);
    expect(sent).toBeGreaterThan(5);
    expect((await api<{ total: number }>('GET', '/api/runs')).body.total).toBe(5);
    expect((await api<{ total: number }>('GET', '/api/experiments')).body.total).toBe(2);
  });

  it('puts all runs into --experiment', async () => {
    const { api, folder } = (tracker = await startTracker());
    await api('POST', '/api/experiments', { name: 'digits, both', description: 'ours' });
    const path = join(FIXTURES, 'small.db');
    expect((await manage('import', path, '--data', folder, '--experiment', 'digits, both')).code).toBe(0);
    const { body } = await api<{ items: object[] }>('GET', '/api/experiments');
    expect(body.items).toMatchObject([{ name: 'digits, both', description: 'ours', run_counts: { finished: 2 } }]);
  });

  it.each(['', '  ', 'x'.repeat(501), 'two\nlines'])('refuses the experiment name %j as wrong use', async (name) => {
    const settings = await settingsOf(join(await emptyFolder(), 'data'));
    await expect(importCommand(settings, join(FIXTURES, 'small.db'), name)).rejects.toBeInstanceOf(UsageError);
  });
});
