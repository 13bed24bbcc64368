// tests/runs/chart-svg.test.ts
// Purpose: what a chart draws: lines, bands, gaps, marks, dots, words; and that no name or value breaks the markup.
// Why: the picture is put into pages and papers as it is.
// Relevant files: runs/curves/chart-svg.ts, runs/curves/chart-line.ts, runs/curves/chart-words.ts, runs/curves/chart-file.ts

import { expect, test } from 'vitest';
import { chartFile } from '../../runs/curves/chart-file.ts';
import { DEFAULT_SETTINGS, Scale, type ChartSettings } from '../../runs/curves/chart-settings.ts';
import { drawChart, drawSpark } from '../../runs/curves/chart-svg.ts';
import { showChart } from '../../runs/curves/chart-views.ts';
import { captionOf, saidOf, whyEmpty } from '../../runs/curves/chart-words.ts';
import { colorsFor } from '../../runs/curves/colors.ts';
import type { Curve, CurveBucket } from '../../runs/curves/curves.ts';
import { RunStatus, type RunRow } from '../../runs/models.ts';
import { faultsOf } from '../support/html.ts';

const KEY = 'val/accuracy';

function run(name: string, number = 1): RunRow {
  return {
    seq: number,
    id: String(number).padStart(32, '0'),
    experiment_id: 1,
    number,
    name,
    status: RunStatus.Finished,
    start_time: 0,
    end_time: 1,
    heard_at: 1,
    parent_id: null,
    notes: '',
    created_at: 0,
    updated_at: 0,
    trashed_at: null,
    name_folded: 'a',
    purge_at: null,
    purge_points: 0,
    purge_left: 0,
    attempts: 0,
    settled: 1,
    kept_by: null,
  };
}

/** A bucket for each value, at steps 0, 10, 20 …; a list is a bucket of several values. */
function curve(values: (number | number[])[], name = 'a', number = 1): Curve {
  const buckets = values.map((one, index): CurveBucket => {
    const all = [one].flat();
    const finite = all.filter(Number.isFinite);
    const mean = finite.length > 0 ? finite.reduce((sum, value) => sum + value / finite.length, 0) : null;
    return {
      from_step: index * 10,
      to_step: index * 10,
      from_time: index * 1000,
      to_time: index * 1000,
      count: all.length,
      nonfinite_count: all.length - finite.length,
      nan_count: all.filter(Number.isNaN).length,
      inf_count: all.filter((value) => value === Infinity).length,
      min: finite.length > 0 ? Math.min(...finite) : null,
      max: finite.length > 0 ? Math.max(...finite) : null,
      mean,
      x: index * 10,
      smoothed: mean === null ? null : mean / 2,
    };
  });
  const sum = (of: (bucket: CurveBucket) => number): number => buckets.reduce((total, bucket) => total + of(bucket), 0);
  return {
    run: run(name, number),
    key: KEY,
    count: sum(({ count }) => count),
    in_range: sum(({ count }) => count),
    shown: sum(({ count }) => Math.min(2, count)),
    nonfinite_count: sum(({ nonfinite_count }) => nonfinite_count),
    nonpositive_count: values.flat().filter((value) => Number.isFinite(value) && value <= 0).length,
    buckets,
  };
}

const draw = (curves: Curve[], settings: Partial<ChartSettings> = {}): string =>
  drawChart({
    curves,
    colors: colorsFor(curves.map((one) => one.run)),
    key: KEY,
    settings: { ...DEFAULT_SETTINGS, ...settings },
    size: 'normal',
  });

const all = (svg: string, pattern: RegExp): string[] => [...svg.matchAll(pattern)].map((match) => match[1] ?? '');
const lines = (svg: string): string[] => all(svg, /<path class="line" d="([^"]*)"/g);

