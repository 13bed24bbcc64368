// tests/tags/bulk.test.ts
// Purpose: what is done with ticked runs, and the small tag forms of a run and an experiment, as a browser sends them.
// Why: it must work without a script, ask before it deletes, and be undone by one button.
// Relevant files: runs/table/bulk-routes.ts, runs/table/bulk-changes.ts, tags/hang-pages.ts

import { expect, it } from 'vitest';
import type { Answer } from '../support/tracker.ts';
import { useTracker } from '../support/use.ts';
import { addExperiment, addRun, must, short } from './support.ts';

const tracker = useTracker();

interface Flash {
  text: string;
  kind: string;
  undo?: { label: string; action: string };
}

function flashOf(answer: Answer<string>): Flash {
  const cookie = /flash=([^;]*)/.exec(answer.headers.get('set-cookie') ?? '')?.[1] ?? '';
  return JSON.parse(Buffer.from(cookie, 'base64url').toString()) as Flash;
}

async function tagsOf(id: string): Promise<unknown> {
  return (await must<{ tags: unknown }>(tracker, 'GET', `/api/runs/${id}`)).tags;
}

async function shown(experiment: string): Promise<string[]> {
  const { items } = await must<{ items: { id: string; name: string }[] }>(tracker, 'GET', '/api/runs?limit=1000');
  return items
    .map((run) => run.name)
    .filter((name) => name.startsWith(experiment))
    .sort();
}

it('tags and untags the ticked runs and goes back where it came from', async () => {
  const [one, two] = [await addRun(tracker, 'bulk'), await addRun(tracker, 'bulk', { model: 'cnn' })];
  const back = '/experiments/1?order=-start_time&q=ü';
  const answer = await tracker.form('/runs/tag', { run: [one, two], tags: 'baseline, model=mlp, "a, b"', back });
  expect(answer.status).toBe(303);
  expect(answer.headers.get('location')).toBe('/experiments/1?order=-start_time&q=%C3%BC');
  expect(flashOf(answer)).toEqual({
    kind: 'done',
    text: 'Tagged 2 runs: baseline, model=mlp, "a, b".',
    undo: { label: 'Undo', action: expect.stringMatching(/^\/runs\/bulk\/\d+\/undo\?/) as string },
  });
  for (const id of [one, two]) expect(await tagsOf(id)).toEqual({ baseline: '', model: 'mlp', 'a, b': '' });
  await must(tracker, 'PUT', `/api/runs/${two}/tags/model`, { value: 'cnn' });
  const off = await tracker.form('/runs/untag', { run: [one, two], tags: '"a, b", model=mlp', back });
  expect(flashOf(off).text).toBe('Taken off 2 runs: "a, b", model=mlp.');
  expect([await tagsOf(one), await tagsOf(two)]).toEqual([{ baseline: '' }, { baseline: '', model: 'cnn' }]);
  const none = await tracker.form('/runs/untag', { run: one, tags: 'model', back: '/runs' });
  expect(flashOf(none)).toEqual({ kind: 'problem', text: 'None of the ticked runs carries model.' });
});

it('asks before deleting, names what goes, and undoes exactly that', async () => {
  const ids: string[] = [];
  for (const name of ['del-a', 'del-b <i>', 'del-c']) ids.push(await addRun(tracker, 'del', {}, name));
  const { experiment_id } = await must<{ experiment_id: number }>(tracker, 'GET', `/api/runs/${ids[0]}`);
  const back = `/experiments/${experiment_id}`;
  await must(tracker, 'DELETE', `/api/runs/${ids[2]}`);
  const question = await tracker.form('/runs/trash', { run: ids.slice(0, 2), back });
  expect(question.status).toBe(200);
  expect(question.body).toContain('<h1>Move 2 runs to the trash?</h1>');
  expect(question.body).toContain('del-b &lt;i&gt;');
  expect(await shown('del-')).toEqual(['del-a', 'del-b <i>']);
  const answer = await tracker.form('/runs/trash', { run: ids.slice(0, 2), back, confirm: 'yes' });
  expect([answer.status, answer.headers.get('location')]).toEqual([303, back]);
  expect(await shown('del-')).toEqual([]);
  const { text, undo } = flashOf(answer);
  expect([text, undo?.label]).toEqual(['2 runs are in the trash.', 'Undo']);
  const undone = await tracker.form(undo?.action ?? '', {});
  expect([undone.status, undone.headers.get('location')]).toEqual([303, back]);
  expect(flashOf(undone).text).toBe('2 runs are back.');
  expect(await shown('del-')).toEqual(['del-a', 'del-b <i>']);
  expect((await tracker.form(undo?.action ?? '', {})).status).toBe(404);
  const restored = await tracker.form('/runs/restore', { run: ids[2] ?? '', back });
  expect(flashOf(restored).text).toBe('1 run is back.');
  expect(await shown('del-')).toHaveLength(3);
});

