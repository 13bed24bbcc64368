// tests/runs/pivot.test.ts
// Purpose: pivots of random runs against a plain computation; page, JSON, CSV, Markdown and LaTeX; what is refused.
// Why: an empty cell says "not run" and a mean is what people publish: neither may be wrong.
// Relevant files: runs/pivot/pivot.ts, runs/pivot/pivot-views.ts, runs/pivot/pivot-formats.ts

import { beforeAll, describe, expect, it } from 'vitest';
import { RunStatus } from '../../runs/models.ts';
import type { PivotOut } from '../../runs/pivot/pivot-json.ts';
import { faultsInLatex } from '../support/latex.ts';
import { randomFrom } from '../support/random.ts';
import { startSeeded } from '../support/seeded.ts';
import { useTracker } from '../support/use.ts';
import { addRun, openPage, readPage, tablesOf, textOf } from './page-support.ts';

interface Made {
  id: string;
  params: Record<string, string>;
  tag: string | null;
  /** What counts; undefined: it is left out. */
  loss: number | undefined;
  status: RunStatus;
}

const tracker = useTracker();
let id: number;
const made: Made[] = [];
const HOSTILE = 'x_1 & 50% #<\\~^|"日本±';

beforeAll(async () => {
  const random = randomFrom(23);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  for (let seed = 0; seed < 70; seed++) {
    const lr = pick(['0.1', '1e-3', '0.02', '10', HOSTILE, null]);
    const [size, tag] = [pick(['8', '16', '128']), pick(['a', 'b', null])];
    const params = { seed: String(seed), ...(lr !== null && { lr }), size };
    const logged = random() < 0.15 ? null : random() < 0.1 ? ('NaN' as const) : Math.fround(random() * 10 ** pick([-6, 0, 6])); // prettier-ignore
    const status = pick([RunStatus.Finished, RunStatus.Finished, RunStatus.Finished, RunStatus.Failed]);
    const run = await addRun(tracker, {
      ...{ experiment: 'square', params, tags: tag === null ? {} : { team: tag } },
      metrics: { 'val/loss': logged === null ? [] : [1, logged] },
    });
    await tracker.api('PATCH', `/api/runs/${run.id}`, { status });
    id = run.experiment_id;
    const counts = status === RunStatus.Finished && typeof logged === 'number';
    made.push({ id: run.id, params, tag, status, loss: counts ? logged : undefined });
  }
});

async function pivot(query = ''): Promise<PivotOut> {
  const { status, body } = await tracker.api<PivotOut>('GET', `/api/experiments/${id}/pivot${query}`);
  expect(status, query).toBe(200);
  return body;
}

const close = (got: number | null | undefined, want: number): boolean =>
  got === want || Math.abs((got ?? NaN) - want) <= 1e-12 * Math.max(Math.abs(want), Number.MIN_VALUE);