/** Path data of relative steps as points. */
function placesOf(path: string): [number, number][][] {
  return path
    .split('M')
    .slice(1)
    .map((part) => {
      const numbers = (part.match(/-?(?:\d+\.?\d*|\.\d+)/g) ?? []).map(Number);
      let [x, y] = [0, 0];
      const places: [number, number][] = [];
      for (let index = 0; index < numbers.length; index += 2) {
        x += numbers[index] ?? 0;
        y += numbers[index + 1] ?? 0;
        places.push([Number(x.toFixed(1)), Number(y.toFixed(1))]);
      }
      return places;
    });
}

test('a line rises where values rise; its words say from where to where', () => {
  const svg = draw([curve([0.63, 0.9, 0.97])]);
  const [places = []] = placesOf(lines(svg)[0] ?? '');
  expect(places).toHaveLength(3);
  expect(places[0]?.[0]).toBeLessThan(places[1]?.[0] ?? 0);
  expect(places[0]?.[1]).toBeGreaterThan(places[1]?.[1] ?? 0);
  expect(svg).toContain('aria-label="val/accuracy over steps: from 0.6300 at step 0 to 0.9700 at step 20"');
  expect(svg).toMatch(/^<svg class="plot normal" viewBox="0 0 560 230" role="img"/);
  expect(svg).not.toMatch(/style|<script/);
});

test('several runs: each has its line and colour, the words name them', () => {
  const svg = draw([curve([1, 2], 'first', 1), curve([2, 1], 'second', 2), curve([3, 4], 'third', 11)]);
  expect(lines(svg)).toHaveLength(3);
  expect(all(svg, /<g class="([^"]*)">/g)).toEqual(['c0 d0', 'c1 d0', 'c0 d1']);
  expect(svg).toContain('3 runs: first from 1 to 2; second from 2 to 1; third from 3 to 4');
});

test('extremes are a band, from the least to the greatest value', () => {
  const svg = draw([curve([[1, 2, 3], [2, 6], 4])]);
  const [band = ''] = all(svg, /<path class="band" d="([^"]*)"/g);
  const places = placesOf(band)[0] ?? [];
  expect(places).toHaveLength(6);
  const ys = places.map(([, y]) => y);
  // 6 is the highest place of the picture, 1 the lowest.
  expect(Math.min(...ys)).toBe(ys[1]);
  expect(Math.max(...ys)).toBe(ys[5]);
  expect(draw([curve([1, 2, 3])])).not.toContain('class="band"');
});

test('non-finite stretches are gaps, marked at the edges with what, how many and where', () => {
  const svg = draw([curve([1, 2, NaN, NaN, 3, 4, Infinity, 5, 6, -Infinity, 7, 8])]);
  expect(placesOf(lines(svg)[0] ?? '').map((part) => part.length)).toEqual([2, 2, 2, 2]);
  expect(all(svg, /<path class="nan"[^>]*><title>([^<]*)<\/title>/g)).toEqual([
    'a: NaN at step 20',
    'a: NaN at step 30',
    'a: ∞ at step 60',
    'a: −∞ at step 90',
  ]);
});

test('a long non-finite stretch is one mark', () => {
  const values = Array.from({ length: 300 }, (_, index) => (index >= 100 ? NaN : index));
  expect(all(draw([curve(values)]), /<title>([^<]*)<\/title>/g)).toEqual(['a: 200 × NaN at steps 1,000 to 2,990']);
});

test('what stands alone is a dot: one point, and one between two gaps', () => {
  const one = draw([curve([0.5])]);
  expect(one).toContain('<circle class="dot"');
  expect(lines(one)).toEqual([]);
  expect(one).toContain('aria-label="val/accuracy over steps: 0.5000 at step 0"');
  expect(all(draw([curve([1, 2, NaN, 3, NaN, 4, 5])]), /(<circle)/g)).toHaveLength(1);
});

