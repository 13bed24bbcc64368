// tests/tags/tags-pages.test.ts
// Purpose: the pages of tags: list, empty state, one tag's forms, merging, trash with its undo.
// Why: every form keeps what was typed and says at the field what is wrong; every page is valid HTML.
// Relevant files: tags/pages.ts, tags/views.ts, tags/templates/list.html, tags/templates/tag.html

import { expect, it } from 'vitest';
import { faultsOf, tagsOf } from '../support/html.ts';
import { useTracker } from '../support/use.ts';
import { addExperiment, addRun, must, tagNamed } from './support.ts';

const tracker = useTracker();

async function open(path: string, status = 200): Promise<string> {
  const answer = await tracker.get(path);
  expect(answer.status, path).toBe(status);
  expect(await faultsOf(answer.body)).toEqual([]);
  return answer.body;
}

function hrefs(html: string): string[] {
  return tagsOf(html).flatMap(({ name, attributes }) => (name === 'a' ? [attributes.get('href') ?? ''] : []));
}

/** The ids of what has the cursor when the page opens. */
function focused(html: string): string[] {
  return tagsOf(html).flatMap(({ attributes }) => (attributes.has('autofocus') ? [attributes.get('id') ?? ''] : []));
}

it('without tags it says what they are for and how to hang one', async () => {
  const html = await open('/tags');
  expect(html).toContain('No tags yet');
  expect(html).toContain(`curl -X PUT ${tracker.url}/api/runs/RUN_ID/tags/baseline`);
  expect(html).not.toContain('<table>');
});

it('lists tags with what carries them, each count leading there; what clients wrote is folded away', async () => {
  await addExperiment(tracker, 'listed', { 'team, a=b': 'x' });
  await addRun(tracker, 'listed', { 'team, a=b': 'y', 'mlflow.user': 'me', 'sys.command': 'python train.py' });
  const { id } = await tagNamed(tracker, 'team, a=b');
  const html = await open('/tags');
  for (const path of ['/experiments', '/runs']) expect(hrefs(html)).toContain(`${path}?tag=team%2C+a%3Db`);
  expect(hrefs(html)).toContain(`/tags/${id}`);
  expect(hrefs(html)).toContain('/api/tags');
  expect(await open(`/tags/${id}`)).toContain('placeholder="Find among its 1 run: name ~ adam"');
  const [own = '', system = ''] = html.split('<details>');
  expect(own).toContain('team, a=b');
  for (const key of ['mlflow.user', 'sys.command'])
    expect([own, system].map((part) => part.includes(key))).toEqual([false, true]);
  expect(system).toContain('<summary>2 system tags</summary>');
  expect(hrefs(await open('/tags?q=TEAM'))).toContain(`/tags/${id}`);
  expect(await open('/tags?q=nothing+like+it')).toContain('No tag matches');
});

it('the links of the counts find what they count', async () => {
  const found = await tracker.get('/experiments?tag=team%2C+a%3Db');
  expect(found.status).toBe(200);
  expect(found.body).toContain('listed');
});

it('makes a tag, and keeps what was typed when it cannot', async () => {
  await open('/tags/new');
  const made = await tracker.form('/tags', { key: 'fresh <b>', color: 'c2' });
  expect([made.status, made.headers.get('location')]).toEqual([303, '/tags']);
  expect(await tagNamed(tracker, 'fresh <b>')).toMatchObject({ color: 'c2' });
  const twice = await tracker.form('/tags', { key: 'fresh <b>', color: 'c4' });
  expect(twice.status).toBe(400);
  expect(await faultsOf(twice.body)).toEqual([]);
  expect(twice.body).toContain('value="fresh &lt;b&gt;"');
  expect(twice.body).toMatch(/<p class="error" id="e-key">There is already a tag fresh &lt;b&gt;\./);
  expect(hrefs(twice.body)).toContain(`/tags/${(await tagNamed(tracker, 'fresh <b>')).id}`);
  expect(focused(twice.body)).toEqual(['f-key']);
  const chosen = tagsOf(twice.body).filter((tag) => tag.attributes.has('checked'));
  expect(chosen.map((tag) => tag.attributes.get('value'))).toEqual(['c4']);
  expect((await tracker.form('/tags', { key: '' })).body).toContain('must not be empty');
});

