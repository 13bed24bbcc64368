// tests/runs/list-page.test.ts
// Purpose: /runs, the list over all experiments: search, filters, orders, pages, trash, and what it says about itself.
// Why: the search in the frame and the counts of the tags lead here.
// Relevant files: runs/table/run-list-page.ts, runs/templates/list.html, runs/run-filter.ts

import { beforeAll, expect, it } from 'vitest';
import { RunStatus } from '../../runs/models.ts';
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

const { Finished, Failed, Running, Scheduled } = RunStatus;

const tracker = useTracker();
let emptyList: string;
beforeAll(async () => {
  emptyList = await openPage(tracker, '/runs');
  const runs = [
    {
      id: 'a',
      experiment: 'Zebra',
      name: 'alpha',
      status: Finished,
      start_time: 1000,
      end_time: 9000,
      tags: { t: 'x' },
    },
    { id: 'b', experiment: 'apple', name: 'Beta', status: Failed, start_time: 2000, end_time: 3000, notes: 'Too HOT' },
    { id: 'c', experiment: 'Zebra', name: 'gamma', status: Running, start_time: 3000, tags: { t: 'y', u: '' } },
    { id: 'd', experiment: 'mango', name: 'delta', status: Scheduled, tags: { 'mlflow.user': 'me' } },
    {
      id: 'e',
      experiment: 'mango',
      name: 'echo',
      status: Finished,
      start_time: 4000,
      end_time: 9000,
      tags: { t: 'x' },
    },
    { id: 'f', experiment: 'mango', name: 'foxtrot', start_time: 5000 },
  ];
  for (const run of runs) await addRun(tracker, run);
  await tracker.api('DELETE', `/api/runs/${idOf('f')}`);
});

const lettersOf = (html: string): string =>
  tablesOf(html)
    .flatMap(({ rows }) => rows.map((row) => row[1]?.text[0]?.toLowerCase()))
    .join('');
const letters = async (query: string): Promise<string> => lettersOf(await readPage(tracker, `/runs${query}`));

it('without runs it says what will be here', () => {
  expect(textOf(emptyList)).toContain('No runs yet');
  expect(tablesOf(emptyList)).toEqual([]);
});

it('shows every run with its experiment, newest first', async () => {
  const html = await openPage(tracker, '/runs');
  const table = tableOf(html);
  expect(table.heads.map(({ text }) => text)).toEqual([
    'tick',
    'run',
    'state',
    'experiment',
    'took',
    'started ▾',
    'tags',
  ]);
  const rows = table.rows.map((row) => row.slice(1, -2).map(({ text }) => text));
  expect(rows).toEqual([
    ['echo', 'finished', 'mango', '5.00 s'],
    ['gamma', 'running', 'Zebra', rows[1]?.[3]],
    ['Beta', 'failed', 'apple', '1.00 s'],
    ['alpha', 'finished', 'Zebra', '8.00 s'],
    ['delta', 'scheduled', 'mango', '–'],
  ]);
  expect(columnOf(table, 'tags').map(({ text }) => text)).toEqual(['t=x', 't=y u', '', 't=x', '']);
  expect(textOf(html)).toContain('5 runs in all experiments');
  expect(textOf(html)).toContain('All 5 runs.');
  for (const name of ['Zebra', 'apple']) expect(hrefOf(columnOf(table, 'experiment').find(({ text }) => text === name)?.html ?? '', name)).toMatch(/^\/experiments\/\d+$/); // prettier-ignore
  expect(hrefOf(html, 'alpha')).toBe(`/runs/${idOf('a')}`);
});

