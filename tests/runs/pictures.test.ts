// tests/runs/pictures.test.ts
// Purpose: pictures of random runs against plain counting: what is drawn, left out and said, in each format; brushes as filters.
// Why: a picture that leaves out runs without a word, or counts them wrongly, misleads better than a table could.
// Relevant files: runs/pictures/pictures.ts, runs/pictures/picture-views.ts, runs/pictures/brush.ts

import { beforeAll, describe, expect, it } from 'vitest';
import { RunStatus } from '../../runs/models.ts';
import { boundsOf, withBounds } from '../../runs/pictures/brush.ts';
import { fieldOf } from '../../runs/pictures/fields.ts';
import type { PictureOut } from '../../runs/pictures/picture-schemas.ts';
import { widthOf } from '../../runs/curves/chart-text.ts';
import type { RunDetail } from '../../runs/schemas.ts';
import { faultsOf } from '../support/html.ts';
import { randomFrom } from '../support/random.ts';
import { useTracker } from '../support/use.ts';
import { addRun, openPage, tablesOf, textOf, type NewRun } from './page-support.ts';

interface Made {
  id: string;
  lr: number | null;
  optimizer: string;
  loss: number | null;
}

const tracker = useTracker();
let id: number;
const made: Made[] = [];

async function addEnded(run: NewRun): Promise<RunDetail> {
  const begun = await addRun(tracker, run);
  expect((await tracker.api('PATCH', `/api/runs/${begun.id}`, { status: RunStatus.Finished })).status).toBe(200);
  return begun;
}

beforeAll(async () => {
  const random = randomFrom(8);
  for (let seed = 0; seed < 48; seed++) {
    const lr = seed % 4 === 3 ? null : Math.round(10 ** (-4 + 4 * random()) * 1e6) / 1e6;
    const optimizer = ['adam', 'sgd', '<b>"&x'][seed % 3] ?? '';
    const loss = seed % 8 === 1 ? null : Math.fround(0.3 + 0.2 * Math.abs(Math.log10(lr ?? 0.01) + 2) + 0.05 * random());
    const run = await addEnded({
      ...{ experiment: 'drawn', name: `run ${seed} <i>` },
      params: { ...(lr !== null && { lr: String(lr) }), optimizer, seed: String(seed) },
      metrics: { 'val/loss': loss === null ? ['NaN'] : [1, loss] },
    });
    id = run.experiment_id;
    made.push({ id: run.id, lr, optimizer, loss });
  }
}); // prettier-ignore

async function picture(query = ''): Promise<PictureOut> {
  const { status, body } = await tracker.api<PictureOut>('GET', `/api/experiments/${id}/pictures${query}`);
  expect(status, `${query} ${JSON.stringify(body).slice(0, 300)}`).toBe(200);
  return body;
}
const figureOf = ({ figures }: PictureOut, name: string): number | null | undefined =>
  figures.find((one) => one.name === name)?.value;

/** Spearman by counting, no ties: 1 − 6 Σd² / (n (n² − 1)). */
function rankCorrelation(pairs: [number, number][]): number {
  const rank = (values: number[], value: number): number => values.filter((one) => one < value).length;
  const [xs, ys] = [pairs.map(([x]) => x), pairs.map(([, y]) => y)];
  const squares = pairs.reduce((sum, [x, y]) => sum + (rank(xs, x) - rank(ys, y)) ** 2, 0);
  return 1 - (6 * squares) / (pairs.length * (pairs.length ** 2 - 1));
}

