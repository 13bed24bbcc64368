// tests/runs/table-states.test.ts
// Purpose: the table's other views: runs that fell silent, the trash, an experiment without runs or with trashed ones only.
// Why: each empty view says what there is to do next; a silent run is not counted as running.
// Relevant files: runs/table/experiment-views.ts, runs/table/experiment-page.ts, runs/templates/experiment.html, runs/status.ts

import { eq } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { runs, RunStatus } from '../../runs/models.ts';
import { STALLED_AFTER_MS } from '../../runs/status.ts';
import { useTracker } from '../support/use.ts';
import {
  addRun,
  columnOf,
  hrefOf,
  idOf,
  linksOf,
  openPage,
  readPage,
  tableOf,
  tablesOf,
  textOf,
} from './page-support.ts';

const tracker = useTracker();

const namesOf = (html: string): string[] => columnOf(tableOf(html), 'run').map(({ text }) => text);

it('a run that is not heard of for a quarter of an hour is stalled until it speaks again', async () => {
  const experiment = 'silent';
  const { experiment_id } = await addRun(tracker, { experiment, id: 'a1', name: 'silent' });
  await addRun(tracker, { experiment, id: 'a2', name: 'talks' });
  await addRun(tracker, { experiment, id: 'a3', name: 'done', status: RunStatus.Finished });
  const early = Date.now() - STALLED_AFTER_MS;
  const heard = { a1: early - 60_000, a2: early + 60_000, a3: early - 60_000 };
  for (const [id, heard_at] of Object.entries(heard))
    await tracker.app.store.write(async (tx) => {
      await tx
        .update(runs)
        .set({ heard_at })
        .where(eq(runs.id, idOf(id)));
    });
  const states = async (): Promise<[string, Record<string, string>]> => {
    const html = await openPage(tracker, `/experiments/${experiment_id}?order=name`);
    const words = columnOf(tableOf(html), 'state').map(({ text }) => text);
    const named = namesWithArrow(html).map((name, place) => [name, words[place]]);
    return [/<span>state<\/span><b>([^<]*)/.exec(html)?.[1] ?? '', Object.fromEntries(named) as Record<string, string>];
  };
  expect(await states()).toEqual([
    '1 running · 1 stalled · 1 finished',
    { done: 'finished', silent: 'stalled', talks: 'running' },
  ]);
  const { body } = await tracker.api<{ run_counts: object }>('GET', `/api/experiments/${experiment_id}`);
  expect(body.run_counts, 'stalled is derived, never stored').toEqual({ running: 2, finished: 1 });
  expect(namesOf(await readPage(tracker, `/experiments/${experiment_id}?status=running`)).sort()).toEqual([
    'silent',
    'talks',
  ]);
  await tracker.api('POST', `/api/runs/${idOf('a1')}/log`, { metrics: [{ key: 'loss', value: 1 }] });
  expect(await states()).toEqual(['2 running · 1 finished', { done: 'finished', silent: 'running', talks: 'running' }]);
});

function namesWithArrow(html: string): string[] {
  return columnOf(tableOf(html), 'run ▴').map(({ text }) => text);
}

it('the trash is a view of its own: its runs, a way back for the ticked ones, and no comparing', async () => {
  const experiment = 'thrown away';
  const { experiment_id } = await addRun(tracker, { experiment, id: 'b1', name: 'kept', params: { lr: 1 } });
  const path = `/experiments/${experiment_id}`;
  await addRun(tracker, { experiment, id: 'b2', name: 'gone', params: { lr: 2 }, metrics: { acc: [0.9] } });
  expect(linksOf(await readPage(tracker, path)).map(({ href }) => href)).not.toContain(`${path}?status=trash`);
  expect(textOf(await openPage(tracker, `${path}?status=trash`))).toContain('No run in the trashShow all runs');
  await tracker.api('DELETE', `/api/runs/${idOf('b2')}`);
  const html = await openPage(tracker, path);
  expect(namesOf(html)).toEqual(['kept']);
  expect(textOf(html)).toMatch(/runs1.*in the trash1/);
  const trash = await openPage(tracker, hrefOf(html, 'trash (1)'));
  expect(namesOf(trash)).toEqual(['gone']);
  expect(textOf(trash)).toContain('Restore ticked');
  expect(textOf(trash)).not.toContain('Compare ticked');
  expect(trash).not.toContain('<figure');
  expect(linksOf(trash).filter(({ attributes }) => attributes.has('aria-current')).map(({ text }) => text)).toContain('trash (1)'); // prettier-ignore
  expect(namesOf(await readPage(tracker, `${path}?status=trash&q=gone`))).toEqual(['gone']);
  expect(tablesOf(await readPage(tracker, `${path}?status=trash&q=kept`))).toEqual([]);
  const back = await tracker.form('/runs/restore', { run: idOf('b2'), back: path });
  expect([back.status, back.headers.get('location')]).toEqual([303, path]);
  expect(namesOf(await readPage(tracker, path)).sort()).toEqual(['gone', 'kept']);
});

it('an experiment of which all runs are in the trash leads there', async () => {
  const { experiment_id, id } = await addRun(tracker, { experiment: 'all thrown away', name: 'gone' });
  await tracker.api('DELETE', `/api/runs/${id}`);
  const html = await openPage(tracker, `/experiments/${experiment_id}`);
  expect(textOf(html)).toContain('All runs are in the trash');
  expect(namesOf(await readPage(tracker, hrefOf(html, 'Show the trash')))).toEqual(['gone']);
});

it('an experiment without runs shows how to log one', async () => {
  const { body } = await tracker.api<{ id: number }>('POST', '/api/experiments', { name: 'say "é"' });
  const html = await openPage(tracker, `/experiments/${body.id}`);
  expect(textOf(html)).toContain('No runs yet');
  expect(textOf(html)).toContain('with tracker.start("say \\"é\\"", params={"lr": 0.01}) as run:');
  expect(html).toContain(`TRACKER_URL=${tracker.url} python train.py`);
  expect(html).toContain(`curl -X POST ${tracker.url}/api/runs `);
  expect(tablesOf(html)).toEqual([]);
});

it('the metric of the chart is chosen in the filter form, and the choice is in the URL', async () => {
  const { experiment_id, id } = await addRun(tracker, { experiment: 'two metrics', name: 'both' });
  const metrics = ['val/accuracy', 'val/loss'].map((key) => ({ key, value: 0.5, step: 1 }));
  await tracker.api('POST', `/api/runs/${id}/log`, { metrics });
  const chosen = (html: string): string | undefined => /<option value="([^"]*)" selected>/.exec(html)?.[1];
  const html = await openPage(tracker, `/experiments/${experiment_id}`);
  expect(html).toMatch(/<select name="metric"[^>]*>.*val\/accuracy.*val\/loss.*<\/select>/);
  expect(chosen(html)).toBe('val/accuracy');
  expect(chosen(await readPage(tracker, `/experiments/${experiment_id}?metric=val/loss`))).toBe('val/loss');
});
