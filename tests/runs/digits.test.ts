// tests/runs/digits.test.ts
// Purpose: the 27 real runs: two of them compared, the table of all, and where each stands.
// Why: the first thing the tracker has to show is true numbers of real trainings.
// Relevant files: imports/digits.pack, runs/compare/compare.ts, runs/table/table.ts, runs/run/neighbours.ts

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunDetail } from '../../runs/schemas.ts';
import { tagsOf } from '../support/html.ts';
import { startSeeded, type SeededTracker } from '../support/seeded.ts';
import {
  columnOf,
  hrefOf,
  linesOf,
  linksOf,
  openPage,
  paragraphOf,
  readPage,
  tableOf,
  textOf,
  type Cell,
} from './page-support.ts';

const MAIN = 'val/accuracy';

let tracker: SeededTracker;
let runs: Map<string, RunDetail>;

beforeAll(async () => {
  tracker = await startSeeded();
  const { body } = await tracker.api<{ items: { id: string }[] }>(
    'GET',
    `/api/runs?experiment=${tracker.digits}&limit=100`,
  );
  const whole = body.items.map(async ({ id }) => (await tracker.api<RunDetail>('GET', `/api/runs/${id}`)).body);
  runs = new Map((await Promise.all(whole)).map((run) => [run.name, run]));
  expect(runs.size).toBe(27);
});
afterAll(() => tracker.stop());

function named(name: string): RunDetail {
  const run = runs.get(name);
  if (!run) throw new Error(`there is no run ${name}`);
  return run;
}

const lastOf = (run: RunDetail, key: string): number => Number(run.metrics[key]?.last.value ?? NaN);
const shown = (value: number): string => value.toFixed(4);