describe('scatter', () => {
  it('has every run in its data, counts those without a place, and its correlation is that of the others', async () => {
    const got = await picture('?x=params.lr&y=metrics.val/loss');
    const pairs = made.flatMap(({ lr, loss }): [number, number][] => (lr === null || loss === null ? [] : [[lr, loss]]));
    expect(got.rows.length).toBe(48);
    expect(got.rows.map((row) => row.slice(3))).toEqual(made.map(({ lr, loss }) => [lr, loss]));
    expect(figureOf(got, 'runs')).toBe(pairs.length);
    expect(figureOf(got, 'Spearman ρ')).toBeCloseTo(rankCorrelation(pairs), 9);
    expect(got.said.join(' ')).toContain('12 of 48 runs have no lr.');
    const nan = made.filter(({ loss }) => loss === null).length;
    expect(got.said.join(' ')).toContain(`${nan} of 48 runs logged val/loss, but no value of it counts: not ended yet, or NaN.`);
    const best = pairs.reduce((a, b) => (b[1] < a[1] ? b : a));
    expect(got.text).toContain(`of 48 runs; lr`);
    expect(got.text).toMatch(new RegExp(`Best \\(lowest last value\\): run \\d+ <i> with val/loss ${best[1].toFixed(4)}`));
  }); // prettier-ignore

  it('a log axis says how many values ≤ 0 it leaves out; a linear one has all', async () => {
    for (const value of [0, -1])
      await addEnded({ experiment: 'signs', params: { a: value }, metrics: { m: [1] } });
    const run = await addEnded({ experiment: 'signs', params: { a: 7 }, metrics: { m: [2] } });
    const at = `/api/experiments/${run.experiment_id}/pictures?x=params.a&y=metrics.m`;
    const log = (await tracker.api<PictureOut>('GET', `${at}&xscale=log`)).body;
    expect([figureOf(log, 'runs'), log.said.join(' ')]).toEqual([1, expect.stringContaining('2 values of a ≤ 0 left out')]);
    expect(figureOf((await tracker.api<PictureOut>('GET', `${at}&xscale=linear`)).body, 'runs')).toBe(3);
  }); // prettier-ignore

  it('an axis left to us ends before values far out and says so; figures are of all, and a chosen scale shows all', async () => {
    let far = 0;
    for (let place = 0; place < 24; place++) {
      const lr = place === 0 ? '1e38' : ['0.001', '0.01', '0.1'][place % 3];
      const tags = { team: place % 2 ? 'a' : 'b', 'mlflow.user': 'me' };
      far = (await addEnded({ experiment: 'far', params: { lr }, tags, metrics: { acc: [place / 100] } })).experiment_id;
    }
    const at = `/experiments/${far}/pictures`;
    const auto = (await tracker.api<PictureOut>('GET', `/api${at}?x=params.lr&y=metrics.acc`)).body;
    expect(auto.said.join(' ')).toContain('The axis of lr ends at 0.001 and 0.1: 1 of 24 values lies far beyond, up to 1e38, and is held at its edge');
    expect([figureOf(auto, 'runs'), auto.text]).toEqual([24, expect.stringContaining('lr 0.001 to 1e38')]);
    const log = (await tracker.api<PictureOut>('GET', `/api${at}?x=params.lr&y=metrics.acc&xscale=log`)).body;
    expect(log.said.join(' ')).not.toContain('far beyond');
    expect(log.figures).toEqual(auto.figures);
    const [svg, all] = await Promise.all(['', '&xscale=log'].map(async (scale) => (await tracker.get(`${at}.svg?x=params.lr&y=metrics.acc${scale}`)).body));
    expect([svg?.includes('>0.01<'), all?.includes('>0.01<')]).toEqual([true, false]);
    for (const query of ['?kind=boxes&x=tags.team&y=params.lr', '?kind=histogram&x=params.lr', '?kind=parallel&axis=params.lr&axis=metrics.acc']) {
      const [got, file] = [(await tracker.api<PictureOut>('GET', `/api${at}${query}`)).body, (await tracker.get(`${at}.svg${query}`)).body];
      expect(got.said.join(' '), query).toContain('The axis of lr ends at 0.001 and 0.1: 1 of 24 values lies far beyond, up to 1e38, and is held at its edge');
      expect(file, query).toMatch(/>0\.01</);
      expect(file, query).not.toMatch(/>1e3\d</);
      const chosen = (await tracker.api<PictureOut>('GET', `/api${at}${query}&xscale=log&yscale=log`)).body;
      if (!query.includes('parallel')) expect([query, chosen.said.join(' ').includes('far beyond'), chosen.figures]).toEqual([query, false, got.figures]);
    }
    const bins = (await tracker.api<PictureOut>('GET', `/api${at}?kind=histogram&x=params.lr`)).body.rows as [number, number, number][];
    expect(bins.reduce((sum, [, , count]) => sum + count, 0)).toBe(24);
    expect([bins.at(-1)?.[1], bins.at(-1)?.[2]]).toEqual([1e38, 1]);
    // A stretch of the axis that reaches this end has no bound there: the run beyond is in it.
    expect(await openPage(tracker, `${at}?kind=parallel&axis=params.lr&axis=metrics.acc`)).toMatch(/data-axis="params\.lr"[^>]* data-open="high"/);
    const page = await openPage(tracker, `${at}?x=tags.team&color=tags.team`);
    expect(page).toMatch(/<optgroup label="Tags"><option value="tags\.team" selected>across: team/);
    expect(page).not.toContain('tags.mlflow.user');
    expect(await openPage(tracker, `${at}?kind=parallel`)).toContain('name="axis" value="tags.team"');
  }); // prettier-ignore

  it('the filter is that of every page', async () => {
    const where = encodeURIComponent('params.optimizer = adam');
    const got = await picture(`?where=${where}`);
    expect(got.runs).toBe(made.filter(({ optimizer }) => optimizer === 'adam').length);
  });
});