it.each([
  ['?order=name', 'abdeg'],
  ['?order=-name', 'gedba'],
  ['?order=status', 'baegd'],
  ['?order=experiment', 'bdeag'],
  ['?order=-experiment', 'agdeb'],
  ['?order=duration', 'beagd'],
  ['?order=-duration', 'aebgd'],
  ['?order=start_time', 'abged'],
  ['?q=BETA', 'b'],
  ['?q=hot', 'b'],
  ['?q=nothing+like+it', ''],
  ['?status=finished', 'ea'],
  ['?status=failed&status=running', 'gb'],
  ['?status=finished&q=alpha', 'a'],
  ['?tag=t', 'ega'],
  ['?tag=t%3Dx', 'ea'],
  ['?tag=t&tag=u', 'g'],
  ['?status=trash', 'f'],
  ['?status=trash&q=alpha', ''],
])('/runs%s', async (query, found) => {
  expect(await letters(query)).toBe(found);
});

it('a search says what was searched for and how much was found, and keeps it', async () => {
  const html = await openPage(tracker, '/runs?q=a&status=finished&tag=t');
  expect(textOf(html)).toContain('Runs matching “a”1 run found');
  expect(html).toContain('name="q" value="a"');
  expect(html).toContain('<input type="hidden" name="status" value="finished">');
  expect(hrefOf(html, 't ×')).toBe('/runs?q=a&status=finished');
  expect(hrefOf(html, 'failed')).toBe('/runs?q=a&status=failed&tag=t');
  expect(hrefOf(html, 'All')).toBe('/runs?q=a&tag=t');
  const on = linksOf(html).filter(({ attributes }) => attributes.get('class') === 'on' && attributes.get('aria-current') === 'true'); // prettier-ignore
  expect(on.map(({ text }) => text)).toContain('finished');
  const none = await openPage(tracker, '/runs?q=nothing+like+it');
  expect(textOf(none)).toContain('No run matchesShow all runs');
  expect(textOf(none)).toContain('0 runs found');
});

it.each([
  ['run', 'name', '-name'],
  ['state', 'status', '-status'],
  ['experiment', '-experiment', 'experiment'],
  ['took', '-duration', 'duration'],
])('the head %s orders, and turns round', async (label, first, second) => {
  const target = (html: string, text: string): string | null =>
    new URL(hrefOf(html.slice(html.indexOf('<thead>'), html.indexOf('</thead>')), text), tracker.url).searchParams.get('order'); // prettier-ignore
  const shown = (order: string): string => `${label} ${order.startsWith('-') ? '▾' : '▴'}`;
  expect(target(await readPage(tracker, '/runs'), label)).toBe(first);
  const once = await readPage(tracker, `/runs?order=${first}`);
  expect(target(once, shown(first))).toBe(second);
  const sorted = tableOf(once).heads.filter(({ attributes }) => attributes.has('aria-sort'));
  expect(sorted.map(({ text, attributes }) => [text, attributes.get('aria-sort')])).toEqual([
    [shown(first), first.startsWith('-') ? 'descending' : 'ascending'],
  ]);
  expect(target(await readPage(tracker, `/runs?order=${second}`), shown(second))).toBe(first);
});

it('the trash has its count, its runs and their way back', async () => {
  const trash = await openPage(tracker, hrefOf(await readPage(tracker, '/runs'), 'trash (1)'));
  expect(lettersOf(trash)).toBe('f');
  expect(textOf(trash)).toContain('Restore ticked');
  expect(trash).toContain('<input type="hidden" name="back" value="/runs?status=trash">');
});

it('has fifty runs on a page, in order over the pages', async () => {
  for (let i = 1; i <= 51; i++) await addRun(tracker, { experiment: 'many', name: `p${i}`, start_time: -i });
  const first = await readPage(tracker, '/runs?q=p&tag=');
  expect(textOf(first)).toContain('1 to 50 of 52 runs.');
  const second = await openPage(tracker, hrefOf(first, 'Next'));
  expect(textOf(second)).toContain('51 to 52 of 52 runs.');
  const names = [first, second].flatMap((html) => tableOf(html).rows.map((row) => row[1]?.text));
  expect(names).toEqual(['alpha', ...Array.from({ length: 51 }, (_, i) => `p${i + 1}`)]);
});
