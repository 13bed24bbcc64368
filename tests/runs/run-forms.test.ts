// tests/runs/run-forms.test.ts
// Purpose: the forms of a run: tags, edit, reopen, delete with its question and its Undo.
// Why: every form must do what it says, keep what was typed when it cannot, and be undone.
// Relevant files: runs/pages.ts, runs/run/run-form.ts, tags/hang-pages.ts, runs/templates/form.html, runs/templates/trash.html

import { beforeAll, describe, expect, it } from 'vitest';
import { RunStatus } from '../../runs/models.ts';
import type { RunDetail } from '../../runs/schemas.ts';
import { decode, faultsOf, tagsOf } from '../support/html.ts';
import type { Answer } from '../support/tracker.ts';
import { useTracker } from '../support/use.ts';
import { addRun, columnOf, idOf, openPage, readPage, sectionOf, tableOf, textOf } from './page-support.ts';

const { Finished, Killed, Running, Scheduled } = RunStatus;

const tracker = useTracker();

const get = async (id: string): Promise<RunDetail> => (await tracker.api<RunDetail>('GET', `/api/runs/${id}`)).body;

/** Where a form led and the page there, with its message. */
async function follow(answer: Answer<string>): Promise<{ at: string; html: string; flash: string }> {
  expect(answer.status, answer.body).toBe(303);
  const at = answer.headers.get('location') ?? '';
  const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const html = (await tracker.get(at, { cookie })).body;
  return { at, html, flash: textOf(/<div class="flash[^>]*>\s*<span>([\s\S]*?)<\/span>/.exec(html)?.[1] ?? '') };
}

/** The address of the form that takes back what was just done. */
function undoOf(html: string): string {
  return decode(/<form method="post" action="([^"]*)"><button class="btn" type="submit">Undo</.exec(html)?.[1] ?? '');
}

describe('tags', () => {
  const tags = (html: string): string[] =>
    [...(sectionOf(html, 'Tags').match(/<a class="chip[\s\S]*?<\/a>/g) ?? [])].map(textOf);

  it('are added, removed, and the removal undone', async () => {
    const { id } = await addRun(tracker, { tags: { old: 'x', 'mlflow.user': 'me' } });
    const added = await follow(await tracker.form(`/runs/${id}/tags`, { tags: 'baseline, model=mlp' }));
    expect([added.at, added.flash]).toEqual([`/runs/${id}`, 'Tagged: baseline, model=mlp.']);
    expect(tags(added.html)).toEqual(['baseline', 'model=mlp', 'old=x']);
    expect(textOf(added.html)).toContain('1 system tagmlflow.userme');
    expect((await get(id)).tags).toEqual({ old: 'x', baseline: '', model: 'mlp', 'mlflow.user': 'me' });
    const removed = await follow(await tracker.form(`/runs/${id}/tags/remove`, { key: 'model' }));
    expect(tags(removed.html)).toEqual(['baseline', 'old=x']);
    const back = await follow(await tracker.form(undoOf(removed.html), {}));
    expect(tags(back.html)).toEqual(['baseline', 'model=mlp', 'old=x']);
    const button = tagsOf(back.html).filter(({ attributes }) => attributes.get('aria-label')?.startsWith('Remove the'));
    expect(button.map(({ attributes }) => attributes.get('aria-label'))).toContain('Remove the tag model=mlp');
  });

  it('that are none change nothing and say why', async () => {
    const { id } = await addRun(tracker);
    const { flash } = await follow(await tracker.form(`/runs/${id}/tags`, { tags: ' ' }));
    expect(flash).toMatch(/^Tags: /);
    expect((await get(id)).tags).toEqual({});
  });
});

describe('the edit form', () => {
  beforeAll(() => addRun(tracker, { id: 'e0', name: 'kept', notes: 'kept' }));

  it('has what is there, and offers only states that may follow', async () => {
    const { id } = await addRun(tracker, { name: 'a <b>', notes: 'line one\n\nline two', status: Scheduled });
    const html = await openPage(tracker, `/runs/${id}/edit`);
    expect(html).toContain('value="a &lt;b&gt;"');
    expect(html).toContain('>\nline one\n\nline two</textarea>');
    const options = tagsOf(html).filter(({ name }) => name === 'option');
    expect(options.map(({ attributes }) => attributes.get('value'))).toEqual([
      ...['scheduled', 'running', 'finished', 'failed', 'killed'],
    ]);
    expect(options.filter(({ attributes }) => attributes.has('selected'))).toHaveLength(1);
    expect(html).not.toContain('/reopen');
  });

  it('saves name, state, notes and parent', async () => {
    const parent = await addRun(tracker, { name: 'parent' });
    const { id, start_time } = await addRun(tracker, { name: 'before', notes: 'old' });
    const fields = { name: 'after', status: Killed, notes: 'one\r\ntwo', parent_id: ` ${parent.id} ` };
    const saved = await follow(await tracker.form(`/runs/${id}`, fields));
    expect([saved.at, saved.flash]).toEqual([`/runs/${id}`, 'Saved.']);
    const run = await get(id);
    expect(run).toMatchObject({ name: 'after', status: Killed, notes: 'one\ntwo', parent_id: parent.id, start_time });
    expect(run.end_time).toBeGreaterThanOrEqual(start_time ?? Infinity);
    expect(textOf(saved.html)).toContain('child of parent');
    const again = { ...fields, name: 'no parent', parent_id: '' };
    expect((await tracker.form(`/runs/${id}`, again)).status).toBe(303);
    expect(await get(id)).toMatchObject({ name: 'no parent', parent_id: null, end_time: run.end_time });
  });

  it.each([
    ['an empty name', { name: '' }, 'name', /must not be empty/],
    ['a parent that is not there', { parent_id: '9'.repeat(32) }, 'parent_id', /there is no run 9+/],
    ['a parent that is no id', { parent_id: 'mum' }, 'parent_id', /must be 32 hexadecimal digits/],
    ['itself as parent', { parent_id: idOf('e0') }, 'parent_id', /cannot be its own ancestor/],
    ['a state there is not', { status: 'lost' }, 'status', /./],
    ['a state that may not follow', { status: Scheduled }, 'status', /cannot become scheduled/],
  ])('%s: nothing changes, what was typed stays, the message is at the field', async (_, wrong, field, message) => {
    const before = await get(idOf('e0'));
    const typed = { name: 'typed <name>', status: Finished, notes: 'typed\n<notes>', parent_id: '', ...wrong };
    const answer = await tracker.form(`/runs/${before.id}`, typed);
    expect(answer.status).toBe(400);
    expect(await faultsOf(answer.body)).toEqual([]);
    const error = new RegExp(`<p class="error" id="e-${field}">([\\s\\S]*?)</p>`).exec(answer.body)?.[1] ?? '';
    expect(error).toMatch(message);
    const control = tagsOf(answer.body).find(({ attributes }) => attributes.get('id') === `f-${field}`);
    expect(control?.attributes.get('aria-invalid')).toBe('true');
    expect(answer.body).toContain('typed\n&lt;notes&gt;</textarea>');
    const values = tagsOf(answer.body).filter(({ attributes }) =>
      /^f-(name|parent_id)$/.test(attributes.get('id') ?? ''),
    );
    expect(values.map(({ attributes }) => attributes.get('value'))).toEqual([typed.name, typed.parent_id]);
    expect(await get(before.id)).toEqual(before);
  });
});

describe('reopening', () => {
  it('makes a run that has ended a running one', async () => {
    const run = await addRun(tracker, { name: 'ended', status: Finished });
    expect(await openPage(tracker, `/runs/${run.id}/edit`)).toContain(`action="/runs/${run.id}/reopen"`);
    const { at, flash } = await follow(await tracker.form(`/runs/${run.id}/reopen`, {}));
    expect([at, flash]).toEqual([`/runs/${run.id}`, 'Run ended is running again.']);
    expect(await get(run.id)).toMatchObject({ status: Running, end_time: null, start_time: run.start_time });
    expect((await tracker.form(`/runs/${run.id}/reopen`, {})).status).toBe(409);
  });
});

describe('deleting', () => {
  it('asks with counts, moves to the trash, and Undo brings it back', async () => {
    const made = { experiment: 'deleting', name: 'doomed', metrics: { acc: [1, 2, 3], loss: [1] } };
    const { id } = await addRun(tracker, made);
    await fetch(`${tracker.url}/api/runs/${id}/artifacts/a.txt`, { method: 'PUT', body: 'hello' });
    const run = await get(id);
    const question = await openPage(tracker, `/runs/${run.id}/trash`);
    expect(textOf(question)).toContain(
      'Run doomed goes to the trash with 2 metrics, 4 points and 1 artifact. It can be restored.',
    );
    expect((await get(run.id)).trashed_at, 'asking changes nothing').toBeNull();
    const gone = await follow(await tracker.form(`/runs/${run.id}/trash`, {}));
    expect([gone.at, gone.flash]).toEqual([`/experiments/${run.experiment_id}`, 'Run doomed is in the trash.']);
    expect((await get(run.id)).trashed_at).not.toBeNull();
    const refused = await readPage(tracker, `/runs/${run.id}`, 409);
    expect(textOf(refused)).toContain('doomed is in the trash');
    expect(undoOf(gone.html)).toBe(`/runs/${run.id}/restore`);
    const back = await follow(await tracker.form(undoOf(gone.html), {}));
    expect([back.at, back.flash]).toEqual([`/runs/${run.id}`, 'Run doomed is back.']);
    const { updated_at: _before, ...before } = run;
    expect(await get(run.id)).toMatchObject(before);
    const table = tableOf(await readPage(tracker, `/experiments/${run.experiment_id}`));
    expect(columnOf(table, 'run').map(({ text }) => text)).toEqual(['doomed']);
  });
});