test('a log scale leaves out what is ≤ 0, as a gap, and says how many', () => {
  const curves = [curve([1, 0.1, 0, -0, -5, 0.01, 0.001])];
  const settings = { ...DEFAULT_SETTINGS, scale: Scale.Log };
  expect(placesOf(lines(draw(curves, settings))[0] ?? '').map((part) => part.length)).toEqual([2, 2]);
  expect(saidOf(curves, KEY, settings)).toEqual(['3 values ≤ 0 left out: a log scale cannot show them.']);
  const [places = []] = placesOf(lines(draw([curve([1, 0.1, 0.01])], settings))[0] ?? '');
  const [a, b, c] = places.map(([, y]) => y);
  expect((b ?? 0) - (a ?? 0)).toBeCloseTo((c ?? 0) - (b ?? 0), 0);
});

test.each<[string, Curve[], Partial<ChartSettings>, string[]]>([
  ['all NaN', [curve([NaN, NaN])], {}, []],
  ['all NaN, smoothed', [curve([NaN]), curve([Infinity], 'b', 2)], { smooth: 0.6 }, []],
  ['no run has it', [curve([]), curve([], 'b', 2)], {}, []],
  ['all NaN or missing', [curve([NaN]), curve([], 'b', 2)], {}, ['1 of 2 runs has no val/accuracy: b.']],
  [
    'all NaN or ≤ 0 on a log scale',
    [curve([0, NaN, -1])],
    { scale: Scale.Log },
    ['1 value is NaN or infinite, first at step 10.'],
  ],
])('without a picture nothing is said twice, and no mark is claimed: %s', (_, curves, change, said) => {
  const settings = { ...DEFAULT_SETTINGS, ...change };
  expect(whyEmpty(curves, KEY, settings)).not.toBeNull();
  expect(saidOf(curves, KEY, settings)).toEqual(said);
});

test('labels have room also at the size they have on a phone', () => {
  const svg = draw([curve([1e16 + 100, 1e16 + 104])]);
  const ticks = [...svg.matchAll(/<text class="ax" x="([\d.]+)"[^>]*text-anchor="end">([^<]*)</g)];
  expect(ticks.length).toBeGreaterThan(2);
  for (const [, x, label = ''] of ticks) {
    // Digits of common fonts are at most 0.64 of the font's size wide, commas 0.32.
    const wide = 14 * (0.64 * label.replaceAll(',', '').length + 0.32 * (label.split(',').length - 1));
    expect(Number(x) - wide, label).toBeGreaterThan(0);
  }
});

test('smoothing keeps the logged line, faint', () => {
  const svg = draw([curve([1, 2, 3])], { smooth: 0.5 });
  expect(svg.indexOf('class="raw"')).toBeGreaterThan(0);
  expect(svg.indexOf('class="raw"')).toBeLessThan(svg.indexOf('class="line"'));
  expect(draw([curve([1, 2, 3])])).not.toContain('class="raw"');
});

test.each<[string, Curve[], Partial<ChartSettings>, string]>([
  ['no run has it', [curve([])], {}, 'No values of val/accuracy have been logged here.'],
  ['no runs', [], {}, 'No values of val/accuracy have been logged here.'],
  ['all NaN', [curve([NaN, NaN])], {}, 'All 2 values of val/accuracy are NaN or infinite.'],
  [
    'all ≤ 0 on a log scale',
    [curve([0, -1])],
    { scale: Scale.Log },
    'No value of val/accuracy is above 0: a log scale cannot show it.',
  ],
  [
    'none in the stretch',
    [{ ...curve([]), count: 5 }],
    { from: 3, to: 9 },
    'No point of val/accuracy lies in steps 3 to 9.',
  ],
])('nothing to draw, because %s: a sentence instead of an empty box', (_, curves, change, sentence) => {
  const settings = { ...DEFAULT_SETTINGS, ...change };
  expect(draw(curves, settings)).toBe('');
  expect(whyEmpty(curves, KEY, settings)).toBe(sentence);
  const view = showChart(curves, KEY, settings, { size: 'normal' });
  expect([view.svg, view.empty]).toEqual(['', sentence]);
  const file = chartFile({ curves, colors: new Map(), key: KEY, settings, size: 'normal' });
  expect(file).toContain(`>${sentence.replace('≤', '≤')}</text>`);
});

