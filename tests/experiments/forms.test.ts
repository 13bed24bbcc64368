// tests/experiments/forms.test.ts
// Purpose: the forms of experiments: new, edit, delete with its question and its Undo; what is archived takes no runs.
// Why: nobody should have to type twice, and nothing may be saved by half.
// Relevant files: experiments/pages.ts, experiments/views.ts, experiments/templates/form.html, experiments/templates/trash.html

import { beforeAll, describe, expect, it } from 'vitest';
import { ExperimentStatus } from '../../experiments/models.ts';
import type { ExperimentOut } from '../../experiments/schemas.ts';
import { faultsOf } from '../support/html.ts';
import { useTracker } from '../support/use.ts';
import { errorAt, fieldsOf, linkOf, next, open, rowsOf, textOf } from './support.ts';

const tracker = useTracker();
beforeAll(async () => {
  await tracker.api('POST', '/api/experiments', { name: 'taken' });
});

const FIELDS = { name: '', description: '', status: ExperimentStatus.Active, tags: '', main_metric: '' };
const TYPED = {
  name: 'typed "name" <b>',
  description: 'first line\n\n- second',
  status: ExperimentStatus.Draft,
  tags: 'baseline, model=mlp',
  main_metric: 'val/loss',
};

async function create(body: object): Promise<ExperimentOut> {
  return (await tracker.api<ExperimentOut>('POST', '/api/experiments', body)).body;
}
const read = async (id: number): Promise<ExperimentOut> =>
  (await tracker.api<ExperimentOut>('GET', `/api/experiments/${id}`)).body;
const total = async (): Promise<number> => (await tracker.api<{ total: number }>('GET', '/api/experiments')).body.total;

const WRONG: [string, Partial<Record<keyof typeof TYPED, string>>, RegExp][] = [
  ['name', { name: '   ' }, /must not be empty/],
  ['name', { name: 'x'.repeat(501) }, /at most 500 characters/],
  ['name', { name: 'taken' }, /already an experiment named "taken"/],
  ['tags', { tags: `long=${'x'.repeat(10_001)}` }, /at most 10,000 characters/],
  ['tags', { tags: `${'k'.repeat(501)}=1` }, /at most 500 characters/],
  ['main_metric', { main_metric: 'm'.repeat(501) }, /at most 500 characters/],
  ['main_metric', { main_metric: '__proto__' }, /must not be __proto__/],
  ['status', { status: 'open' }, /./],
];

async function expectKept(path: string, field: string, change: object, message: RegExp): Promise<void> {
  const sent = { ...TYPED, ...change };
  const { status, body } = await tracker.form(path, sent);
  expect(status).toBe(400);
  expect(await faultsOf(body)).toEqual([]);
  expect(errorAt(body, field)).toMatch(message);
  for (const other of Object.keys(TYPED).filter((one) => one !== field)) expect(errorAt(body, other)).toBeUndefined();
  const shown = fieldsOf(body);
  // A select cannot show what it does not offer.
  const { status: _, ...others } = sent;
  expect(shown).toEqual(field === 'status' ? others : sent);
}

describe('new', () => {
  it('starts empty and active, names its limits, and leads back', async () => {
    const html = await open(tracker, '/experiments/new');
    expect(fieldsOf(html)).toEqual(FIELDS);
    expect(textOf(html)).toContain('chosen by its name, for example val/accuracy');
    expect(linkOf(html, 'Cancel')).toBe('/experiments');
    expect(html).not.toContain('Delete…');
  });

  it('makes an experiment with everything that was typed', async () => {
    const sent = { ...TYPED, description: 'first line\r\n\r\n- second' };
    const { path, html } = await next(tracker, await tracker.form('/experiments', sent));
    expect(textOf(html)).toContain('is there.');
    expect(await read(Number(path.split('/')[2]))).toMatchObject({
      ...TYPED,
      tags: { baseline: '', model: 'mlp' },
    });
  });

  it.each(WRONG)('keeps what was typed, with the message at %s: %#', async (field, change, message) => {
    const before = await total();
    await expectKept('/experiments', field, change, message);
    expect(await total()).toBe(before);
  });

  it('says above the form what belongs to no field', async () => {
    const { status, body } = await tracker.form('/experiments', { ...TYPED, colour: 'red' });
    expect(status).toBe(400);
    expect(textOf(/<p class="error" role="alert">[^]*?<\/p>/.exec(body)?.[0] ?? '')).toContain('colour');
    expect(fieldsOf(body)).toEqual(TYPED);
  });
});

