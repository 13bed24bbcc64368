// tests/runs/bulk.test.ts
// Purpose: one thing done with many runs: by pages and API, named or by a filter; what is asked before, and that Undo gives back exactly what was changed.
// Why: a click that reaches ten thousand runs must say what it will do, and be taken back.
// Relevant files: runs/table/bulk-routes.ts, runs/table/bulk-api.ts, runs/table/bulk-kinds-changes.ts

import { expect, it } from 'vitest';
import { RunStatus } from '../../runs/models.ts';
import { recountAll } from '../../runs/recount-changes.ts';
import type { RunDetail } from '../../runs/schemas.ts';
import type { Answer } from '../support/tracker.ts';
import { useTracker } from '../support/use.ts';
import { addRun, textOf } from './page-support.ts';

const { Running, Scheduled, Finished, Failed, Killed } = RunStatus;

const tracker = useTracker();

interface Bulk {
  id: number | null;
  matched: number;
  changed: number;
  states: Record<string, number>;
}

const bulk = (body: unknown): Promise<Answer<Bulk>> => tracker.api<Bulk>('POST', '/api/runs/bulk', body);
const undo = (id: number | null): Promise<Answer<{ undone: number }>> =>
  tracker.api('POST', `/api/runs/bulk/${id}/undo`);
const read = async (id: string): Promise<RunDetail> => (await tracker.api<RunDetail>('GET', `/api/runs/${id}`)).body;

async function addRuns(experiment: string, count: number, body: Record<string, unknown> = {}): Promise<RunDetail[]> {
  const made: RunDetail[] = [];
  for (let i = 0; i < count; i++) made.push(await addRun(tracker, { experiment, name: `${experiment}-${i}`, ...body }));
  return made;
}

const without = ({ updated_at: _, ...rest }: RunDetail): Omit<RunDetail, 'updated_at'> => rest;

/** What the action changes, and that all is as it was after its Undo. */
async function thereAndBack(body: Record<string, unknown>, ids: string[], during: () => Promise<void>): Promise<void> {
  const before = await Promise.all(ids.map(read));
  const done = await bulk(body);
  expect(done.status, JSON.stringify(done.body)).toBe(200);
  await during();
  const undone = await undo(done.body.id);
  expect([undone.status, undone.body.undone]).toEqual([200, done.body.changed]);
  expect((await Promise.all(ids.map(read))).map(without)).toEqual(before.map(without));
  expect((await undo(done.body.id)).status).toBe(404);
}

it('Undo of tag takes it off only where it was hung, and gives back other values', async () => {
  const [a, b, c] = await addRuns('tags', 3) as [RunDetail, RunDetail, RunDetail];
  await tracker.api('PUT', `/api/runs/${b.id}/tags/model`, { value: 'mlp' });
  await tracker.api('PUT', `/api/runs/${c.id}/tags/model`, { value: 'cnn' });
  const ids = [a.id, b.id, c.id];
  await thereAndBack({ action: 'tag', ids, tags: { model: 'mlp' } }, ids, async () => {
    for (const id of ids) expect((await read(id)).tags).toEqual({ model: 'mlp' });
  });
  await thereAndBack({ action: 'untag', ids, tags: { model: 'mlp' } }, ids, async () => {
    expect((await read(b.id)).tags).toEqual({});
    expect((await read(c.id)).tags).toEqual({ model: 'cnn' });
  });
}); // prettier-ignore

it('what was changed since stays when an action is undone', async () => {
  const [a, b] = await addRuns('since', 2) as [RunDetail, RunDetail];
  const tagged = await bulk({ action: 'tag', ids: [a.id, b.id], tags: { k: 'v' } });
  await tracker.api('PUT', `/api/runs/${a.id}/tags/k`, { value: 'mine' });
  expect((await undo(tagged.body.id)).body.undone).toBe(1);
  expect([(await read(a.id)).tags, (await read(b.id)).tags]).toEqual([{ k: 'mine' }, {}]);
  const failed = await bulk({ action: 'state', ids: [a.id, b.id], status: Failed });
  await tracker.api('POST', `/api/runs/${a.id}/reopen`);
  expect((await undo(failed.body.id)).body.undone).toBe(1);
  expect([(await read(a.id)).status, (await read(b.id)).status]).toEqual([Running, Running]);
  const trashed = await bulk({ action: 'trash', ids: [a.id, b.id] });
  await tracker.api('POST', `/api/runs/${a.id}/purge`);
  expect((await undo(trashed.body.id)).body.undone).toBe(1);
  expect((await read(b.id)).trashed_at).toBeNull();
}); // prettier-ignore