test.each<[string, number[]]>([
  ['equal', [2, 2, 2]],
  ['zero and minus zero', [0, -0]],
  ['huge', [-1.7e308, 1.7e308]],
  ['the largest doubles', [Number.MAX_VALUE, -Number.MAX_VALUE]],
  ['subnormal', [5e-324, 1e-323]],
  ['next to each other', [1, 1 + Number.EPSILON]],
])('values that are %s are drawn within the picture', (_, values) => {
  for (const scale of [Scale.Linear, Scale.Log]) {
    const svg = draw([curve(values)], { scale });
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    for (const [x, y] of placesOf(lines(svg)[0] ?? '').flat()) {
      expect(x).toBeGreaterThanOrEqual(0);
      expect(x).toBeLessThanOrEqual(560);
      expect(y).toBeGreaterThanOrEqual(0);
      expect(y).toBeLessThanOrEqual(230);
    }
  }
});

const NASTY = '</svg><script>alert(1)</script> "\' & ]]> \u0000\u0008\uFFFF <b onclick=x>';

test('no name or key breaks the markup', async () => {
  const curves = [curve([1, NaN], NASTY, 1), curve([2, 3], NASTY, 2)];
  const colors = colorsFor(curves.map((one) => one.run));
  const inline = drawChart({ curves, colors, key: NASTY, settings: DEFAULT_SETTINGS, size: 'normal' });
  expect(
    await faultsOf(`<!doctype html><html lang="en"><head><title>t</title></head><body>${inline}</body></html>`),
  ).toEqual([]);
  const file = chartFile({ curves, colors, key: NASTY, settings: DEFAULT_SETTINGS, size: 'normal' });
  for (const svg of [inline, file]) {
    expect(svg).not.toMatch(/<script|<b |\u0000|\u0008|\uFFFF/); // eslint-disable-line no-control-regex
    expect(svg.match(/<\/svg>/g)).toHaveLength(1);
  }
});

test('a thumbnail is a line and its words', () => {
  const svg = drawSpark(curve([1, 5, 2]));
  expect(svg).toContain(
    'width="80" height="20" role="img" aria-label="val/accuracy over steps: from 1 at step 0 to 2 at step 20"',
  );
  const ys = (placesOf(lines(svg)[0] ?? '')[0] ?? []).map(([, y]) => y);
  expect([Math.min(...ys), Math.max(...ys)]).toEqual([2, 18]);
  expect(drawSpark(curve([]))).toBe('');
});

test('a figure says how many points of how many, who is missing, what is not finite', () => {
  const curves = [curve([1, NaN, 3], 'first', 1), curve([], 'second', 2), curve([2, 3], 'third', 3)];
  const view = showChart(curves, KEY, { ...DEFAULT_SETTINGS, smooth: 0.9 }, { size: 'small' });
  expect(view.caption).toBe('5 of 5 points');
  expect(view.said).toEqual([
    '1 of 3 runs has no val/accuracy: second.',
    '1 value is NaN or infinite, first at step 10 (first); marked at the edge.',
    'Smoothed with weight 0.9; the faint line is not smoothed.',
  ]);
  expect(view.legend.map(({ label, color }) => [label, color])).toEqual([
    ['first', 'c0'],
    ['third', 'c2'],
  ]);
  expect(view.tools.map(({ label }) => label)).toEqual(['log', 'time', 'exact', 'table', 'svg', 'csv']);
  expect(view.dataUrl).toContain('&smooth=0.9&size=small');
  const long = {
    ...curve([
      [1, 2, 3, 4],
      [5, 6],
    ]),
    count: 48_210,
  };
  expect(captionOf([long], DEFAULT_SETTINGS)).toBe('4 of 48,210 points, extremes kept');
  expect(captionOf([long], { ...DEFAULT_SETTINGS, from: 10 })).toBe(
    '4 of 48,210 points, extremes kept, from step 10 on',
  );
});