it('renames and recolours on the page of the tag', async () => {
  await addRun(tracker, 'edited', { before: 'v1' });
  const { id } = await tagNamed(tracker, 'before');
  const html = await open(`/tags/${id}`);
  expect(hrefs(html)).toContain('/runs?tag=before%3Dv1');
  const saved = await tracker.form(`/tags/${id}`, { key: 'after', color: 'c7' });
  expect([saved.status, saved.headers.get('location')]).toEqual([303, `/tags/${id}`]);
  expect(await tagNamed(tracker, 'after')).toMatchObject({ id, color: 'c7', runs: 1 });
  await tracker.form(`/tags/${id}`, { key: 'after', color: '' });
  expect(await tagNamed(tracker, 'after')).toMatchObject({ color: null });
  const wrong = await tracker.form(`/tags/${id}`, { key: 'fresh <b>', color: 'c1' });
  expect([wrong.status, await faultsOf(wrong.body)]).toEqual([400, []]);
  expect(wrong.body).toContain('value="fresh &lt;b&gt;"');
  expect(hrefs(wrong.body)).toContain(`/tags/${id}/merge?into=${(await tagNamed(tracker, 'fresh <b>')).id}`);
  const odd = await tracker.form(`/tags/${id}`, { key: 'after', color: 'red' });
  expect([odd.status, await faultsOf(odd.body)]).toEqual([400, []]);
  expect(odd.body).toMatch(/id="e-color">must be one of c0/);
});

it('asks before a merge, with what moves; without a choice it asks for one', async () => {
  await addExperiment(tracker, 'asked', { old: '' });
  for (const tags of [{ old: '1' }, { old: '2', new: '3' }]) await addRun(tracker, 'asked', tags);
  const [from, into] = [await tagNamed(tracker, 'old'), await tagNamed(tracker, 'new')];
  const page = await open(`/tags/${from.id}`);
  expect(page).toContain('Its 1 experiment and 2 runs will carry the other tag; old goes to the trash.');
  expect(page).toMatch(/<select id="f-into" name="into" required>\s*<option value="" selected>Choose a tag<\/option>/);
  const asked = await open(`/tags/${from.id}/merge?into=${into.id}`);
  expect(asked).toContain('From <b>old</b> to <b>new</b>: 1 experiment and 2 runs, values included.');
  expect(asked).toContain('1 carries both already: there the value of new stays.');
  expect(asked).toContain(`<form method="post" action="/tags/${from.id}/merge">`);
  expect(await tagNamed(tracker, 'old')).toMatchObject({ experiments: 1, runs: 2, trashed_at: null });
  for (const [query, message] of [
    ['', 'choose a tag'],
    ['?into=', 'choose a tag'],
    [`?into=${from.id}`, 'must be another tag'],
    ['?into=999999', 'there is no tag 999999'],
    ['?into=x', 'must be the id of a tag'],
  ] as const) {
    const again = await open(`/tags/${from.id}/merge${query}`, 400);
    expect(again).toContain(`<p class="error" id="e-into">${message}`);
    expect(focused(again)).toEqual(['f-into']);
    expect((await tracker.form(`/tags/${from.id}/merge`, { into: query.slice(6) })).status).toBe(400);
  }
  expect((await tracker.get(`/tags/999999/merge?into=${into.id}`)).status).toBe(404);
});

