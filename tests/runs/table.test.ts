// tests/runs/table.test.ts
// Purpose: the run table of an experiment: orders, filters, pages, columns, best marks, the sentences and facts above it.
// Why: it is where people decide which run is best; a wrong order or mark is a wrong decision.
// Relevant files: runs/table/table.ts, runs/table/table-views.ts, runs/run-filter.ts, runs/table/experiment-views.ts

import { eq } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import { runs, RunStatus } from '../../runs/models.ts';
import { useTracker } from '../support/use.ts';
import {
  addRun,
  columnOf,
  hrefOf,
  idOf,
  linksOf,
  openPage,
  paragraphOf,
  readPage,
  tableOf,
  tablesOf,
  textOf,
} from './page-support.ts';

const { Finished, Failed, Killed, Running, Scheduled } = RunStatus;
const HEARD = 1_700_000_000_000;

const tracker = useTracker();
let path: string;

beforeAll(async () => {
  const same = { epochs: 15 };
  const metric = 'val/acc';
  const experiment_id = (
    await addRun(tracker, {
      ...{ id: 'a', name: 'alpha', status: Finished, start_time: 1_000_000, end_time: 1_005_000 },
      ...{ params: { ...same, lr: '0.01', width: 16, opt: 'adam', seed: 1 }, notes: 'a **quiet** evening' },
      ...{ tags: { baseline: '', dataset: 'digits', 'mlflow.user': 'me' } },
      metrics: { [metric]: [0.5, 0.7, 0.9], loss: [0.5], epoch: [1, 2, 3] },
    })
  ).experiment_id;
  await addRun(tracker, {
    ...{ id: 'b', name: 'Beta', status: Failed, start_time: 2_000_000, end_time: 2_002_000 },
    ...{ params: { ...same, lr: '0.1', width: 128, opt: 'sgd', seed: 2 }, tags: { dataset: 'digits', team: 'Vision' } },
    metrics: { [metric]: [0.6, 0.95], loss: [0.2], 'test/score': [1] },
  });
  await addRun(tracker, {
    ...{ id: 'c', name: 'gamma', status: Killed, start_time: 3_000_000, end_time: 3_009_000 },
    ...{ params: { ...same, lr: 'auto', width: '1e3', opt: 'adam', seed: 3 }, tags: { baseline: '', team: 'audio' } },
    metrics: { [metric]: [0.99, 'NaN'], loss: ['Infinity'] },
  });
  await addRun(tracker, {
    ...{ id: 'd', name: 'delta', status: Running, start_time: 4_000_000, params: { ...same, width: 9, seed: 4 } },
    metrics: { [metric]: [0.95], loss: [0.1] },
  });
  await addRun(tracker, { id: 'e', name: 'epsilon', status: Scheduled, params: { seed: 5 } });
  path = `/experiments/${experiment_id}`;
  await heardOf('a', HEARD + 5);
  await heardOf('b', HEARD);
  for (const id of ['c', 'd', 'e']) await heardOf(id, HEARD - 1);
});

/** As if the run had been heard of at that time. */
async function heardOf(id: string, time: number): Promise<void> {
  await tracker.app.store.write(async (tx) => {
    await tx
      .update(runs)
      .set({ heard_at: time })
      .where(eq(runs.id, idOf(id)));
  });
}

const runHeads = (html: string): string[] => tableOf(html).heads.map(({ text }) => text);
const names = (html: string): string[] => columnOf(tableOf(html), 'run').map(({ text }) => text);
/** First letters of the rows' names: `abc`. */
const letters = async (query: string): Promise<string> => {
  const html = await readPage(tracker, `${path}?${query}`);
  if (tablesOf(html).length === 0) return '';
  const run = tableOf(html).heads.findIndex(({ text }) => /^run\b/.test(text));
  return tableOf(html)
    .rows.map((row) => row[run]?.text[0]?.toLowerCase())
    .join('');
};