describe('cells', () => {
  it.each<[string, (run: Made) => [string | null, string | null], (run: Made) => boolean]>([
    ['', ({ params }) => [params['lr'] ?? null, params['size'] ?? null], () => true],
    ['?rows=tags.team&cols=params.lr', ({ tag, params }) => [tag, params['lr'] ?? null], () => true],
    ['?rows=params.size&cols=parent&status=finished', ({ params }) => [params['size'] ?? null, null], ({ status }) => status === RunStatus.Finished],
    [`?where=${encodeURIComponent('params.size > 10 and tag:team')}`, ({ params }) => [params['lr'] ?? null, params['size'] ?? null], ({ params, tag }) => Number(params['size']) > 10 && tag !== null],
  ])('%s are what plain arithmetic over the runs says', async (query, sidesOf, isAsked) => {
    const got = await pivot(query);
    const want = new Map<string, Made[]>();
    for (const run of made.filter(isAsked)) want.set(JSON.stringify(sidesOf(run)), [...(want.get(JSON.stringify(sidesOf(run))) ?? []), run]);
    expect(got.runs).toBe(made.filter(isAsked).length);
    expect(got.cells.map(({ row, col }) => JSON.stringify([row, col])).sort()).toEqual([...want.keys()].sort());
    for (const cell of got.cells) {
      const runs = want.get(JSON.stringify([cell.row, cell.col])) ?? [];
      const values = runs.flatMap(({ loss }) => loss ?? []);
      expect(new Set(cell.runs)).toEqual(new Set(runs.map((run) => run.id)));
      const unfinished = runs.filter(({ status }) => status !== RunStatus.Finished).length;
      expect([cell.n, cell.unfinished, cell.without]).toEqual([values.length, unfinished, runs.length - unfinished - values.length]);
      // Sums of a few floats of 24 bits are exact in doubles of 53: the plain way is a reference here.
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
      if (values.length > 0) expect(close(cell.mean, mean), `${cell.mean} ${mean}`).toBe(true);
      if (values.length > 1) expect(close(cell.std, Math.sqrt(squares / (values.length - 1)))).toBe(true);
      if (values.length > 0) expect([cell.min, cell.max]).toEqual([Math.min(...values), Math.max(...values)]);
    }
  }); // prettier-ignore

  it('rows and columns in the order of their numbers, then texts, then none; the most varied params, no seeds', async () => {
    const { rows, cols, differs, metric, direction } = await pivot();
    expect([rows.key, cols.key]).toEqual(['params.lr', 'params.size']);
    expect(rows.values).toEqual(['1e-3', '0.02', '0.1', '10', HOSTILE, null]);
    expect(cols.values).toEqual(['8', '16', '128']);
    expect([differs, metric, direction]).toEqual([['seed'], 'val/loss', 'min']);
  });

  it.each([
    ['?rows=params.lr&cols=params.lr', '?cols'],
    ['?rows=lr', 'rows'],
    ['?metric=nothing', '?metric'],
    ['?where=lr+%3D+1', '?where'],
    ['?colour=red', ''],
  ])('%s is refused, and the place named', async (query, place) => {
    const { status, body } = await tracker.api<{ errors: { path: string }[] }>('GET', `/api/experiments/${id}/pivot${query}`); // prettier-ignore
    expect(status).toBe(400);
    expect(body.errors[0]?.path).toContain(place);
  });
});