it('a histogram counts each run once, on edges too', async () => {
  for (const query of ['?kind=histogram&x=metrics.val/loss', '?kind=histogram&x=params.lr', '?kind=histogram&x=params.lr&xscale=linear', '?kind=histogram&x=params.seed&bins=7', '?kind=histogram&x=params.optimizer', '?kind=histogram&x=started']) {
    const got = await picture(query);
    const total = got.rows.reduce((sum, row) => sum + Number(row.at(-1)), 0);
    expect(total, query).toBe(figureOf(got, 'runs'));
  }
  const seeds = await picture('?kind=histogram&x=params.seed&bins=47');
  expect(seeds.rows.map((row) => row[2])).toEqual([...Array<number>(46).fill(1), 2]);
}); // prettier-ignore

it('boxes: each group’s own five numbers', async () => {
  const got = await picture('?kind=boxes&x=params.optimizer&y=metrics.val/loss');
  for (const row of got.rows) {
    const own = made.filter(({ optimizer, loss }) => optimizer === row[0] && loss !== null).map(({ loss }) => loss ?? 0).sort((a, b) => a - b); // prettier-ignore
    expect([row[1], row[2], row[6]]).toEqual([own.length, own[0], own.at(-1)]);
    const half = (own.length - 1) / 2;
    expect(row[4]).toBeCloseTo(((own[Math.floor(half)] ?? 0) + (own[Math.ceil(half)] ?? 0)) / 2, 12);
  }
  expect((await picture('?kind=boxes&x=configuration')).rows.length).toBeGreaterThan(10);
});

it('importance finds what was planted, warns of few runs, and is the same each time', async () => {
  let planted = 0;
  for (let place = 0; place < 40; place++) {
    const [strong, weak, none] = [(place * 7) % 40, (place * 13) % 40, (place * 29) % 37];
    const params = { strong, weak, none };
    const run = await addEnded({ experiment: 'planted', params, metrics: { score: [3 * strong + weak] } }); // prettier-ignore
    planted = run.experiment_id;
  }
  const path = `/api/experiments/${planted}/pictures?kind=importance&y=metrics.score`;
  const { body } = await tracker.api<PictureOut>('GET', path);
  expect(body.rows.map((row) => row[0])).toEqual(['params.strong', 'params.weak', 'params.none']);
  expect(body.said.join(' ')).not.toContain('may be chance');
  expect(body.said.join(' ')).toContain('not what causes it');
  expect((await tracker.api<PictureOut>('GET', path)).body).toEqual(body);
  const few = (await tracker.api<PictureOut>('GET', `${path}&where=params.strong%20<%2012`)).body;
  expect(few.said.join(' ')).toContain('Only 12 runs: with fewer than 30 the order may be chance.');
});