describe('order', () => {
  // What a run does not have comes last in both directions; equal ones by id.
  it.each([
    ['name', 'abdeg', 'gedba'],
    ['status', 'bagde', 'edgab'],
    ['number', 'abgde', 'edgba'],
    ['start_time', 'abgde', 'dgbae'],
    ['end_time', 'abgde', 'gbade'],
    ['duration', 'bagde', 'gabde'],
    ['created_at', 'abgde', null],
    ['params.width', 'dabge', 'gbade'],
    ['params.lr', 'abgde', 'gbade'],
    ['params.opt', 'agbde', 'bagde'],
    ['params.seed', 'abgde', 'edgba'],
    ['params.epochs', 'abgde', 'abgde'],
    ['params.nothing', 'abgde', 'abgde'],
    ['metrics.val/acc', 'abdge', 'bdage'],
    ['metrics.loss', 'dbage', 'gabde'],
    ['metrics.nothing', 'abgde', 'abgde'],
  ])('by %s', async (field, up, down) => {
    expect(await letters(`order=${encodeURIComponent(field)}`)).toBe(up);
    if (down !== null) expect(await letters(`order=${encodeURIComponent(`-${field}`)}`)).toBe(down);
  });

  it('is the newest first where nothing is said, and wrong ones are refused', async () => {
    expect(names(await openPage(tracker, path)).join(' ')).toBe('delta gamma Beta alpha epsilon');
    const html = await openPage(tracker, `${path}?order=colour`, 400);
    expect(textOf(html)).toContain('must be one of name, status');
  });

  it.each([
    ['run', 'name', 'name'],
    ['state', 'status', 'status'],
    ['width', 'params.width', '-params.width'],
    ['lr', 'params.lr', 'params.lr'],
    ['val/acc ↑', 'metrics.val/acc', '-metrics.val/acc'],
    ['loss ↓', 'metrics.loss', '-metrics.loss'],
    ['took', 'duration', '-duration'],
  ])('the head %s orders, and turns round when it is followed again', async (label, field, first) => {
    const follow = async (at: string, arrow: string, shown: string): Promise<[string, string | undefined]> => {
      const html = await readPage(tracker, at);
      const heads = tableOf(html).heads.filter(({ attributes }) => attributes.has('aria-sort'));
      expect(heads.map(({ text, attributes }) => [text, attributes.get('aria-sort')])).toEqual([[arrow, shown]]);
      const head = tableOf(html).heads.find(({ text }) => text.replace(/ [▴▾]$/, '') === label);
      const href = linksOf(head?.html ?? '')[0]?.href ?? '';
      return [href, new URL(href, tracker.url).searchParams.get('order') ?? undefined];
    };
    const is = (order: string | undefined): [string, string] =>
      order?.startsWith('-') ? [`${label} ▾`, 'descending'] : [`${label} ▴`, 'ascending'];
    const second = first.startsWith('-') ? field : `-${field}`;
    const [there, order] = await follow(`${path}?q=a&page=1`, 'started ▾', 'descending');
    expect(order).toBe(first);
    expect(new URL(there, tracker.url).searchParams.get('q')).toBe('a');
    const [back, turned] = await follow(there, ...is(first));
    expect(turned).toBe(second);
    expect((await follow(back, ...is(second)))[1]).toBe(first);
  });

  it('the head of the start says the usual order, which needs no argument', async () => {
    const html = await openPage(tracker, path);
    expect(hrefOf(html, 'started ▾')).toBe(`${path}?order=start_time`);
    expect(hrefOf(await openPage(tracker, `${path}?order=start_time`), 'started ▴')).toBe(`${path}?order=-start_time`);
  });
});

describe('filters', () => {
  it.each([
    ['q=BETA', 'b'],
    ['q=QUIET', 'a'],
    ['q=vision', 'b'],
    ['q=TEAM', 'bg'],
    [`q=${idOf('c')}`, 'g'],
    ['q=no+such', ''],
    ['status=finished', 'a'],
    ['status=failed&status=killed', 'bg'],
    ['status=scheduled', 'e'],
    ['tag=baseline', 'ag'],
    ['tag=team', 'bg'],
    ['tag=team%3Daudio', 'g'],
    ['tag=baseline&tag=team', 'g'],
    ['tag=dataset%3Ddigits&q=alpha', 'a'],
    ['tag=baseline&status=finished', 'a'],
  ])('%s', async (query, found) => {
    expect(await letters(`${query}&order=number`)).toBe(found);
  });

  it('say what is hidden, keep what was typed, and lead back', async () => {
    const html = await openPage(tracker, `${path}?q=alpha&status=finished&tag=baseline`);
    expect(textOf(html)).toContain('4 filtered out, show all.');
    expect(hrefOf(html, 'show all')).toBe(path);
    expect(html).toContain('name="q" value="alpha"');
    expect(html).toContain('<input type="hidden" name="status" value="finished">');
    expect(hrefOf(html, 'All')).toBe(`${path}?q=alpha&tag=baseline`);
    expect(hrefOf(html, 'failed')).toBe(`${path}?q=alpha&status=failed&tag=baseline`);
    expect(hrefOf(html, 'baseline ×')).toBe(`${path}?q=alpha&status=finished`);
    const current = linksOf(html).filter((link) => link.attributes.get('aria-current') === 'true');
    expect(current.map(({ text }) => text)).toEqual(['Experiments', 'finished']);
    expect(textOf(await openPage(tracker, `${path}?q=no+such`))).toContain('No run matchesShow all runs');
  });

  it('leave the facts those of the whole experiment, and make the sentence one about what is shown', async () => {
    const facts = (html: string): string => textOf(/<div class="facts">([\s\S]*?)<\/div>\s*<p/.exec(html)?.[1] ?? '');
    const whole = await openPage(tracker, path);
    const some = await openPage(tracker, `${path}?status=finished`);
    expect(facts(some)).toBe(facts(whole));
    expect(facts(whole)).toMatch(/^runs5state1 scheduled · 1 stalled · 1 finished · 1 failed · 1 killedpoints16last/);
    expect(whole).toMatch(new RegExp(`last activity</span><b><time datetime="${new Date(HEARD + 5).toISOString()}"`));
    expect(paragraphOf(some, 'lead')).toContain('0.9000 at step 3: alpha');
  });
});

