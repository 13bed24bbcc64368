// tests/runs/compare-many.test.ts
// Purpose: how many runs are compared: none, one, a hundred, one more; ones in the trash; the ticked rows of a table.
// Why: the edges of a comparison each say what to do next.
// Relevant files: runs/compare/compare-routes.ts, runs/compare/compare-views.ts, runs/templates/compare-none.html

import { beforeAll, expect, it } from 'vitest';
import { RunStatus } from '../../runs/models.ts';
import { useTracker } from '../support/use.ts';
import { tagsOf } from '../support/html.ts';
import { addRun, hrefOf, idOf, openPage, paragraphOf, tableOf, textOf } from './page-support.ts';

const [A, B] = [idOf('a'), idOf('b')] as const;

const tracker = useTracker();
beforeAll(async () => {
  for (const id of ['a', 'b']) await addRun(tracker, { experiment: 'digits', id });
});

const path = (...ids: string[]): string => `/compare?${ids.map((id) => `run=${id}`).join('&')}`;

it('no run asks to choose some, one to add another', async () => {
  expect(textOf(await openPage(tracker, '/compare'))).toContain('Choose two or more runs');
  expect(paragraphOf(await openPage(tracker, path(A)), 'lead')).toContain('add another one');
});

it('a run in the trash is named with the way back', async () => {
  const { id } = await addRun(tracker, { experiment: 'digits', name: 'binned' });
  await tracker.api('DELETE', `/api/runs/${id}`);
  expect(textOf(await openPage(tracker, path(A, id)))).toContain('Left out: binned is in the trash. Restore');
  expect(textOf(await openPage(tracker, path(id), 409))).toContain('binned is in the trash');
  expect((await tracker.api('GET', `/api${path(A, id)}`)).status).toBe(409);
});

it('a hundred are compared, one more is refused', async () => {
  const ids: string[] = [];
  for (let i = 1; i <= 101; i++) {
    const run = { experiment: 'many', name: `n${i}`, status: RunStatus.Finished, params: { lr: i } };
    ids.push((await addRun(tracker, { ...run, ...(i % 25 === 0 && { metrics: { acc: [i / 1000] } }) })).id);
  }
  const html = await openPage(tracker, path(...ids.slice(0, 100)));
  expect(tableOf(html).heads).toHaveLength(101);
  expect(tableOf(html, 1).rows[0]?.[1]?.text, 'the best is named, as its column is out of sight').toBe('0.1000 n100');
  expect(paragraphOf(html, 'lead')).toBe('Best acc 0.1000: n100, 0.0250 above n75 (highest last value)');
  expect(textOf(await openPage(tracker, path(...ids), 400))).toContain('must name at most 100 runs');
  const refused = await tracker.api('GET', `/api${path(...ids)}`);
  expect(refused).toMatchObject({ status: 400, body: { errors: [{ path: '?run' }] } });
});

it('the ticked runs of a table go to a URL of their own, fewer than two go back', async () => {
  const two = await tracker.form('/runs/compare', { run: [A, B], back: '/runs' });
  expect([two.status, two.headers.get('location')]).toEqual([303, path(A, B)]);
  const one = await tracker.form('/runs/compare', { run: A, back: '/runs?q=x' });
  expect([one.status, one.headers.get('location')]).toEqual([303, '/runs?q=x']);
});

it('of many runs one form takes out any of them: the page names each once for it, and the view stays', async () => {
  const ids: string[] = [];
  for (let i = 1; i <= 21; i++)
    ids.push((await addRun(tracker, { experiment: 'removed', name: `r${i}`, metrics: { acc: [i, i + 1] } })).id);
  const asked = `${path(...ids)}&lines=all&metric=acc&scale=log`;
  const html = await openPage(tracker, asked);
  const button = tagsOf(html).find(
    ({ attributes }) => attributes.get('aria-label') === 'Remove r7 from the comparison',
  );
  const form = /<form id="removing" method="get" action="\/compare">[\s\S]*?<\/form>/.exec(html)?.[0] ?? '';
  const fields = tagsOf(form).filter(({ name }) => name === 'input');
  const sent = fields.map(({ attributes }): [string, string] => [attributes.get('name') ?? '', attributes.get('value') ?? '']); // prettier-ignore
  expect([button?.attributes.get('form'), button?.attributes.get('name'), button?.attributes.get('value')]).toEqual(['removing', 'without', ids[6]]); // prettier-ignore
  const answer = await fetch(`${tracker.url}/compare?${new URLSearchParams([...sent, ['without', ids[6] ?? '']]).toString()}`, { redirect: 'manual' }); // prettier-ignore
  const rest = ids.filter((id) => id !== ids[6]);
  expect([answer.status, answer.headers.get('location')]).toEqual([303, `${path(...rest)}&lines=all&metric=acc&scale=log`]); // prettier-ignore
  // Of twenty each has a link again.
  expect(hrefOf(await openPage(tracker, path(...rest)), 'Remove r8 from the comparison')).toBe(path(...rest.filter((id) => id !== ids[7]))); // prettier-ignore
  // Runs of a query are named one by one.
  const { experiment_id } = (await tracker.api<{ experiment_id: number }>('GET', `/api/runs/${ids[0]}`)).body;
  const queried = await openPage(tracker, `/compare?experiment=${experiment_id}`);
  expect(queried.match(/<form id="removing"[\s\S]*?<\/form>/)?.[0].match(/name="(\w+)"/g)).toEqual(ids.map(() => 'name="run"')); // prettier-ignore
  const wrong = await tracker.api('GET', '/compare?without=x');
  expect(wrong.status).toBe(400);
});

it('a form that adds a run keeps the view; of a hundred runs it is not offered', async () => {
  const html = await openPage(tracker, `${path(A)}&scale=log&lines=all`);
  const form = /<form class="bar" method="get" action="\/compare">[\s\S]*?<\/form>/.exec(html)?.[0] ?? '';
  const names = tagsOf(form).flatMap(({ name, attributes }) => name === 'input' ? [`${attributes.get('name')}=${attributes.get('value')}`] : []); // prettier-ignore
  expect(names).toEqual([`run=${A}`, 'lines=all', 'scale=log']);
  const many: string[] = [];
  for (let i = 1; i <= 100; i++) many.push((await addRun(tracker, { experiment: 'hundred', name: `h${i}` })).id);
  await addRun(tracker, { experiment: 'hundred', name: 'h101' });
  expect(await openPage(tracker, path(...many))).not.toContain('aria-label="Run to add"');
});