it('sets the state of those left behind; Undo gives each its own back', async () => {
  const [running, scheduled, ended] = [
    await addRun(tracker, { experiment: 'left', metrics: { loss: [0.3, 0.2] } }),
    await addRun(tracker, { experiment: 'left', status: Scheduled }),
    await addRun(tracker, { experiment: 'left', status: Finished }),
  ];
  const ids = [running.id, scheduled.id, ended.id];
  const end = ended.end_time;
  await thereAndBack({ action: 'state', ids, status: Killed }, ids, async () => {
    expect(await Promise.all(ids.map(async (id) => (await read(id)).status))).toEqual([Killed, Killed, Finished]);
    expect((await read(running.id)).end_time).toBeGreaterThan(0);
    expect((await read(ended.id)).end_time).toBe(end);
  });
});

it('one that fell silent ends when it was last heard of', async () => {
  const run = await addRun(tracker, { experiment: 'silent', start_time: 1_000 });
  await tracker.app.store.write((tx) => tx.execute('update runs set heard_at = 5000 where id = ?', [run.id]));
  await thereAndBack({ action: 'state', ids: [run.id], status: Failed }, [run.id], async () => {
    expect(await read(run.id)).toMatchObject({ status: Failed, end_time: 5_000, heard_at: 5_000 });
  });
});

it('what is said before runs go to the trash is true of one run, too', async () => {
  const { id } = await addRun(tracker, { experiment: 'one alone', name: 'alone' });
  const { status, body } = await tracker.form('/runs/trash', { run: [id], back: '/runs' });
  expect(status).toBe(200);
  expect(textOf(body)).toContain('Move 1 run to the trash?');
  expect(textOf(body)).toContain('Restoring brings back all that was logged. You can undo this afterwards.');
  expect(textOf(body)).not.toContain('They');
});

it('trash and restore, both undone, with the moment each went to the trash at', async () => {
  const runs = await addRuns('bin', 3, { tags: { t: '1' }, params: { p: '1' }, metrics: { m: [1] } });
  const ids = runs.map(({ id }) => id);
  await thereAndBack({ action: 'trash', ids }, ids, async () => {
    for (const id of ids) expect((await read(id)).trashed_at).not.toBeNull();
  });
  await tracker.api('DELETE', `/api/runs/${ids[0]}`);
  await bulk({ action: 'trash', ids: ids.slice(1, 2) });
  await thereAndBack({ action: 'restore', ids }, ids, async () => {
    for (const id of ids) expect((await read(id)).trashed_at).toBeNull();
  });
});

it('a filter of the API: counted, refused when it finds another number, done', async () => {
  const runs = await addRuns('filtered', 12, { params: { lr: '0.1' } });
  const other = await addRun(tracker, { experiment: 'filtered', params: { lr: '1' }, status: Finished });
  const filter = { experiment: other.experiment_id, where: 'params.lr < 0.5' };
  const dry = await bulk({ action: 'tag', filter, tags: { low: '' }, dry_run: true });
  expect(dry.body).toEqual({ id: null, action: 'tag', matched: 12, changed: 0, states: { [Running]: 12 } });
  expect((await read(runs[0]?.id ?? '')).tags).toEqual({});
  const refused = await bulk({ action: 'tag', filter, tags: { low: '' }, expect: 11 });
  expect([refused.status, refused.body]).toMatchObject([409, { errors: [{ path: 'expect' }] }]);
  const done = await bulk({ action: 'tag', filter, tags: { low: '' }, expect: 12 });
  expect(done.body).toMatchObject({ matched: 12, changed: 12 });
  expect((await read(other.id)).tags).toEqual({});
  const state = await tracker.api('GET', `/api/runs/bulk/${done.body.id}`);
  expect(state.body).toMatchObject({ action: 'tag', total: 12, visited: 12, changed: 12, status: 'done' });
  expect((await undo(done.body.id)).body).toEqual({ undone: 12 });
  const trashed = await bulk({ action: 'trash', filter });
  expect(trashed.body.changed).toBe(12);
  const back = await bulk({ action: 'restore', filter: { ...filter, status: ['trash'] } });
  expect(back.body).toMatchObject({ matched: 12, changed: 12 });
});

it.each([
  [{ action: 'tag', tags: { a: '' } }, 'ids'],
  [{ action: 'tag', ids: ['0'.repeat(32)], filter: {}, tags: { a: '' } }, 'ids'],
  [{ action: 'tag', filter: {} }, 'tags'],
  [{ action: 'trash', filter: {}, tags: { a: '' } }, 'tags'],
  [{ action: 'state', filter: {} }, 'status'],
  [{ action: 'state', filter: {}, status: Running }, 'status'],
  [{ action: 'trash', filter: { nope: 1 } }, 'filter.nope'],
  [{ action: 'explode', filter: {} }, 'action'],
  [{ action: 'trash', filter: { where: 'metrics.x >' } }, '?where'],
])('%j is refused at %s', async (body, path) => {
  const answer = await tracker.api<{ errors: { path: string }[] }>('POST', '/api/runs/bulk', body);
  expect(answer.status, JSON.stringify(answer.body)).toBe(400);
  expect(answer.body.errors.map((error) => error.path)).toContain(path);
});