describe('columns', () => {
  it('are the params that differ, most varied first, seeds last; then the telling metrics', async () => {
    const html = await openPage(tracker, path);
    expect(runHeads(html)).toEqual([
      ...['tick', 'run', 'state', 'width', 'lr', 'opt', 'seed'],
      ...['val/acc ↑', 'test/score ↑', 'loss ↓', 'took', 'started ▾', 'tags'],
    ]);
    const rows = Object.fromEntries(
      tableOf(html).rows.map((row) => [row[1]?.text ?? '', row.slice(2, -2).map(({ text }) => text)]),
    );
    expect(rows['alpha']).toEqual(['finished', '16', '0.01', 'adam', '1', '0.9000', '–', '0.5000', '5.00 s']);
    expect(rows['Beta']).toEqual(['failed', '128', '0.1', 'sgd', '2', '0.9500', '1', '0.2000', '2.00 s']);
    expect(rows['gamma']).toEqual(['killed', '1e3', 'auto', 'adam', '3', 'NaN', '–', '∞', '9.00 s']);
    expect(rows['delta']).toEqual(['stalled', '9', '–', '–', '4', '0.9500', '–', '0.1000', '–']);
    expect(rows['epsilon']).toEqual(['scheduled', '–', '–', '–', '5', '–', '–', '–', '–']);
    const chips = columnOf(tableOf(html), 'val/acc ↑').map(({ html: cell }) => /title="([^"]*)"/.exec(cell)?.[1]);
    expect(chips).toEqual([undefined, '1 NaN/Inf from step 2', undefined, undefined, undefined]);
    const [delta, , beta] = columnOf(tableOf(html), 'val/acc ↑');
    expect([delta?.title, beta?.title]).toEqual(['0.95 at step 1', '0.95 at step 2']);
  });

  it('say once what is the same in all runs', async () => {
    const html = await openPage(tracker, path);
    expect(paragraphOf(html, 'same')).toBe('Same in all 5 runs that have it: epochs 15 · dataset digits.');
    expect(html).toContain('title="15 · set in 4 runs"');
    const one = await openPage(tracker, `${path}?q=alpha`);
    expect(paragraphOf(one, 'same')).toMatch(/^Params: epochs 15 · lr 0.01 · opt adam · seed 1 · width 16\. 4 filt/);
    expect(runHeads(one)).not.toContain('lr');
  });

  it('are eight params at most; the others are named with how many values they have', async () => {
    const params = (run: number): Record<string, number> =>
      Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`p${String(i).padStart(2, '0')}`, run * (i % 2)]));
    let id = 0;
    for (const run of [1, 2, 3]) {
      const made = { experiment: 'wide', params: { ...params(run), fold: run, x: run > 1 } };
      id = (await addRun(tracker, made)).experiment_id;
    }
    const html = await openPage(tracker, `/experiments/${id}`);
    expect(runHeads(html).slice(3, -2)).toEqual(['p01', 'p03', 'p05', 'p07', 'p09', 'x', 'fold']);
    for (const run of [1, 2, 3])
      await addRun(tracker, { experiment: 'wide', params: { a: run, b: run, c: run, d: 7 } });
    const wide = await openPage(tracker, `/experiments/${id}`);
    expect(runHeads(wide).slice(3, -2)).toEqual(['a', 'b', 'c', 'p01', 'p03', 'p05', 'p07', 'p09']);
    expect(textOf(wide)).toContain('2 more params differx (2) · fold (3)');
  });
});

it('a metric that all runs ended with alike is said once, in a line, and not in a column', async () => {
  const metrics = { acc: [0.5], loss: [0.2], 'train/loss': [7], width: [3] };
  const run = { experiment: 'constant', status: Finished };
  const { experiment_id } = await addRun(tracker, { ...run, metrics });
  const page = `/experiments/${experiment_id}`;
  const alone = await readPage(tracker, page);
  expect(textOf(alone)).not.toContain('equal at the end');
  await addRun(tracker, { ...run, metrics: { ...metrics, acc: [0.6], loss: [0.3] } });
  const html = await openPage(tracker, page);
  expect(textOf(html)).toContain('Metrics that were equal at the end of all runs: train/loss 7');
  const headsOf = (text: string): string =>
    tableOf(text)
      .heads.map((head) => head.text)
      .join(' ');
  expect(headsOf(html)).not.toContain('train/loss');
  const asked = await readPage(tracker, `${page}?column=metrics.train/loss`);
  expect(headsOf(asked)).toContain('train/loss');
  expect(textOf(asked)).not.toContain('equal at the end');
});