describe('edit', () => {
  it('starts with what is there and names the metrics that were logged', async () => {
    const { id } = await create({ ...TYPED, name: 'to read', tags: { 'a, b': 'c=d', baseline: '' } });
    const { body: run } = await tracker.api<{ id: string }>('POST', '/api/runs', { experiment_id: id });
    await tracker.api('POST', `/api/runs/${run.id}/log`, { metrics: [{ key: 'val/f1', value: 1 }] });
    const html = await open(tracker, `/experiments/${id}/edit`);
    // With its first run a draft has become active.
    expect(fieldsOf(html)).toEqual({
      ...TYPED, name: 'to read', status: ExperimentStatus.Active, tags: '"a, b"=c=d, baseline',
    }); // prettier-ignore
    expect(textOf(html)).toContain('Logged so far: val/f1.');
    expect(linkOf(html, 'Cancel')).toBe(`/experiments/${id}`);
    expect(linkOf(html, 'Delete…')).toBe(`/experiments/${id}/trash`);
    await next(tracker, await tracker.form(`/experiments/${id}`, fieldsOf(html)));
    expect((await read(id)).tags).toEqual({ 'a, b': 'c=d', baseline: '' });
  });

  it('saves every field and exactly these tags', async () => {
    const before = await create({
      name: 'to save',
      description: 'old',
      main_metric: 'acc',
      tags: { old: '1', kept: 'a' },
    });
    const sent = { ...TYPED, name: 'saved', status: ExperimentStatus.Completed, tags: 'kept=b, new' };
    const { path, html } = await next(tracker, await tracker.form(`/experiments/${before.id}`, sent));
    expect([path, textOf(html)]).toEqual([`/experiments/${before.id}`, expect.stringContaining('Saved.')]);
    const saved = { ...sent, tags: { kept: 'b', new: '' } };
    expect(await read(before.id)).toMatchObject(saved);
    await next(tracker, await tracker.form(`/experiments/${before.id}`, { ...FIELDS, name: 'saved' }));
    expect(await read(before.id)).toMatchObject({ ...FIELDS, name: 'saved', main_metric: null, tags: {} });
  });

  it.each(WRONG)(
    'keeps what was typed, with the message at %s, and saves nothing: %#',
    async (field, change, message) => {
      const before = await create({ name: `wrong ${Math.random()}`, tags: { old: '1' } });
      await expectKept(`/experiments/${before.id}`, field, change, message);
      expect(await read(before.id)).toEqual(before);
      await tracker.api('DELETE', `/api/experiments/${before.id}`);
    },
  );

  it('takes a main metric that nobody has logged yet: the page goes by names until somebody does', async () => {
    const { id } = await create({ name: 'ahead' });
    const { body: run } = await tracker.api<{ id: string }>('POST', '/api/runs', { experiment_id: id });
    const log = (key: string, value: number): Promise<unknown> =>
      tracker.api('POST', `/api/runs/${run.id}/log`, { metrics: [{ key, value }] });
    const best = async (): Promise<string | undefined> =>
      rowsOf(await open(tracker, '/experiments?q=ahead'))[0]?.cells[4];
    await log('val/accuracy', 0.5);
    await next(
      tracker,
      await tracker.form(`/experiments/${id}`, { ...FIELDS, name: 'ahead', main_metric: 'test/loss' }),
    );
    expect((await read(id)).main_metric).toBe('test/loss');
    expect(await best()).toBe('val/accuracy 0.5000');
    await log('test/loss', 2);
    expect(await best()).toBe('test/loss 2');
  });

  it('what is not there, or in the trash, has no form', async () => {
    const { id } = await create({ name: 'away' });
    await tracker.api('DELETE', `/api/experiments/${id}`);
    for (const path of [`/experiments/${id}/edit`, `/experiments/${id}/trash`, '/experiments/999999/edit'])
      expect((await tracker.get(path)).status).toBe(404);
    expect((await tracker.form(`/experiments/${id}`, { ...FIELDS, name: 'x' })).status).toBe(404);
  });
});

it('delete asks with the count of runs, and Undo on the next page brings everything back', async () => {
  const before = await create({ name: 'doomed' });
  for (let i = 0; i < 3; i++) await tracker.api('POST', '/api/runs', { experiment_id: before.id });
  const question = await open(tracker, `/experiments/${before.id}/trash`);
  expect(textOf(question)).toContain('doomed with 3 runs goes to the trash.');
  expect(linkOf(question, 'Cancel')).toBe(`/experiments/${before.id}`);
  expect((await tracker.get(`/experiments/${before.id}`)).status).toBe(200);
  const { path, html } = await next(tracker, await tracker.form(`/experiments/${before.id}/trash`, {}));
  expect(path).toBe('/experiments');
  expect(textOf(html)).toContain('Experiment doomed is in the trash.');
  expect((await tracker.get(`/experiments/${before.id}`)).status).toBe(404);
  const undo = /<form method="post" action="([^"]+)">\s*<button[^>]*>Undo</.exec(html)?.[1] ?? '';
  expect(textOf((await next(tracker, await tracker.form(undo, {}))).html)).toContain('Experiment doomed is back.');
  const { total: runs } = (await tracker.api<{ total: number }>('GET', `/api/runs?experiment=${before.id}`)).body;
  expect(runs).toBe(3);
});

it('a name that was taken meanwhile stops the Undo with a page that says so', async () => {
  const { id } = await create({ name: 'reused' });
  await tracker.form(`/experiments/${id}/trash`, {});
  await create({ name: 'reused' });
  const answer = await tracker.form(`/experiments/${id}/restore`, {});
  expect([answer.status, await faultsOf(answer.body)]).toEqual([409, []]);
  expect(textOf(answer.body)).toContain('There is already an experiment named');
});

it('archived by its form, it takes no runs until it is active again', async () => {
  const { id } = await create({ name: 'closing' });
  const save = (status: ExperimentStatus): Promise<unknown> =>
    tracker.form(`/experiments/${id}`, { ...FIELDS, name: 'closing', status });
  await save(ExperimentStatus.Archived);
  for (const place of [{ experiment: 'closing' }, { experiment_id: id }]) {
    const refused = await tracker.api('POST', '/api/runs', place);
    expect(refused).toMatchObject({ status: 409, body: { errors: [{ path: 'experiment_id' }] } });
    expect(refused.body['detail']).toContain('set its status to active first');
  }
  expect((await read(id)).run_counts).toEqual({});
  await save(ExperimentStatus.Active);
  expect((await tracker.api('POST', '/api/runs', { experiment: 'closing' })).status).toBe(201);
});
