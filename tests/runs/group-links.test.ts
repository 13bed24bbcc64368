// tests/runs/group-links.test.ts
// Purpose: what leads from a table of groups is about the runs that the table is about: words, tags, states and filter.
// Why: curves of other runs than those counted beside the link are a wrong picture that looks right.
// Relevant files: runs/groups/group-where.ts, runs/groups/group-views.ts

import { beforeAll, expect, it } from 'vitest';
import { RunStatus } from '../../runs/models.ts';
import { decode } from '../support/html.ts';
import { useTracker } from '../support/use.ts';
import { addRun, openPage } from './page-support.ts';

const tracker = useTracker();
let id: number;
beforeAll(async () => {
  const tags = [{ good: '' }, { team: 'a=b' }, { 'team=a': 'b' }, { good: 'yes', 'odd "one"': '' }];
  for (let place = 0; place < 24; place++) {
    const run = await addRun(tracker, {
      experiment: 'linked',
      name: `${place % 2 ? 'status' : 'big "or" small'} ${place}`,
      params: { opt: place % 3 ? 'adam' : 'sgd' },
      tags: tags[place % 4],
      metrics: { acc: [0, place] },
      ...(place < 20 ? { status: place % 5 ? RunStatus.Finished : RunStatus.Failed } : {}),
    });
    id = run.experiment_id;
  }
});

it.each([
  '',
  'q=status',
  'q=%22or%22+small',
  'tag=good',
  'tag=team%3Da%3Db',
  'tag=odd+%22one%22&tag=good',
  'status=finished',
  'status=failed&status=running',
  'status=running',
  'q=small&tag=good&status=finished&where=metrics.acc+%3E+3',
  'status=finished&where=metrics.acc+%3E+3+or+params.opt+%3D+sgd+order+by+metrics.acc',
])('the curves are those of the runs in the table: %s', async (query) => {
  const html = await openPage(tracker, `/experiments/${id}/groups?by=params.opt&${query}`);
  const href = decode(/href="(\/curves\?[^"]*)"/.exec(html)?.[1] ?? '');
  const groups = new URL(href || '/', tracker.url).searchParams.getAll('group');
  const shown: string[] = [];
  for (const group of groups) {
    const where = encodeURIComponent(group.slice(group.indexOf(':') + 1));
    const found = await tracker.api<{ items: { id: string }[] }>('GET', `/api/runs?experiment=${id}&limit=100&where=${where}`);
    shown.push(...found.body.items.map((run) => run.id));
  }
  const asked = await tracker.api<{ items: { id: string }[] }>('GET', `/api/runs?experiment=${id}&limit=100&${query}`);
  expect(shown.toSorted()).toEqual(asked.body.items.map((run) => run.id).toSorted());
}); // prettier-ignore

it('runs that differ in nothing are one group, whose curves are found by states and words alone', async () => {
  const run = { experiment: 'alike', params: { opt: 'adam' }, metrics: { acc: [0, 1] } };
  const { experiment_id } = await addRun(tracker, run);
  await addRun(tracker, run);
  for (const query of ['', 'status=running', 'status=running&where=metrics.acc+%3E+0']) {
    const html = await openPage(tracker, `/experiments/${experiment_id}/groups?${query}`);
    const href = decode(/href="(\/curves\?[^"]*)"/.exec(html)?.[1] ?? '');
    expect((await tracker.get(href)).status, `${query}: ${href}`).toBe(200);
  }
});