describe('the page', () => {
  it('has a cell for each combination, says what was not run, marks the best, and leads to the runs', async () => {
    const html = await openPage(tracker, `/experiments/${id}/pivot`);
    const { rows, cols, cells } = await pivot();
    const table = tablesOf(html)[0];
    expect(table?.rows.length).toBe(rows.values.length);
    const all = rows.values.length * cols.values.length;
    expect(html.match(/>not run</g)?.length ?? 0).toBe(all - cells.length);
    expect(html.match(/class="n [^"]*best"/g)?.length).toBe(1);
    const best = Math.min(...cells.flatMap(({ mean }) => mean ?? []));
    expect(html).toMatch(new RegExp(`best" title="mean ${String(best).replace(/[.+]/g, '\\$&')},`));
    const links = [...html.matchAll(/<td class="n[^"]*" title="[^"]*"><a href="([^"]+)"/g)].map(([, href = '']) => href.replaceAll('&amp;', '&')); // prettier-ignore
    expect(links.length).toBe(cells.length);
    for (const [place, link] of links.entries()) {
      const count = cells[place]?.runs.length;
      expect(textOf(await readPage(tracker, link))).toMatch(count === 1 ? /\s1 run\./ : `All ${count} runs.`);
    }
  });

  it('shows a mistake in the filter, and is there without runs, metrics or anything that differs', async () => {
    const wrong = await openPage(tracker, `/experiments/${id}/pivot?where=lr+%3D+1`, 400);
    expect(tablesOf(wrong)).toEqual([]);
    const { body } = await tracker.api<{ id: number }>('POST', '/api/experiments', { name: 'empty' });
    expect(textOf(await openPage(tracker, `/experiments/${body.id}/pivot`))).toContain('No runs yet');
    const one = await addRun(tracker, { experiment: 'one', params: { lr: 1 } });
    expect(textOf(await openPage(tracker, `/experiments/${one.experiment_id}/pivot`))).toContain('no value (1 run)');
    await tracker.get(`/experiments/${one.experiment_id}/pivot.tex`);
    const same = `/experiments/${one.experiment_id}/pivot?rows=parent&cols=parent`;
    expect(textOf(await openPage(tracker, same))).toContain('no value (1 run)');
  });

  it('says why there is but one cell where no param differs, and chooses no row that is not there', async () => {
    const { experiment_id: one } = await addRun(tracker, { experiment: 'alone', params: { lr: '1', seed: '2' } });
    const html = await openPage(tracker, `/experiments/${one}/pivot`);
    expect(textOf(/<h1>[\s\S]*?<\/h1>/.exec(html)?.[0] ?? '')).toBe('Pivot');
    expect(html).toContain('No param differs between the runs of this experiment');
    expect(html.match(/<option value="" selected>/g)).toHaveLength(2);
    await addRun(tracker, { experiment: 'alone', params: { lr: '3', seed: '2' } });
    const two = await openPage(tracker, `/experiments/${one}/pivot`);
    expect(textOf(/<h1>[\s\S]*?<\/h1>/.exec(two)?.[0] ?? '')).toBe('lr');
    expect(two).toContain('No second param differs');
  });

  it('bounds what it draws, and says so', async () => {
    let wide = 0;
    for (let i = 0; i < 70; i++) {
      const params = { x: i, y: `v${i % 30}` };
      const run = await addRun(tracker, { experiment: 'wide', params, metrics: { acc: [i] } });
      wide = run.experiment_id;
    }
    const html = await openPage(tracker, `/experiments/${wide}/pivot?rows=params.x&cols=params.y`);
    expect(tablesOf(html)[0]?.rows.length).toBe(60);
    expect(textOf(html)).toContain('10 more values of x are not shown');
    expect(textOf(html)).toContain('6 more values of y are not shown');
    const csv = (await tracker.get(`/experiments/${wide}/pivot.csv?rows=params.x&cols=params.y`)).body;
    expect(csv.trim().split('\r\n').length).toBe(1 + 70 * 30);
    // What varies in more than a grid has is no axis unless asked for.
    const { rows } = (await tracker.api<PivotOut>('GET', `/api/experiments/${wide}/pivot`)).body;
    expect(rows.key).toBe('params.y');
  });
});

describe('files', () => {
  it('CSV has a line for each combination, every digit of each', async () => {
    const { rows, cols, cells } = await pivot();
    const csv = (await tracker.get(`/experiments/${id}/pivot.csv`)).body;
    expect(csv.split('\r\n')[0]).toBe('lr,size,metric,runs,unfinished,mean,std,n,min,max');
    expect(csv.trim().split('\r\n').length).toBe(1 + rows.values.length * cols.values.length);
    for (const { mean, std } of cells) expect(csv).toContain(`,${mean ?? ''},${std ?? ''},`);
  });

  it('LaTeX compiles whatever the names are; Markdown has as many cells in each line', async () => {
    const tex = (await tracker.get(`/experiments/${id}/pivot.tex`)).body;
    expect(faultsInLatex(tex)).toEqual([]);
    expect(tex.match(/\\textbf/g)?.length).toBe(1);
    const md = (await tracker.get(`/experiments/${id}/pivot.md`)).body;
    const bars = md.trim().split('\n').map((row) => row.replaceAll('\\|', '').split('|').length); // prettier-ignore
    expect(new Set(bars)).toEqual(new Set([bars[0]]));
  });
});

it('the digits: which optimizer likes which rate', async () => {
  const digits = await startSeeded();
  try {
    const at = `/experiments/${digits.digits}/pivot`;
    const md = (await digits.get(`${at}.md`)).body.split('\n');
    expect(md[0]).toBe('| val/accuracy ↑, lr / optimizer | adam | sgd | not set |');
    expect(md[2]).toBe('| 0.01 | **0.9728 ± 0.0038** (6) | 0.742 ± 0.078 (6) | – |');
    expect(faultsInLatex((await digits.get(`${at}.tex`)).body)).toEqual([]);
  } finally {
    await digits.stop();
  }
});
