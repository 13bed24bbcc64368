// tests/runs/table-files.test.ts
// Purpose: the files of a run table hold exactly its view: random views against the API, every digit, best in bold, escapes, pages.
// Why: what is cited from a file must be what the page showed, and all of it.
// Relevant files: runs/view/table-file.ts, runs/view/table-formats.ts, runs/view/table-routes.ts

import { beforeAll, expect, it } from 'vitest';
import { RunStatus } from '../../runs/models.ts';
import type { RunDetail } from '../../runs/schemas.ts';
import { unguard } from '../../shared/cells.ts';
import { readCsv } from '../exports/support.ts';
import { faultsInLatex } from '../support/latex.ts';
import { randomFrom } from '../support/random.ts';
import { useTracker } from '../support/use.ts';
import { addRun, columnOf, linksOf, openPage, tableOf } from './page-support.ts';

const COUNT = 60;
const NAMES = ['plain', '100% of_it & #1', '=cmd', 'a|b `c`', '<b>--></b>', '日本', '"q", r'];

const tracker = useTracker();
let path: string;
let id: number;
const all = new Map<string, RunDetail>();
const random = randomFrom(7);
const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;

beforeAll(async () => {
  for (let i = 0; i < COUNT; i++) {
    const value = (): number | 'NaN' | 'Infinity' => pick([random(), random() * 1e-9, 'NaN', 'Infinity', 3, 1 / 3]);
    const run = await addRun(tracker, {
      name: `${pick(NAMES)} ${i % 9}`,
      ...(random() < 0.9 ? { start_time: 1_700_000_000_000 + Math.floor(random() * 5) } : {}),
      status: pick(['running', 'finished', 'failed']),
      params: {
        ...(random() < 0.8 ? { lr: pick(['0.1', '1e-3', 'auto', '']) } : {}),
        'model.layers': i % 4,
        'a,b': 'x',
      },
      tags: random() < 0.5 ? { team: pick(['vision', 'audio, 2']), baseline: '' } : {},
      metrics: { ...(random() < 0.8 ? { 'val/acc': [value(), value()] } : {}), loss: [value()] },
    });
    all.set(run.id, run);
    id = run.experiment_id;
  }
  path = `/experiments/${id}`;
});

const file = async (query: string, format: string, status = 200): Promise<string> => {
  const answer = await fetch(`${tracker.url}${path}/runs.${format}?${query}`);
  const text = await answer.text();
  expect(answer.status, text).toBe(status);
  return text;
};

const COLUMNS = ['status', 'number', 'params.lr', 'params.model.layers', 'params.a,b', 'params.none', 'metrics.val/acc', 'metrics.loss', 'tags.team', 'start_time', 'tags']; // prettier-ignore
const ORDERS = ['name', '-name', 'status', '-start_time', 'params.lr', '-params.model.layers', 'metrics.val/acc', '-metrics.loss', 'number']; // prettier-ignore

function randomView(): { filter: URLSearchParams; columns: string[] } {
  const filter = new URLSearchParams();
  for (let keys = Math.floor(random() * 4); keys > 0; keys--) filter.append('order', pick(ORDERS));
  if (random() < 0.3) filter.append('status', pick(['finished', 'failed']));
  if (random() < 0.3) filter.append('tag', pick(['team', 'baseline', 'team=vision']));
  if (random() < 0.3) filter.append('where', pick(['metrics.loss < 0.5', 'params.lr = auto or number > 20', 'not tag:team']));
  if (random() < 0.2) filter.append('q', pick(['plain', '日本', 'nothing like it']));
  return { filter, columns: [...new Set(Array.from({ length: 1 + Math.floor(random() * 6) }, () => pick(COLUMNS)))] };
} // prettier-ignore

/** What a run's cell must be, from the API alone. */
function cellOf(run: RunDetail, column: string): string {
  const metric = column.startsWith('metrics.') ? run.metrics[column.slice(8)] : undefined;
  if (column.startsWith('metrics.')) return metric === undefined ? '' : String(metric.last.value);
  if (column.startsWith('params.')) return run.params[column.slice(7)] ?? '';
  if (column.startsWith('tags.')) return run.tags[column.slice(5)] ?? '';
  if (column === 'start_time') return run.start_time === null ? '' : new Date(run.start_time).toISOString();
  if (column === 'tags')
    return Object.entries(run.tags)
      .map(([key, value]) => (value === '' ? key : `${key}=${value.includes(',') ? JSON.stringify(value) : value}`))
      .sort()
      .join(', ');
  return String(run[column as 'id']);
}