it('undoes a batch over several experiments, and not what another batch of the same moment took', async () => {
  const ids: string[] = [];
  for (const name of ['far-a', 'far-b', 'far-c', 'far-d']) ids.push(await addRun(tracker, name, {}, name));
  const trash = (run: string[]): Promise<Answer<string>> => tracker.form('/runs/trash', { run, confirm: 'yes' });
  const [first, second] = await Promise.all([trash(ids.slice(0, 2)), trash(ids.slice(2))]);
  expect(await shown('far-')).toEqual([]);
  await tracker.form(flashOf(first).undo?.action ?? '', {});
  expect(await shown('far-')).toEqual(['far-a', 'far-b']);
  await tracker.form(flashOf(second).undo?.action ?? '', {});
  expect(await shown('far-')).toHaveLength(4);
});

it('takes a thousand runs at once and brings them back', async () => {
  const ids: string[] = [];
  for (let ten = 0; ten < 10; ten++) {
    const names = Array.from({ length: 100 }, (_, i) => `thousand-${ten * 100 + i}`);
    ids.push(...(await Promise.all(names.map((name) => addRun(tracker, 'thousand', {}, name)))));
  }
  const question = await tracker.form('/runs/tag', { run: ids, tags: 'many' });
  expect([question.status, question.body.includes('<h1>Tag 1,000 runs: many?</h1>')]).toEqual([200, true]);
  expect((await tracker.form('/runs/tag', { run: ids, tags: 'many', confirm: 'yes' })).status).toBe(303);
  const answer = await tracker.form('/runs/trash', { run: ids, confirm: 'yes', back: `/runs?q=${'x'.repeat(3000)}` });
  expect(flashOf(answer).undo?.action.length).toBeLessThan(100);
  expect(await shown('thousand')).toEqual([]);
  expect(flashOf(await tracker.form(flashOf(answer).undo?.action ?? '', {})).text).toBe('1,000 runs are back.');
  expect(await shown('thousand')).toHaveLength(1000);
  const tooMany = await tracker.form('/runs/tag', { run: [...ids, '0'.repeat(32)], tags: 'many' });
  expect([tooMany.status, tooMany.body.includes('at most 1000 runs')]).toEqual([400, true]);
});

it.each(['/runs/tag', '/runs/untag', '/runs/trash', '/runs/restore'])(
  '%s: nothing ticked, unknown, foreign',
  async (path) => {
    const none = await tracker.form(path, { tags: 'x', back: '/runs' });
    expect([none.status, none.headers.get('location')]).toEqual([303, '/runs']);
    expect(flashOf(none)).toEqual({ kind: 'problem', text: 'Tick at least one run.' });
    const wrong = await tracker.form(path, { run: 'abc', tags: 'x' });
    expect([wrong.status, wrong.body.includes('32 hexadecimal')]).toEqual([400, true]);
    for (const back of ['//evil.example', '/\\evil.example', 'https://evil.example/', '/\t/evil.example', 'runs']) {
      expect((await tracker.form(path, { tags: 'x', back })).status, back).toBe(400);
    }
  },
);

it.each([
  ['/runs/tag', { tags: 'x' }],
  ['/runs/untag', { tags: 'x' }],
  ['/runs/trash', {}],
  ['/runs/trash', { confirm: 'yes' }],
])('%s with %j: an unknown run is 404 and nothing is done to the others', async (path, fields) => {
  const run = await addRun(tracker, 'unknown', { x: '1' });
  const answer = await tracker.form(path, { ...fields, run: [run, 'f'.repeat(32)] });
  expect(answer.status).toBe(404);
  expect(await tagsOf(run)).toEqual({ x: '1' });
});

it.each(
  [
    ['', 'at least one tag'],
    ['=v', 'a tag has no name: =v'],
    ['x'.repeat(501), 'at most 500 characters'],
  ].map((row) => [short(row), ...row] as const),
)('wrong tags (%s) change nothing and say why', async (_, tags, why) => {
  const run = await addRun(tracker, 'wrong tags');
  const answer = await tracker.form('/runs/tag', { run, tags, back: '/runs' });
  expect(flashOf(answer)).toMatchObject({ kind: 'problem', text: expect.stringContaining(why ?? '') as string });
  expect(flashOf(await tracker.form(`/runs/${run}/tags`, { tags })).text).toContain(why);
  expect(await tagsOf(run)).toEqual({});
});

it('a run and an experiment get and lose tags by their own forms', async () => {
  const run = await addRun(tracker, 'own forms');
  const id = await addExperiment(tracker, 'own forms too');
  for (const page of [`/runs/${run}`, `/experiments/${id}`]) {
    const added = await tracker.form(`${page}/tags`, { tags: 'keep, note="a, b"' });
    expect([added.status, added.headers.get('location')]).toEqual([303, page]);
    const removed = await tracker.form(`${page}/tags/remove`, { key: 'note' });
    expect(await must(tracker, 'GET', `/api${page}`)).toMatchObject({ tags: { keep: '' } });
    expect(flashOf(removed).text).toBe('Taken off: note="a, b".');
    const undone = await tracker.form(flashOf(removed).undo?.action ?? '', {});
    expect([undone.status, undone.headers.get('location')]).toEqual([303, page]);
    expect((await must<{ tags: unknown }>(tracker, 'GET', `/api${page}`)).tags).toEqual({ keep: '', note: 'a, b' });
    expect((await tracker.form(`${page}/tags/remove`, { key: 'never' })).status).toBe(404);
  }
});
