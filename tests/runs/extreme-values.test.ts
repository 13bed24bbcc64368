// tests/runs/extreme-values.test.ts
// Purpose: runs with values from −1.7e308 to 1.7e308, of 3e-300, NaN and no metric at all: every page, picture and file answers, with numbers in its drawings.
// Why: a training that diverges logs such values, and that is when people look.
// Relevant files: runs/pictures/scatter.ts, shared/stats/correlation.ts, runs/conclusions/conclusions.ts, runs/compare/compare-routes.ts

import { beforeAll, expect, it } from 'vitest';
import { RunStatus } from '../../runs/models.ts';
import { useTracker } from '../support/use.ts';
import { addRun } from './page-support.ts';

const tracker = useTracker();
let id = 0;

const ENDS = [1.7e308, -1.7e308, 1e300, 3e-300, 0, 0.5, 0.25, 'NaN', 'Infinity', null, 1.7e308, 1.6e308] as const;

beforeAll(async () => {
  for (const [seed, end] of ENDS.entries()) {
    const metrics = end === null ? {} : { 'val/loss': [1, end], 'val/acc': [0.1, seed / 20] };
    const params = {
      lr: String(10 ** ((seed % 4) * 90 - 150)),
      opt: seed % 3 === 0 ? 'a' : 'b',
      seed: String(seed),
      pair: seed < 2 ? 'p' : 'q',
    };
    const run = { id: String(2000 + seed), experiment: 'extreme', params, metrics, status: RunStatus.Finished };
    id = (await addRun(tracker, run)).experiment_id;
  }
});

/** Attributes of a drawing that hold no number; JSON comes as an object. */
function faultsIn(body: unknown): string[] | null {
  return typeof body === 'string' ? body.match(/ (?:d|x|y|x1|x2|y1|y2|r|width|height|points)="[^"]*(?:NaN|Infinity)[^"]*"/g) : null; // prettier-ignore
}

const kinds = ['scatter', 'histogram', 'boxes', 'parallel', 'importance'];
const axes = [
  'x=params.lr&y=metrics.val/loss',
  'x=metrics.val/loss&y=metrics.val/acc',
  'x=params.opt&y=metrics.val/loss',
];
const scales = ['', '&xscale=linear&yscale=linear', '&xscale=log&yscale=log'];
const pictures = kinds.flatMap((kind) =>
  axes.flatMap((fields) => scales.map((scale) => `kind=${kind}&${fields}${scale}`)),
);

it.each(pictures)('picture: %s', async (query) => {
  for (const ending of ['', '.svg', '.json', '.csv', '.md']) {
    const { status, body } = await tracker.get(`/experiments/${id}/pictures${ending}?${query}`);
    expect([ending, status]).toEqual([ending, 200]);
    expect([ending, faultsIn(body)]).toEqual([ending, null]);
  }
});

it('a line whose slope no number can hold is not drawn, and that is said', async () => {
  const { body } = await tracker.get(
    `/experiments/${id}/pictures.md?kind=scatter&x=metrics.val/acc&y=metrics.val/loss`,
  );
  expect(body).toMatch(
    /No line: its slope or intercept is beyond the greatest number|Line: least squares, val\/loss = [^∞]*\n/,
  );
  const steep = await tracker.get(`/experiments/${id}/pictures.md?kind=scatter&x=params.lr&y=metrics.val/loss&xscale=linear&yscale=linear&where=params.lr < 1e-50`); // prettier-ignore
  expect(steep.body).toContain('No line: its slope or intercept is beyond the greatest number, 1.8e308.');
  expect(steep.body).not.toContain('∞');
});

it('groups, conclusions, pivot, comparison and curves answer in every format', async () => {
  const group = (opt: string): string => `group=${encodeURIComponent(`${id}:params.opt = ${opt}`)}`;
  const both = `${group('a')}&${group('b')}`;
  const views: [path: string, endings: string[], query: string][] = [
    [`/experiments/${id}/groups`, ['', '.csv', '.md', '.tex', '.json'], 'by=params.opt&metric=val/loss'],
    [`/experiments/${id}/conclusions`, ['', '.csv', '.md', '.tex', '.svg', '.json'], 'by=params.opt&metric=val/loss'],
    [`/experiments/${id}/pivot`, ['', '.csv', '.md', '.tex', '.json'], 'rows=params.lr&cols=params.opt&metric=val/loss'],
    ['/compare', ['', '.csv', '.md', '.tex'], both],
    ['/compare', ['', '.csv', '.md', '.tex'], `experiment=${id}`],
    ...['linear', 'log', 'symlog'].map((scale): [string, string[], string] => ['/curves', ['', '.csv', '.md', '.svg', '.json'], `${both}&experiment=${id}&key=val/loss&scale=${scale}&smooth=0.6`]),
    ['/api/compare', [''], both],
  ]; // prettier-ignore
  for (const [path, endings, query] of views)
    for (const ending of endings) {
      const { status, body } = await tracker.get(`${path}${ending}?${query}`);
      expect([path, ending, status]).toEqual([path, ending, 200]);
      expect([path, ending, query, faultsIn(body)]).toEqual([path, ending, query, null]);
    }
});

it('values too large to be counted with are no proof of anything', async () => {
  interface Json {
    comparisons: { verdict: string; welch: object | null; sentence: string }[];
  }
  const { body } = await tracker.api<Json>('GET', `/api/experiments/${id}/conclusions?by=params.pair&metric=val/loss`);
  expect(body.comparisons.map(({ verdict, welch }) => [verdict, welch])).toEqual([['no test', null]]);
  expect(body.comparisons[0]?.sentence).toContain(
    'no claim can be made: such values are too large to be counted with.',
  );
});