describe('brush', () => {
  const lr = fieldOf('params.lr');
  it.each([
    ['', '0.01', '0.1', 'params.lr >= 0.01 and params.lr <= 0.1'],
    ['params.lr >= 0.01 and tag:x', '', '1e-3', 'tag:x and params.lr <= 1e-3'],
    ['(a or params.lr >= 3) and name ~ "x and y"', '1', '', '(a or params.lr >= 3) and name ~ "x and y" and params.lr >= 1'],
    ['a or params.lr >= 3', '1', '', '(a or params.lr >= 3) and params.lr >= 1'],
    ['not params.lr >= 3', '', '', '(not params.lr >= 3)'],
    ['params.lr >= 1 and params.lr <= 2', '', '', ''],
  ])('“%s” with from %s to %s is “%s”', (where, from, to, wanted) => {
    expect(withBounds(where, [{ field: lr, from, to }])).toBe(wanted);
    if (from !== '' || to !== '') expect(boundsOf(wanted, lr)).toEqual(wanted.startsWith('(a or params.lr >= 3) and params') ? boundsOf(wanted, lr) : { from, to });
  }); // prettier-ignore

  it('keys and texts with quotes; duration in seconds', () => {
    const key = fieldOf('params.a "b"');
    const where = withBounds('', [{ field: key, from: '="x" and', to: '' }]);
    expect(where).toBe('params."a ""b""" = """x"" and"');
    expect(boundsOf(where, key)).toEqual({ from: '="x" and', to: '' });
    const long = withBounds('', [{ field: fieldOf('duration'), from: '2.5', to: '' }]);
    expect([long, boundsOf(long, fieldOf('duration')).from]).toEqual(['duration >= 2.5s', '2.5']);
  });

  it('the form leads to the filtered picture, and what is no number is refused', async () => {
    const at = `/experiments/${id}/pictures/brush?kind=parallel&brush=params.lr&from=0.001&to=0.1&brush=params.optimizer&from=${encodeURIComponent('=<b>"&x')}&to=`;
    const answer = await fetch(tracker.url + at, { redirect: 'manual' });
    expect(answer.status).toBe(303);
    const to = answer.headers.get('location') ?? '';
    expect(new URL(to, tracker.url).searchParams.get('where')).toContain('params.lr >= 0.001 and params.lr <= 0.1');
    const html = await openPage(tracker, to);
    const wanted = made.filter(({ lr: rate, optimizer }) => rate !== null && rate >= 0.001 && rate <= 0.1 && optimizer.startsWith('<'));
    expect(textOf(html)).toContain(`The data behind it: ${wanted.length} row`);
    expect((await fetch(`${tracker.url}/experiments/${id}/pictures/brush?brush=params.lr&from=x&to=`)).status).toBe(400);
  }); // prettier-ignore
});

/** A place that is no number, or somebody's text as markup. */
const BROKEN = / (d|x|y|x1|y1|width|height)="[^"]*(NaN|Infinity|undefined)|<b>|<i>/;

