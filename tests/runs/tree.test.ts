// tests/runs/tree.test.ts
// Purpose: the run table as a tree: children below parents to any depth, filters that keep parents, folding, circles, parents that are not there.
// Why: a run must be found in the tree exactly once, whatever its parents are, also among ten thousand.
// Relevant files: runs/table/tree-queries.ts, runs/table/tree-shape-queries.ts, runs/table/tree-views.ts

import { expect, it } from 'vitest';
import { randomOf } from '../../imports/random.ts';
import { RunStatus } from '../../runs/models.ts';
import { entriesOf } from '../../runs/table/tree-shape-queries.ts';
import { useTracker } from '../support/use.ts';
import { addRun, hrefOf, idOf, openPage, readPage, tableOf, textOf } from './page-support.ts';

const tracker = useTracker();

/** `name` and how deep it stands; `*`: dimmed. */
function treeOf(html: string): string[] {
  return [...html.matchAll(/<tr data-key="[^"]*"( class="dim")?>\n<td class="tick">[\s\S]*?<td class="first( d\d)?">[\s\S]*?title="([^"]*)"/g)].map(
    ([, dim, depth = ' d0', name = '']) => `${'-'.repeat(Number(depth.slice(2)))}${name}${dim ? '*' : ''}`,
  );
} // prettier-ignore

async function sweep(experiment: string, letter: string): Promise<string> {
  const add = (id: string, parent?: string, more: Record<string, unknown> = {}): Promise<{ experiment_id: number }> =>
    addRun(tracker, { id: letter + id, name: id, experiment, ...(parent ? { parent_id: idOf(letter + parent) } : {}), ...more });
  const { experiment_id } = await add('a');
  await add('b', 'a', { params: { lr: '1' } });
  await add('c', 'b', { params: { lr: '2' }, status: RunStatus.Failed });
  await add('d', 'a');
  await add('e');
  await add('f', 'e', { params: { lr: '2' } });
  return `/experiments/${experiment_id}`;
} // prettier-ignore

it('is offered where runs have parents, shows children below them in the order asked for, and folds', async () => {
  const path = await sweep('sweep', '1');
  const list = await openPage(tracker, `${path}?order=name`);
  expect(treeOf(list)).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
  const html = await openPage(tracker, hrefOf(list, 'Show them as a tree'));
  expect(treeOf(html)).toEqual(['a', '-b', '--c', '-d', 'e', '-f']);
  expect(textOf(html)).toContain('All 2 runs at the top, with what is below them.');
  expect(treeOf(await readPage(tracker, `${path}?order=-name&tree=1`))).toEqual(['e', '-f', 'a', '-d', '-b', '--c']);
  const pinned = await openPage(tracker, `${path}?order=name&tree=1&pin=${idOf('1e')}&pin=${idOf('1d')}`);
  expect(treeOf(pinned)).toEqual(['e', '-f', 'a', '-d', '-b', '--c']);
  expect(treeOf(await readPage(tracker, hrefOf(pinned, 'Unpin e')))).toEqual(['a', '-d', '-b', '--c', 'e', '-f']);
  const folded = await openPage(tracker, hrefOf(html, 'Fold a'));
  expect(treeOf(folded)).toEqual(['a', 'e', '-f']);
  expect(textOf(folded)).toContain('2 children');
  expect(treeOf(await readPage(tracker, hrefOf(folded, 'Unfold a')))).toEqual(treeOf(html));
  expect(treeOf(await readPage(tracker, hrefOf(folded, 'Show all in one list')))).toHaveLength(6);
  const alone = await addRun(tracker, { experiment: 'without children' });
  expect(await readPage(tracker, `/experiments/${alone.experiment_id}`)).not.toContain('as a tree');
});

it('a filter keeps the parents of what it finds, dimmed', async () => {
  const path = await sweep('filtered', '2');
  const found = await openPage(tracker, `${path}?order=name&tree=1&where=params.lr+%3D+2`);
  expect(treeOf(found)).toEqual(['a*', '-b*', '--c', 'e*', '-f']);
  expect(textOf(found)).toContain('4 filtered out');
  expect(treeOf(await readPage(tracker, `${path}?order=name&tree=1&status=failed`))).toEqual(['a*', '-b*', '--c']);
  expect(treeOf(await readPage(tracker, `${path}?order=name&tree=1&hide=${idOf('2a')}`))).toEqual(['b', '-c', 'd', 'e', '-f']);
}); // prettier-ignore

it('parents that are missing, in the trash or elsewhere leave their children at the top', async () => {
  const other = await addRun(tracker, { experiment: 'other', name: 'other' });
  const path = await sweep('torn', '3');
  await addRun(tracker, { experiment: 'torn', name: 'g', parent_id: other.id });
  await tracker.api('DELETE', `/api/runs/${idOf('3b')}`);
  expect(treeOf(await readPage(tracker, `${path}?order=name&tree=1`))).toEqual(['a', '-d', 'c', 'e', '-f', 'g']);
  expect((await tracker.get(`${path}?tree=1&status=trash`)).status).toBe(200);
  expect((await tracker.get(`${path}?tree=2`)).status).toBe(400);
});

it('a circle of parents, as an import may bring it, begins at its first run', async () => {
  const path = await sweep('circle', '4');
  await tracker.app.store.write(async (tx) => {
    await tx.execute('update runs set parent_id = ? where id = ?', [idOf('4c'), idOf('4a')]);
    await tx.execute('update runs set parent_id = ? where id = ?', [idOf('4e'), idOf('4e')]);
    await tx.execute('update experiments set version = version + 1 where name = ?', ['circle']);
  });
  expect(treeOf(await readPage(tracker, `${path}?order=name&tree=1`))).toEqual(['a', '-b', '--c', '-d', 'e', '-f']);
});

it.each([1, 2, 3])('random parents: each circle is entered once, at its lowest run (%i)', (round) => {
  const random = randomOf(round);
  const links = Array.from({ length: 60 }, (_, seq) => ({ seq, id: String(seq), parent_id: String(Math.floor(random() * 75)) }));
  const entries = new Set(entriesOf(links));
  const reached = new Set<string>();
  const visit = (id: string): void => {
    if (reached.has(id)) return;
    reached.add(id);
    for (const link of links) if (link.parent_id === id) visit(link.id);
  };
  for (const { seq, id, parent_id } of links) if (Number(parent_id) >= 60 || entries.has(seq)) visit(id);
  expect(reached.size).toBe(60);
  // Without any one of them something is lost.
  for (const left of entries) {
    reached.clear();
    for (const { seq, id, parent_id } of links) if (Number(parent_id) >= 60 || (entries.has(seq) && seq !== left)) visit(id);
    expect(reached.size).toBeLessThan(60);
  }
}); // prettier-ignore

it('ten thousand runs: some children of each, how many there are, and where they are listed', async () => {
  const { experiment_id, id } = await addRun(tracker, { id: '5', experiment: 'many', name: 'sweep' });
  await tracker.app.store.write(async (tx) => {
    // 100 below the first, 100 below each of those; their ids are their numbers.
    await tx.execute(
      `insert into runs (id, experiment_id, number, name, status, heard_at, parent_id, notes, created_at, updated_at, name_folded)
        with recursive n(i) as (select 1 union all select i + 1 from n where i < 10100)
        select '${'0'.repeat(24)}' || (50000000 + i), experiment_id, i + 1, 'run ' || (10000 + i), status, heard_at,
          case when i <= 100 then runs.id else '${'0'.repeat(24)}' || (50000000 + (i - 1) % 100 + 1) end,
          '', created_at, updated_at, 'run ' || (10000 + i)
        from runs, n where runs.id = ?`,
      [id],
    );
    await tx.execute('update experiments set version = version + 1 where id = ?', [experiment_id]);
  });
  const html = await readPage(tracker, `/experiments/${experiment_id}?tree=1&order=name`);
  const tree = treeOf(html);
  expect(tree.slice(0, 3)).toEqual(['sweep', '-run 10001', '--run 10101']);
  expect(tree).toHaveLength(1 + 300);
  expect(textOf(html)).toContain('25 of 100 children');
  const list = await readPage(tracker, hrefOf(html, '25 of 100 children'));
  expect(tableOf(list).rows).toHaveLength(50);
  expect(textOf(list)).toContain('1 to 50 of 100 runs');
  const found = await readPage(tracker, `/experiments/${experiment_id}?tree=1&where=name+%3D+%22run+19999%22`);
  expect(treeOf(found)).toEqual(['sweep*', '-run 10099*', '--run 19999']);
});