it('random views: the rows of CSV and JSON are those of the API, in its order, with every digit', async () => {
  for (let view = 0; view < 25; view++) {
    const { filter, columns } = randomView();
    const list = await tracker.api<{ items: RunDetail[]; total: number }>(
      'GET',
      `/api/runs?experiment=${id}&limit=1000&${filter.toString()}`,
    );
    const query = [filter.toString(), ...columns.map((column) => `column=${encodeURIComponent(column)}`)].join('&');
    const expected = list.body.items.map((run) =>
      columns.map((column) => cellOf(all.get(run.id) as RunDetail, column)),
    );
    const rows = readCsv(await file(query, 'csv'));
    expect(rows.map((row) => row['id']), query).toEqual(list.body.items.map((run) => run.id)); // prettier-ignore
    const cells = rows.map((row) =>
      Object.values(row)
        .slice(2)
        .map((cell, place) =>
          columns[place] === 'tags' ? unguard(cell).split(', ').sort().join(', ') : unguard(cell),
        ),
    );
    const sorted = expected.map((row) => row.map((cell, place) => (columns[place] === 'tags' ? cell.split(', ').sort().join(', ') : cell))); // prettier-ignore
    expect(cells, query).toEqual(sorted);
    const json = JSON.parse(await file(query, 'json')) as { total: number; runs: { id: string; values: object }[] };
    expect(json.total).toBe(list.body.total);
    expect(json.runs.map((run) => run.id)).toEqual(list.body.items.map((run) => run.id));
    expect(json.runs.map((run) => Object.keys(run.values).length)).toEqual(json.runs.map(() => columns.length));
  }
});

it('are the same rows and columns as the page, which links them', async () => {
  const query = 'order=-metrics.loss&order=name&limit=25&column=params.lr&column=metrics.loss';
  const html = await openPage(tracker, `${path}?${query}&page=2`);
  const names = columnOf(tableOf(html), 'run ▴2').map(({ title, text }) => title || text);
  const page = readCsv(await file(`${query}&page=2`, 'csv'));
  expect(page.map((row) => unguard(row['name'] ?? ''))).toEqual(names);
  expect(readCsv(await file(query, 'csv'))).toHaveLength(COUNT);
  for (const ending of ['csv', 'json', 'md', 'tex']) {
    const href = linksOf(html).find(({ text, href: at }) => text === ending && at.includes('/runs.'))?.href ?? '';
    expect(href).toContain(`${path}/runs.${ending}?order=-metrics.loss&order=name`);
    expect((await fetch(tracker.url + href)).status).toBe(200);
  }
  // Without a choice both choose the same.
  const heads = Object.keys(readCsv(await file('', 'csv'))[0] ?? {});
  expect(heads.slice(0, 4)).toEqual(['id', 'name', 'status', 'params.lr']);
  expect(heads).toContain('metrics.val/acc (last value)');
  expect(heads).toContain('duration (s)');
  expect(await file('column=number&column=id&q=nothing+like+it', 'csv')).toBe('name,number,id\r\n');
});

it('Markdown and LaTeX are tables with the best in bold, the rule said, and nothing that breaks them', async () => {
  const query = 'order=number&column=status&column=metrics.val/acc&column=params.lr&column=tags';
  const markdown = await file(query, 'md');
  const [comment = '', , head = '', rule = '', ...rows] = markdown.trimEnd().split('\n');
  expect(comment).toMatch(/^<!-- 60 runs of pages; .*val\/acc: last value, higher is better.* -->$/);
  expect(head).toBe('| run | state | val/acc ↑ | lr | tags |');
  expect(rule).toBe('| --- | --- | ---: | --- | --- |');
  expect(rows).toHaveLength(COUNT);
  for (const row of rows) expect(row.replace(/\\\|/g, '').split('|')).toHaveLength(7);
  const values = [...all.values()].map((run) => run.metrics['val/acc']?.last.value ?? NaN).filter(Number.isFinite);
  const best = values.filter((value) => value === Math.max(...values)).length;
  expect(rows.filter((row) => row.includes('**'))).toHaveLength(best);
  const latex = await file(query, 'tex');
  expect(latex).toContain('\\begin{tabular}{llrll}');
  expect(latex.match(/\\textbf/g)).toHaveLength(best);
  expect(latex).toContain('100\\% of\\_it \\& \\#1');
  expect(latex).toContain('% val/acc: last value, higher is better (guessed from the name)');
  expect(faultsInLatex(latex)).toEqual([]);
});

it('pinned runs stand first and hidden ones are left out, as on the page', async () => {
  const [first, second, third] = [...all.values()]
    .filter(({ number }) => [1, 2, 60].includes(number))
    .map((run) => run.id);
  const rows = readCsv(await file(`order=number&column=number&pin=${third}&hide=${second}`, 'csv'));
  expect(rows.map((row) => row['id']).slice(0, 2)).toEqual([third, first]);
  expect(rows).toHaveLength(COUNT - 1);
});