describe('two runs compared', () => {
  const [good, poor] = ['adam-lr0.01-w64-s2', 'sgd-lr0.01-w16-s2'] as const;
  let html: string;
  beforeAll(async () => {
    html = await openPage(tracker, `/compare?run=${named(good).id}&run=${named(poor).id}`);
  });

  it('show the params that differ, and the equal ones in one line', () => {
    const table = tableOf(html, 0);
    expect(table.heads.map(({ text }) => text)).toEqual(['param', `${good} ×`, `${poor} ×`]);
    const { optimizer, width, seed, lr, epochs, batch_size } = linesOf(table);
    expect({ optimizer, width, seed, lr, epochs, batch_size }).toEqual({
      ...{ optimizer: ['adam', 'sgd'], width: ['64', '16'] },
      ...{ seed: undefined, lr: undefined, epochs: undefined, batch_size: undefined },
    });
    const equal = 'Equal: batch_size 64 · dataset digits · epochs 15 · lr 0.01 · seed 2';
    expect(paragraphOf(html, 'same')).toContain(equal);
  });

  it('show the last values, the better one marked', () => {
    const table = tableOf(html, 1);
    expect(Object.fromEntries(table.rows.map((row) => row.map(({ text }) => text)).map(([key, ...rest]) => [key, rest]))).toEqual({
      'val/accuracy ↑': ['0.9778', '0.7056'],
      'val/loss ↓': ['0.0703', '1.5268'],
      'train/loss ↓': ['0.0014', '1.6490'],
      'train/grad_norm': ['0.0106', '0.7392'],
    }); // prettier-ignore
    const marks = (row: Cell[]): string[] => row.slice(1).map(({ classes }) => classes.slice(1).join(' '));
    expect(table.rows.map(marks)).toEqual([
      ['best', ''],
      ['dn best', ''],
      ['dn best', ''],
      ['', ''],
    ]);
    expect(paragraphOf(html, 'lead')).toBe(
      `Best val/accuracy 0.9778: ${good}, 0.2722 above ${poor} (highest last value)`,
    );
  });

  it('draw a curve of each run in a chart for each metric', () => {
    const charts = [...html.matchAll(/<figure class="chart[\s\S]*?<\/figure>/g)].map(([figure]) => figure);
    const names = charts.map((chart) => textOf(/<figcaption>[\s\S]*?<b>([\s\S]*?)<\/b>/.exec(chart)?.[1] ?? ''));
    expect(names).toEqual([MAIN, 'val/loss', 'train/loss', 'train/grad_norm']);
    for (const chart of charts) {
      const legend = linksOf(/<ul class="legend">[\s\S]*?<\/ul>/.exec(chart)?.[0] ?? '');
      expect(legend.map(({ text }) => text)).toEqual(['adam, width 64', 'sgd, width 16']);
      const drawing = /<div class="drawing">([\s\S]*?)<\/div>/.exec(chart)?.[1] ?? '';
      const lines = tagsOf(drawing).filter(
        ({ name, attributes }) => name === 'path' && attributes.get('class')?.split(' ').includes('line'),
      );
      expect(lines.length).toBeGreaterThanOrEqual(2);
      for (const { attributes } of lines) expect(attributes.get('d')?.match(/[\d.]+/g)?.length).toBeGreaterThan(20);
    }
  });

  it('say the same as JSON', async () => {
    const { body } = await tracker.api<{ metrics: { key: string; best: string[] }[]; params: { differ: object[] } }>(
      'GET',
      hrefOf(html, 'JSON'),
    );
    expect(body.params.differ).toEqual([
      { key: 'optimizer', values: ['adam', 'sgd'] },
      { key: 'width', values: ['64', '16'] },
    ]);
    expect(Object.fromEntries(body.metrics.map(({ key, best }) => [key, best]))).toEqual({
      ...{ 'val/accuracy': [named(good).id], 'val/loss': [named(good).id], 'train/loss': [named(good).id] },
      ...{ 'train/grad_norm': [], epoch: [] },
    });
  });
});

describe('the table', () => {
  it('has the params of the sweep as columns, and the best of 25 in a sentence', async () => {
    const html = await openPage(tracker, `/experiments/${tracker.digits}`);
    const heads = tableOf(html).heads.map(({ text }) => text);
    expect(heads.slice(3, 11)).toEqual([
      ...['lr', 'epochs', 'optimizer', 'width', 'seed', 'val/accuracy ↑', 'val/loss ↓', 'train/loss ↓'],
    ]);
    expect(paragraphOf(html, 'lead')).toBe(
      'Best val/accuracy 0.9778 at step 300: adam-lr0.01-w64-s2 (highest last value, of 25 runs that logged it)',
    );
    expect(textOf(html)).toContain('It has lr 0.01 · epochs 15 · optimizer adam · width 64 · seed 2');
    const cells = columnOf(tableOf(html), 'val/accuracy ↑');
    const marked = tableOf(html).rows.filter((_, place) => cells[place]?.classes.includes('best'));
    expect(marked.map((row) => row[1]?.text)).toEqual(['adam-lr0.01-w64-s2']);
    expect(textOf(html)).toContain('points15,696');
  });

  it('is in the order of the values, whatever it is ordered by', async () => {
    const ordered = async (order: string): Promise<string[]> => {
      const html = await readPage(tracker, `/experiments/${tracker.digits}?order=${encodeURIComponent(order)}`);
      return tableOf(html).rows.map((row) => row[1]?.text ?? '');
    };
    for (const key of [MAIN, 'val/loss', 'train/loss']) {
      for (const sign of [1, -1]) {
        const names = await ordered(`${sign < 0 ? '-' : ''}metrics.${key}`);
        const values = names.map((name) => lastOf(named(name), key));
        const numbers = values.filter((value) => !Number.isNaN(value));
        expect(values.slice(0, numbers.length), key).toEqual(numbers.toSorted((a, b) => sign * (a - b)));
        expect(names.toSorted()).toEqual([...runs.keys()].toSorted());
      }
    }
    const rates = (await ordered('-params.lr')).map((name) => Number(named(name).params['lr'] ?? NaN));
    expect([rates[0], rates[1], rates.at(-2), rates.at(-1)]).toEqual([1e38, 0.1, 0.01, NaN]);
  });
});

describe('where the runs stand', () => {
  it('every run that logged the main metric has its rank among the 25', async () => {
    const values = [...runs.values()].map((run) => lastOf(run, MAIN)).filter((value) => !Number.isNaN(value));
    expect(values).toHaveLength(25);
    for (const run of runs.values()) {
      const value = lastOf(run, MAIN);
      const lead = paragraphOf(await readPage(tracker, `/runs/${run.id}`), 'lead');
      const rank = values.filter((other) => other > value).length + 1;
      if (Number.isNaN(value)) expect(lead, run.name).toBe('');
      else expect(lead, run.name).toMatch(new RegExp(`^Rank ${rank} of 25 by val/accuracy\\. Nearest run: `));
    }
  });

  it('the nearest run of one differs in one param', async () => {
    const lead = paragraphOf(await readPage(tracker, `/runs/${named('adam-lr0.01-w64-s2').id}`), 'lead');
    const [, name = '', key = '', here, there, difference] =
      /Nearest run: (\S+), which differs in (\w+) (\S+) → (\S+) and ends ([\d.]+) lower\.$/.exec(lead) ?? [];
    const differ = Object.entries(named('adam-lr0.01-w64-s2').params).filter(
      ([param, value]) => named(name).params[param] !== value,
    );
    expect(differ).toEqual([[key, here]]);
    expect(named(name).params[key]).toBe(there);
    expect(difference).toBe(shown(lastOf(named('adam-lr0.01-w64-s2'), MAIN) - lastOf(named(name), MAIN)));
  });

  it('the run that diverged shows where its NaN began, the one that was interrupted its Infinity', async () => {
    const diverged = tableOf(await openPage(tracker, `/runs/${named('diverged').id}`));
    const loss = diverged.rows.find((row) => row[0]?.text === 'val/loss ↓') ?? [];
    const { nonfinite_count, nonfinite_step } = named('diverged').metrics['val/loss'] ?? {};
    expect(loss[1]?.text).toBe(`NaN ${nonfinite_count} NaN/Inf from step ${nonfinite_step}`);
    const interrupted = tableOf(await readPage(tracker, `/runs/${named('interrupted').id}`));
    expect(interrupted.rows[0]?.map(({ text }) => text)).toEqual([
      ...['train/loss ↓', '∞ 1 NaN/Inf from step 0', '–', '–', '1'],
    ]);
  });
});
