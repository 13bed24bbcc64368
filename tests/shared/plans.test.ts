// tests/shared/plans.test.ts
// Purpose: every statement that a page or an API read asks, with each filter and order, goes along an index: SQLite says so.
// Why: one scan of params or metrics is not felt with 27 runs, and is the whole page's time with 100,000.
// Relevant files: runs/queries.ts, runs/ranking-queries.ts, runs/tally-queries.ts, tests/support/asked.ts

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askedOf, connectionOf } from '../support/asked.ts';
import { startSeeded, type SeededTracker } from '../support/seeded.ts';

/** Tables that grow with what is logged: no read may go through all of one. */
const LARGE = ['points', 'metrics', 'params', 'rollups', 'run_tags', 'artifacts', 'experiment_values'];

/** Runs may be walked in the order of an index until a page is full, and their names are searched along one. */
const ALONG_AN_INDEX = ['runs', 'experiment_keys'];

let tracker: SeededTracker;
let asked: string[] = [];
beforeAll(async () => {
  tracker = await startSeeded();
  // What goes on is looked at one by one.
  await tracker.api('POST', '/api/runs', { experiment_id: tracker.digits, name: 'live', start_time: 1 });
  asked = await askedOf(tracker.app.store.read, readEverything);
});
afterAll(() => tracker.stop());

async function readEverything(): Promise<void> {
  const { items } = (await tracker.api<{ items: { id: string }[] }>('GET', `/api/runs?experiment=${tracker.digits}`))
    .body;
  const [one, other] = items.map(({ id }) => id);
  const { body } = await tracker.api<{ items: { key: string }[] }>('GET', `/api/runs/${one}/metrics`);
  const key = encodeURIComponent(body.items[0]?.key ?? '');
  const refused: string[] = [];
  for (const path of [...listsOf(), ...readsOf(one ?? '', other ?? '', key)]) {
    const { status } = await tracker.get(path);
    if (status !== 200) refused.push(`${status} ${path}`);
  }
  expect(refused).toEqual([]);
}

const FILTERS = [
  '',
  'q=mlp',
  'q=no+such+run',
  'status=failed',
  'status=running&status=finished',
  'status=trash',
].concat([
  'tag=baseline',
  'tag=dataset%3Ddigits',
  'tag=baseline&tag=dataset%3Ddigits&q=a',
  'status=trash&q=a&tag=baseline',
  `where=${encodeURIComponent('metrics.val/loss < 1 and (params.lr > 0 or tag:baseline) and name ~ m and dataset is null')}`,
  `where=${encodeURIComponent('mlp (min(metrics.loss) < 1 or at(metrics.loss, 3) > 0)')}`,
]);
const ORDERS = [
  'name',
  '-start_time',
  'duration',
  'status',
  'number',
  'created_at',
  'end_time',
  'params.lr',
  '-metrics.val/accuracy',
];

/** Each list with each filter, and with each order. */
function listsOf(): string[] {
  const lists = ['/runs', '/api/runs', `/experiments/${tracker.digits}`, `/api/runs?experiment=${tracker.digits}`];
  const onLists = lists.flatMap((list) =>
    [
      ...FILTERS,
      ...ORDERS.map((order) => `order=${order}`),
      'q=mlp&order=-metrics.val/accuracy',
      'status=finished&order=-metrics.val/accuracy',
    ]
      .filter((query) => !(list.startsWith('/api') && query.includes('trash')))
      .map((query) => `${list}${list.includes('?') ? '&' : '?'}${query}`),
  );
  const others = ['/experiments', '/api/experiments', '/tags', '/api/tags'].flatMap((list) => [
    list,
    `${list}?q=digits`,
  ]);
  const sorted = ['name', '-runs', 'status', '-created_at'].map((order) => `/experiments?order=${order}`);
  return [...onLists, ...others, ...sorted, '/experiments?status=trash', '/experiments?tag=example'];
}

function readsOf(one: string, other: string, key: string): string[] {
  const of = `/api/runs/${one}`;
  return [
    ...[of, `${of}/metrics`, `${of}/artifacts`],
    ...[`${of}/points?key=${key}`, `${of}/curve?key=${key}`, `/api/compare?run=${one}&run=${other}`],
    ...[`/runs/${one}`, `/runs/${one}?find=loss`, `/runs/${one}/trash`, `/compare?run=${one}&run=${other}`],
    ...[`/api/experiments/${tracker.digits}`, `/experiments/${tracker.digits}/trash`, '/status', '/exports', '/tags/1'],
    ...[
      `/experiments/${tracker.digits}/groups`,
      `/experiments/${tracker.digits}/groups.csv?by=params.lr&by=tags.dataset`,
    ],
    ...['/tags/1/merge?into=2', '/tags/1/trash', '/api/tags/1', `/curves?run=${one}&key=${key}`],
  ];
}