it('an unknown run is a 404, and nothing is done with the others', async () => {
  const [run] = await addRuns('unknown', 1);
  const answer = await bulk({ action: 'trash', ids: [run?.id, 'f'.repeat(32)] });
  expect(answer.status).toBe(404);
  expect((await read(run?.id ?? '')).trashed_at).toBeNull();
  expect((await undo(999_999)).status).toBe(404);
  expect((await tracker.api('GET', '/api/runs/bulk/999999')).status).toBe(404);
});

/** The hidden fields of the question's form. */
function fieldsOf(html: string): Record<string, string[]> {
  const fields: Record<string, string[]> = {};
  for (const [, name = '', value = ''] of html.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g))
    (fields[name] ??= []).push(value.replaceAll('&lt;', '<').replaceAll('&amp;', '&').replaceAll('&#39;', "'"));
  return fields;
}

it('all that match, from the page: asked with count, states and names; asked again when they are others', async () => {
  const runs = await addRuns('asked', 23);
  const experiment = runs[0]?.experiment_id;
  await tracker.api('PATCH', `/api/runs/${runs[0]?.id}`, { status: Finished });
  const form = { all: 'yes', filter: `experiment=${experiment}&where=name+~+asked`, tags: 'sweep', back: '/runs' };
  const question = await tracker.form('/runs/tag', form);
  expect(question.status).toBe(200);
  const text = textOf(question.body);
  expect(text).toContain('Tag 23 runs: sweep?');
  expect(text).toContain('All that match: name ~ asked');
  expect(text).toContain('22 running · 1 finished');
  expect(text).toContain('and 3 more');
  // A run that begins meanwhile was not counted; one that goes was.
  const late = await addRun(tracker, { experiment: 'asked', name: 'asked-late' });
  await tracker.api('DELETE', `/api/runs/${runs[1]?.id}`);
  const again = await tracker.form('/runs/tag', fieldsOf(question.body));
  expect(again.status).toBe(200);
  expect(textOf(again.body)).toContain('not the runs you were asked about: 22 runs instead of 23. Nothing was done yet.');
  expect((await read(runs[0]?.id ?? '')).tags).toEqual({});
  const done = await tracker.form('/runs/tag', fieldsOf(again.body));
  expect([done.status, done.headers.get('location')]).toEqual([303, '/runs']);
  expect((await read(runs[0]?.id ?? '')).tags).toEqual({ sweep: '' });
  expect((await read(late.id)).tags).toEqual({});
}); // prettier-ignore

it('more than a page of answers: what is going on has a page of its own, with its Undo', async () => {
  const store = tracker.app.store;
  const first = await addRun(tracker, { experiment: 'long', name: 'long-0' });
  await store.write((tx) =>
    tx.execute(
      `insert into runs (id, experiment_id, number, name, status, heard_at, notes, created_at, updated_at, name_folded)
        with recursive n(i) as (select 2 union all select i + 1 from n where i < 1005)
        select '${'0'.repeat(26)}' || (900000 + i), experiment_id, i, 'long', status, heard_at, '', created_at, updated_at, 'long'
        from runs, n where runs.id = ?`,
      [first.id],
    ),
  );
  await store.write((tx) => recountAll(tx));
  const form = { all: 'yes', filter: `experiment=${first.experiment_id}`, tags: 'long', back: '/runs' };
  const question = await tracker.form('/runs/tag', form);
  expect(textOf(question.body)).toContain('Tag 1,005 runs: long?');
  const started = await tracker.form('/runs/tag', fieldsOf(question.body));
  const page = started.headers.get('location') ?? '';
  expect([started.status, page]).toEqual([303, expect.stringMatching(/^\/runs\/bulk\/\d+\?back=%2Fruns$/)]);
  const settled = async (): Promise<string> => textOf((await tracker.get(page)).body);
  await expect.poll(settled).toContain('Tagged 1,005 runs: long.');
  const action = /action="([^"]*undo[^"]*)"/.exec((await tracker.get(page)).body)?.[1] ?? '';
  await tracker.form(action, {});
  await expect.poll(settled).toContain('This was undone.');
  expect((await read(first.id)).tags).toEqual({});
});