it('merges into another tag and shows that one', async () => {
  const run = await addRun(tracker, 'merging', { colour: 'x' });
  await must(tracker, 'POST', '/api/tags', { key: 'color' });
  const [from, into] = [await tagNamed(tracker, 'colour'), await tagNamed(tracker, 'color')];
  const answer = await tracker.form(`/tags/${from.id}/merge`, { into: String(into.id) });
  expect([answer.status, answer.headers.get('location')]).toEqual([303, `/tags/${into.id}`]);
  const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  expect((await tracker.get(`/tags/${into.id}`, { cookie })).body).toContain('colour was merged into color: 1 run.');
  expect(await must(tracker, 'GET', `/api/runs/${run}`)).toMatchObject({ tags: { color: 'x' } });
  const wrong = await tracker.form(`/tags/${into.id}/merge`, { into: String(from.id) });
  expect([wrong.status, await faultsOf(wrong.body)]).toEqual([400, []]);
  expect(wrong.body).toMatch(/id="e-into">there is no tag/);
});

it('asks before deleting, with counts; the trash has it, Undo brings it back', async () => {
  const run = await addRun(tracker, 'deleting', { doomed: '' });
  const { id } = await tagNamed(tracker, 'doomed');
  expect(await open(`/tags/${id}/trash`)).toContain('It comes off 1 run; restoring it puts it back.');
  const unused = await must<{ id: number }>(tracker, 'POST', '/api/tags', { key: 'unused' });
  expect(await open(`/tags/${unused.id}/trash`)).toContain('Nothing carries it.');
  const gone = await tracker.form(`/tags/${id}/trash`, {});
  expect([gone.status, gone.headers.get('location')]).toEqual([303, '/tags']);
  const cookie = (gone.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const next = await tracker.get('/tags', { cookie });
  expect(next.body).toContain('Tag doomed is in the trash.');
  expect(next.body).toContain(`<form method="post" action="/tags/${id}/restore">`);
  expect(await open('/tags?status=trash')).toContain('aria-label="Restore doomed"');
  expect((await tracker.get(`/tags/${id}`)).status).toBe(404);
  expect((await tracker.form(`/tags/${id}/restore`, {})).status).toBe(303);
  expect(await must(tracker, 'GET', `/api/runs/${run}`)).toMatchObject({ tags: { doomed: '' } });
});

it('stays whole with long names, many tags and many values', async () => {
  const long = `${'long name '.repeat(49)}<end>`;
  const tags = Object.fromEntries(Array.from({ length: 130 }, (_, i) => [`many-${i}`, '']));
  await addRun(tracker, 'many', { ...tags, [long]: 'v'.repeat(3000) });
  for (let i = 0; i < 60; i++) await addRun(tracker, 'many', { spread: `value ${i}` });
  const first = await open('/tags');
  expect(first).toContain('&lt;end&gt;');
  expect(hrefs(first)).toContain('/tags?page=2');
  expect(await open('/tags?page=2')).toContain('many-99');
  await open(`/tags/${(await tagNamed(tracker, long)).id}`);
  const html = await open(`/tags/${(await tagNamed(tracker, 'spread')).id}`);
  expect(html).toContain('10 more.');
  expect(html.length).toBeLessThan(60_000);
});

it.each(['/tags/abc', '/tags?page=0', '/tags?status=gone', '/tags?colour=c1'])(
  '%s is refused with a page',
  async (path) => {
    expect(await open(path, 400)).toContain('<h1>400');
  },
);

it('filters the runs that carry a tag in the language of the run tables, from the page of the tag', async () => {
  for (const [name, lr] of [
    ['slow', 0.1],
    ['fast', 1],
  ] as const)
    await must(tracker, 'POST', '/api/runs', { experiment: 'filtered', tags: { picked: 'yes' }, name, params: { lr } });
  const html = await open(`/tags/${(await tagNamed(tracker, 'picked')).id}`);
  const form = /<form class="bar" action="\/runs"[\s\S]*?<\/form>/.exec(html)?.[0] ?? '';
  expect(form).toContain('name="where"');
  expect(form).toContain('<input type="hidden" name="tag" value="picked">');
  const found = await open('/runs?where=params.lr+%3E+0.5&tag=picked');
  expect(found).toContain('>fast</a>');
  expect(found).not.toContain('>slow</a>');
});
