// tests/runs/compare-many.test.ts
// Purpose: how many runs are compared: none, one, a hundred, one more; ones in the trash; the ticked rows of a table.
// Why: the edges of a comparison each say what to do next.
// Relevant files: runs/compare/compare-routes.ts, runs/compare/compare-views.ts, runs/templates/compare-none.html

import { beforeAll, expect, it } from 'vitest';
import { RunStatus } from '../../runs/models.ts';
import { useTracker } from '../support/use.ts';
import { addRun, idOf, openPage, paragraphOf, tableOf, textOf } from './page-support.ts';

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