function planOf(text: string): string[] {
  const plan = connectionOf(tracker.app.store.read)
    .prepare(`explain query plan ${text}`)
    .all(...Array<null>((text.match(/\?/g) ?? []).length).fill(null)) as { detail: string }[];
  return plan.map(({ detail }) => detail);
}

/** `SCAN m` and the like: what SQLite reads whole, by the names of its tables. */
function scansOf(text: string): { table: string; step: string }[] {
  const names = new Map<string, string>();
  for (const [, table = '', alias = table] of text.matchAll(
    /\b(?:from|join)\s+"?(\w+)"?(?:\s+(?:as\s+)?"?(?!on\b|where\b|inner\b|left\b|cross\b|join\b|order\b|group\b|limit\b|union\b)(\w+)"?)?/gi,
  ))
    names.set(alias, table).set(table, table);
  return planOf(text).flatMap((detail) => {
    const [, alias = ''] = /^SCAN (\w+)/.exec(detail) ?? /^SEARCH (\w+) USING AUTOMATIC/.exec(detail) ?? [];
    return alias === '' ? [] : [{ table: names.get(alias) ?? alias, step: `${detail}\n  of ${text}` }];
  });
}

describe('what pages and API reads ask', () => {
  const reads = (): string[] => [...new Set(asked)].filter((text) => /^\s*(select|with)\b/i.test(text));

  it('is a few dozen statements, over every table', () => {
    expect(reads().length).toBeGreaterThan(60);
    for (const table of [...LARGE, ...ALONG_AN_INDEX])
      if (table !== 'rollups')
        expect(
          reads().some((text) => text.includes(table)),
          table,
        ).toBe(true);
  });

  it('reads no large table whole', () => {
    const scans = reads().flatMap(scansOf);
    expect(scans.filter(({ table }) => LARGE.includes(table)).map(({ step }) => step)).toEqual([]);
  });

  it.each([
    ['runs that go on', 'select seq from runs where experiment_id = ? and settled = 0', 'runs_open'],
    ['children', 'parent_id is not null and +trashed_at is null', 'runs_children'],
    ['the children of a run', '"runs"."parent_id" = ?', 'runs_parent'],
  ])('finds %s by the index that holds nothing else', (_, part, index) => {
    const found = reads().filter((text) => text.includes(part));
    expect(found).not.toEqual([]);
    for (const text of found) expect(planOf(text).join('\n'), text).toContain(`INDEX ${index} `);
  });

  it('looks at the few runs that go on by their numbers, never by walking over all of the experiment', () => {
    const found = reads().filter((text) => text.includes('"runs"."seq" in (') && text.includes('"metrics"."key" = ?'));
    expect(
      found.some((text) => text.includes('"runs"."status" in (')),
      found.join('\n'),
    ).toBe(true);
    for (const text of found) expect(planOf(text).join('\n'), text).not.toMatch(/SEARCH runs USING (COVERING )?INDEX /);
  });

  it('goes through runs along an index only, but to sort those of all experiments', () => {
    const scans = reads()
      .filter((text) => !sortsAll(text))
      .flatMap(scansOf);
    const bare = scans.filter(
      ({ table, step }) => ALONG_AN_INDEX.includes(table) && !/ USING (COVERING )?INDEX /.test(step),
    );
    expect(bare.map(({ step }) => step)).toEqual([]);
  });
});

/** `/runs?order=duration`: an order that a person asks for over all experiments; there is no index for each of them. */
function sortsAll(text: string): boolean {
  const isUsual = text.includes('"runs"."start_time" as "order_value"') || text.includes('"runs"."experiment_id" = ?');
  return text.includes('order by order_value') && !isUsual;
}

describe('the check itself', () => {
  it.each([
    ['select * from params where value = ?', 'params'],
    ['select m.key from metrics m where m.last_value > ?', 'metrics'],
    ['select count(*) from "points"', 'points'],
    ['select r.id from runs r join run_tags h on h.value = r.name', 'run_tags'],
  ])('sees %s', (text, table) => {
    expect(scansOf(text).map((scan) => scan.table)).toContain(table);
  });
});