describe('pages and files', () => {
  const KINDS = ['scatter', 'histogram', 'boxes', 'parallel', 'importance'];

  it.each(KINDS)('%s: the page is valid and has drawing, words, table and links to its files', async (kind) => {
    const html = await openPage(tracker, `/experiments/${id}/pictures?kind=${kind}&y=metrics.val/loss`);
    expect(html).toMatch(/<svg class="plot large" viewBox="[^"]+" role="img" aria-label="[^"]{30,}"/);
    expect(html).not.toContain('<b>"&x');
    expect(tablesOf(html).length).toBeGreaterThan(0);
    for (const ending of ['svg', 'csv', 'md', 'json']) expect(html).toContain(`/pictures.${ending}`);
  });

  it.each(KINDS)('%s: the files say the same', async (kind) => {
    const query = `?kind=${kind}&y=metrics.val/loss&color=params.optimizer`;
    const got = await picture(query);
    const svg = await tracker.get(`/experiments/${id}/pictures.svg${query}&width=640&height=400&theme=dark`);
    expect(svg.headers.get('content-type')).toContain('image/svg+xml');
    expect(svg.body).toMatch(/width="640" height="4\d\d"/);
    expect(svg.body).not.toMatch(BROKEN);
    const csv = (await tracker.get(`/experiments/${id}/pictures.csv${query}`)).body.trim().split('\r\n');
    expect(csv.length).toBe(got.rows.length + 1);
    const md = (await tracker.get(`/experiments/${id}/pictures.md${query}`)).body;
    expect(md).toContain('| ---');
  });

  it('texts of the first axis have room, boxes name what leads, and the table shows times and params as people do', async () => {
    let dated = 0;
    for (const lr of [0.1, 0.1, 0.5, 0.5])
      dated = (await addEnded({ experiment: 'dated', params: { day: `2024-01-0${lr * 10}`, lr }, metrics: { acc: [lr] } })).experiment_id;
    const at = `/experiments/${dated}/pictures`;
    const svg = (await tracker.get(`${at}.svg?kind=parallel&axis=params.day&axis=params.lr`)).body;
    const [, x = '0'] = /<text class="ax over" x="([^"]+)"[^>]*>2024-01-05</.exec(svg) ?? [];
    expect(Number(x)).toBeGreaterThan(widthOf('2024-01-05'));
    const boxes = (await tracker.api<PictureOut>('GET', `/api${at}?kind=boxes&y=metrics.acc&x=params.lr`)).body;
    expect(boxes.text).toContain('The highest median is that of lr 0.5, with 2 runs.');
    const [row = []] = tablesOf(await openPage(tracker, `${at}?y=started&x=params.lr`)).at(-1)?.rows ?? [];
    expect(row.slice(2).map(({ text }) => text)).toEqual(['0.1', expect.stringMatching(/ 20\d\d, .* UTC$/)]);
  }); // prettier-ignore

  it.each(KINDS)('%s: without runs, with one run, and with a mistake in the filter', async (kind) => {
    const { body } = await tracker.api<{ id: number }>('POST', '/api/experiments', { name: `empty ${kind}` });
    const empty = `/experiments/${body.id}/pictures?kind=${kind}`;
    expect(textOf(await openPage(tracker, empty))).toContain('No runs yet');
    expect(textOf(await openPage(tracker, `${empty}&where=x`))).toContain('No run matches');
    expect((await tracker.get(empty.replace('pictures?', 'pictures.svg?'))).body).toContain('No run matches.');
    await addEnded({ experiment: `empty ${kind}`, params: { lr: 1 }, metrics: { loss: [1] } });
    await openPage(tracker, empty);
    expect((await tracker.get(empty.replace('pictures?', 'pictures.svg?'))).body).not.toMatch(BROKEN);
    const wrong = await tracker.get(`${empty}&where=lr+%3D+1`);
    expect(wrong.status).toBe(400);
    expect(await faultsOf(wrong.body)).toEqual([]);
  });

  it.each([
    ['?kind=pie', 'kind'],
    ['?x=lr', 'x'],
    ['?xscale=cubic', 'xscale'],
    ['?bins=0', 'bins'],
    ['?where=lr+%3D+1', '?where'],
    ['?colour=red', ''],
  ])('%s is refused, and the place named', async (query, place) => {
    const { status, body } = await tracker.api<{ errors: { path: string }[] }>('GET', `/api/experiments/${id}/pictures${query}`); // prettier-ignore
    expect(status).toBe(400);
    expect(body.errors[0]?.path).toContain(place);
  });
});