it('a saved view has files, too; what is wrong is a 4xx before the first byte; none and one row are tables', async () => {
  const saved = await tracker.api<{ id: number }>('POST', '/api/views', {
    ...{ experiment_id: id, name: 'few', query: 'where=number+<+4&column=number&order=number' },
  });
  const rows = readCsv(await file(`view=${saved.body.id}`, 'csv'));
  expect(rows.map((row) => row['number'])).toEqual(['1', '2', '3']);
  expect(await file('where=number+%3D+1&column=metrics.loss', 'tex')).not.toContain('\\textbf');
  expect(readCsv(await file('q=nothing+like+it', 'csv'))).toEqual([]);
  expect((JSON.parse(await file('q=nothing+like+it', 'json')) as { runs: [] }).runs).toEqual([]);
  expect(await file('q=nothing+like+it', 'md')).toContain('| run |');
  for (const wrong of ['order=colour', 'column=colour', 'where=and', 'page=0', 'limit=7', 'colour=red'])
    for (const format of ['csv', 'tex']) await file(wrong, format, 400);
  await file('view=99', 'csv', 404);
  const nowhere = await fetch(`${tracker.url}/experiments/99/runs.csv`);
  expect(nowhere.status).toBe(404);
});

it('the list of all runs is a file, too: its rows, order and filter, the experiment of each', async () => {
  const other = await addRun(tracker, { experiment: 'another, one', name: 'last', start_time: 1_800_000_000_000 });
  const get = async (target: string, status = 200): Promise<string> => {
    const answer = await fetch(tracker.url + target);
    const text = await answer.text();
    expect(answer.status, text).toBe(status);
    return text;
  };
  const html = await openPage(tracker, '/runs?order=-start_time&order=name&limit=25&where=number+<+99');
  const hrefs = Object.fromEntries(
    linksOf(html).flatMap(({ text, href }) => (href.startsWith('/runs.') ? [[text, href]] : [])),
  ) as Record<string, string>;
  expect(Object.keys(hrefs)).toEqual(['csv', 'json', 'md', 'tex']);
  const rows = readCsv(await get(hrefs['csv'] ?? ''));
  expect(Object.keys(rows[0] ?? {})).toEqual([
    'id',
    'name',
    'status',
    'experiment',
    'duration (s)',
    'start_time',
    'tags',
  ]);
  expect(rows).toHaveLength(COUNT + 1);
  expect(rows[0]).toMatchObject({ id: other.id, experiment: 'another, one', start_time: '2027-01-15T08:00:00.000Z' });
  const { body } = await tracker.api<{ items: { id: string }[] }>(
    'GET',
    '/api/runs?order=-start_time&order=name&limit=100',
  );
  expect(rows.map((row) => row['id'])).toEqual(body.items.map((run) => run.id));
  const json = JSON.parse(await get('/runs.json?status=failed&limit=25&page=1')) as { experiment: null; total: number; runs: { values: { status: string } }[] }; // prettier-ignore
  const failed = [...all.values()].filter((run) => run.status === RunStatus.Failed).length;
  expect([json.experiment, json.total, json.runs.length]).toEqual([null, failed, Math.min(25, failed)]);
  expect(json.runs.every((run) => run.values.status === RunStatus.Failed)).toBe(true);
  const markdown = await get('/runs.md?q=last');
  expect(markdown).toContain('<!-- 1 run in all experiments -->');
  expect(markdown).toContain('| run | state | experiment | took | started (UTC) |');
  expect(markdown).toContain('| last | running | another, one | – | 2027-01-15 08:00:00 |');
  expect(faultsInLatex(await get(hrefs['tex'] ?? ''))).toEqual([]);
  expect(await get('/runs.csv?where=nonsense+>', 400)).toContain('where');
  expect(await get('/runs.csv?order=nonsense', 400)).toContain('order');
});

it('a file of all runs is known until a run changes', async () => {
  const first = await fetch(`${tracker.url}/runs.csv`);
  const again = async (): Promise<number> =>
    (await fetch(`${tracker.url}/runs.csv`, { headers: { 'if-none-match': first.headers.get('etag') ?? '' } })).status;
  await first.text();
  expect(await again()).toBe(304);
  await addRun(tracker, { experiment: 'another, one', name: 'newer' });
  expect(await again()).toBe(200);
  expect((await fetch(`${tracker.url}/runs.csv?where=started+>+-1d`)).headers.get('etag')).toBeNull();
});
