// tests/runs/list-command.test.ts
// Purpose: `manage.ts runs --where`: what it lists as lines and as JSON, in which order, and how a mistake is told.
// Why: scripts read its output, and a filter means the same there as on a page.
// Relevant files: runs/list-command.ts, runs/list-command-views.ts, exports/command.ts, manage.ts

import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import { exportCommand } from '../../exports/command.ts';
import { runsCommand, type RunsFlags } from '../../runs/list-command.ts';
import type { RunDetail } from '../../runs/schemas.ts';
import { exitCodeOf, messageOf } from '../../shared/cli-errors.ts';
import type { Settings } from '../../shared/config.ts';
import { settingsOf } from '../support/database.ts';
import { useTracker } from '../support/use.ts';
import { addRun } from './page-support.ts';

const tracker = useTracker();
let settings: Settings;
const ids: string[] = [];

beforeAll(async () => {
  settings = await settingsOf(tracker.folder);
  for (const [name, lr, accuracy] of [['one\u001b[2J', '0.1', 0.5], ['two', '0.01', 0.9], ['three', '1', 0.7]] as const)
    ids.push((await addRun(tracker, { experiment: 'digits', name, params: { lr }, metrics: { 'val/accuracy': [0.1, accuracy] } })).id); // prettier-ignore
  ids.push((await addRun(tracker, { experiment: 'other', name: 'four', metrics: { 'val/accuracy': ['NaN'] } })).id);
}); // prettier-ignore
afterEach(() => vi.restoreAllMocks());

async function listed(flags: RunsFlags): Promise<{ out: string; err: string }> {
  const out = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  const err = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  await runsCommand(settings, flags);
  const lines = { out: out.mock.calls.flat().join('\n'), err: err.mock.calls.flat().join('\n') };
  vi.restoreAllMocks();
  return lines;
}

const fields = (line = ''): string[] => line.split(/ {2,}/);

it('lists what a filter finds in its order, with a column for what it names', async () => {
  const where = 'metrics.val/accuracy > 0.4 order by metrics.val/accuracy desc, params.lr';
  const { out, err } = await listed({ where });
  const [head, ...rows] = out.split('\n').map(fields);
  expect(head).toEqual(['name', 'experiment', 'state', 'started', 'took', 'val/accuracy', 'lr', 'id']);
  expect(rows.map((row) => [row[0], row[5], row[6], row[7]])).toEqual([
    ['two', '0.9000', '0.01', ids[1]],
    ['three', '0.7000', '1', ids[2]],
    ['one [2J', '0.5000', '0.1', ids[0]],
  ]);
  expect(err).toBe('3 runs');
  expect((await listed({ where, limit: '1', experiment: 'digits' })).err).toBe('1 of 3 runs; --limit shows more.');
  expect((await listed({ experiment: '2' })).out).toContain(ids[3]);
});

it('as JSON says all of each run, as the API does', async () => {
  const { out } = await listed({ where: 'experiment = other', json: true });
  const { body } = await tracker.api<RunDetail>('GET', `/api/runs/${ids[3]}`);
  expect(JSON.parse(out)).toEqual({ total: 1, items: [body] });
});

it('shows the columns asked for, metrics by the value that counts', async () => {
  const rule = { value: 'min' };
  const path = '/api/experiments/1/metric-rules?key=val/accuracy';
  expect((await tracker.api('PUT', path, rule)).status).toBe(200);
  const { out } = await listed({ experiment: 'digits', where: 'name = two', column: ['params.lr', 'metrics.val/accuracy'] }); // prettier-ignore
  expect(out.split('\n').map(fields).map((row) => row.slice(5, 7))).toEqual([['val/accuracy', 'lr'], ['0.1000', '0.01']]); // prettier-ignore
  expect((await tracker.api('PUT', path, {})).status).toBe(200);
});

it('tells of keys that no run has', async () => {
  const { err } = await listed({ where: 'metrics.val/acuracy > 1 or params.zzz = 1' });
  expect(err.split('\n')).toEqual(['0 runs', 'No run has a metric named val/acuracy. Did you mean val/accuracy?', 'No run has a param named zzz.']); // prettier-ignore
});

it.each([
  [{ where: 'lr < 1 and acuracy > 0.9' }, 1, /^The filter cannot be read: there is no field "lr"; did you mean params\.lr\? \(at character 1\)\nlr < 1 and acuracy > 0\.9\n\^\^$/],
  [{ where: 'order by acuracy' }, 1, /did you mean metrics\.val\/accuracy\?.*\norder by acuracy\n {9}\^{7}$/],
  [{ experiment: 'none' }, 1, /^There is no experiment "none"\.$/],
  [{ limit: '0' }, 2, /^--limit must be/],
  [{ column: ['lr'] }, 2, /^--column must be params\.KEY or metrics\.KEY\.$/],
])('%o is refused with its place', async (flags, code, says) => {
  const error: unknown = await runsCommand(settings, flags).catch((reason: unknown) => reason);
  expect([exitCodeOf(error), messageOf(error)]).toEqual([code, expect.stringMatching(says)]);
}); // prettier-ignore

it('export takes --where, also for points', async () => {
  const written: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((part: unknown, encoding?: unknown, done?: unknown) => {
    written.push(Buffer.from(part as Uint8Array).toString());
    const after = typeof encoding === 'function' ? encoding : done;
    if (typeof after === 'function') (after as () => void)();
    return true;
  });
  await exportCommand(settings, 'experiments/1/points.csv?key=val/accuracy', undefined, 'params.lr < 1 and name = two');
  vi.restoreAllMocks();
  expect(written.join('').trim().split('\n').slice(1).map((line) => line.split(',')[1])).toEqual(['two', 'two']); // prettier-ignore
  await expect(exportCommand(settings, 'experiments/1/points.csv', undefined, 'lr < 1')).rejects.toThrow('did you mean params.lr?'); // prettier-ignore
});
