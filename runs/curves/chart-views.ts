// runs/curves/chart-views.ts
// Purpose: curves as a figure of a page: picture, caption, legend, links, what is said about it.
// Why: run page, run table, comparison and curve page show the same figure; templates hold no logic.
// Relevant files: runs/templates/_chart.html, runs/curves/chart-svg.ts, runs/curves/chart-words.ts, runs/curves/curves.ts

import { middle } from '../../shared/format.ts';
import { link } from '../../shared/http/links.ts';
import {
  DEFAULT_SETTINGS,
  isSmoothed,
  Outliers,
  Scale,
  settingsQuery,
  Smoothing,
  XAxis,
  type ChartSettings,
} from './chart-settings.ts';
import { SHAPES, Size } from './chart-axes.ts';
import { drawChart } from './chart-svg.ts';
import { captionOf, saidOf, stretchInWords, whyEmpty } from './chart-words.ts';
import { colorsFor, type RunColor } from './colors.ts';
import { CsvRows } from './curve-schemas.ts';
import type { Curve } from './curves.ts';

export interface LegendItem extends RunColor {
  label: string;
  /** the whole name */
  title: string;
  href: string;
}

export interface ChartLink {
  label: string;
  /** What following it does, in words. */
  title: string;
  href: string;
}

export interface ChartView {
  key: string;
  title: string;
  /** the curve page; '' on that page itself */
  href: string;
  caption: string;
  /** Safe as HTML; '' when there is nothing to draw, then `empty` says why. */
  svg: string;
  empty: string | null;
  size: Size;
  /** Empty for a single run. */
  legend: LegendItem[];
  /** `and 15 more`, or '' */
  legendRest: string;
  /** Those 15, folded, where all are named. */
  legendMore: LegendItem[];
  said: string[];
  tools: ChartLink[];
  /** What charts.js asks for the same curves. */
  dataUrl: string;
}

/** The arguments of an address that say whose curves are drawn. */
export interface DrawnOf {
  run?: string[];
  group?: string[] | undefined;
  experiment?: number | undefined;
  where?: string | undefined;
}

export interface ChartOptions {
  size: Size;
  /** Instead of the key. */
  title?: string;
  /** More for the caption: `all 27 runs`. */
  note?: string;
  /** The page that the chart stands on with other settings; the curve page where left out. */
  here?: (settings: ChartSettings) => string;
  /** What the address names; the runs of the curves where left out. */
  of?: DrawnOf;
  /** What pages draw the metric by where the URL says nothing. */
  base?: ChartSettings;
  /** How many runs the legend names; 0 where a table beside the chart shows the colours. */
  legend?: number;
  /** The others are there, too, one click away. */
  namesAll?: boolean;
}

/**
 * How many buckets all lines of one picture share: of one that stands within a page, and of one that is all of it, or is
 * what a script draws. Each line has so many at least: among a hundred nobody reads one bucket by bucket, extremes are
 * kept with fewer, too, and who zooms in is given as many for the stretch that is seen.
 */
export const Room = { Page: 1_600, Own: 6_400 } as const;
export type Room = (typeof Room)[keyof typeof Room];
const BUCKETS_LEAST = 64;

/** Settings with as many buckets as the size has room for with so many lines, unless the URL says how many. */
export function settingsFor(settings: ChartSettings, size: Size, lines = 1, room: Room = Room.Own): ChartSettings {
  const share = Math.max(BUCKETS_LEAST, Math.floor(room / Math.max(1, lines)));
  return { ...settings, buckets: settings.buckets ?? Math.min(SHAPES[size].buckets, share) };
}

/** `settings` as they came from the URL (without `settingsFor`), so that links stay short. */
export function showChart(
  curves: readonly Curve[],
  key: string,
  settings: ChartSettings,
  options: ChartOptions,
): ChartView {
  const { size, title = middle(key, 60), legend = 20 } = options;
  const colors = colorsFor(curves.map(({ run }) => run));
  const of = options.of ?? { run: curves.map(({ run }) => run.id) };
  const urls = chartUrls(of, key, options.base);
  const here = options.here ?? urls.page;
  const withData = curves.filter(({ count }) => count > 0);
  const items = curves.length > 1 ? withData : [];
  return {
    key,
    title,
    href: urls.page(settings),
    caption: [options.note, captionOf(curves, settings)].filter(Boolean).join(' · '),
    svg: drawChart({ curves, colors, key, settings, size }),
    empty: whyEmpty(curves, key, settings),
    size,
    legend: items.slice(0, legend).map((curve) => showLegendItem(curve, colors)),
    legendRest: legend > 0 && items.length > legend ? `and ${items.length - legend} more` : '',
    legendMore: options.namesAll ? items.slice(legend).map((curve) => showLegendItem(curve, colors)) : [],
    said: saidOf(curves, key, settings),
    tools: [...settingLinks(key, settings, here), ...urls.links(settings)],
    dataUrl: urls.data(settings, size),
  };
}

function showLegendItem({ run }: Curve, colors: Map<string, RunColor>): LegendItem {
  const { color, dash } = colors.get(run.id) ?? { color: 'c0', dash: 'd0' };
  return {
    label: middle(run.name, 40),
    title: run.title ?? run.name,
    color,
    dash,
    href: run.href ?? `/runs/${run.id}`,
  };
}

export interface ChartUrls {
  page: (settings: ChartSettings) => string;
  /** `size`: of the chart that it is for; it decides buckets and ticks. */
  data: (settings: ChartSettings, size?: Size) => string;
  links: (settings: ChartSettings) => ChartLink[];
}

/** `base`: see ChartOptions; only pages start from it, pictures and data say everything. */
export function chartUrls(of: DrawnOf, key: string, base = DEFAULT_SETTINGS): ChartUrls {
  const to =
    (path: string, from = DEFAULT_SETTINGS) =>
    (settings: ChartSettings, size: Size = Size.Large): string =>
      link(path, { ...of, key, ...settingsQuery(settings, from), size: size === Size.Large ? undefined : size });
  const name = middle(key, 60);
  return {
    page: to('/curves', base),
    data: to('/api/curves'),
    links: (settings) => [
      { label: 'table', title: `table of ${name}`, href: `${to('/curves', base)(settings)}#values` },
      { label: 'svg', title: `svg picture of ${name}`, href: to('/curves.svg')(settings) },
      ...csvLinks(of, key, settings).map((one) => ({ ...one, title: `${one.title} of ${name}` })),
    ],
  };
}

/** Of groups what is drawn, and apart from it what that is made of; of runs all points. */
export function csvLinks(of: DrawnOf, key: string, settings: ChartSettings): ChartLink[] {
  const points = 'csv with all points';
  if ((of.group?.length ?? 0) === 0) return [{ label: 'csv', title: points, href: link('/curves.csv', { ...of, key }) }];
  return [
    { label: 'csv', title: 'csv with mean, band and n', href: link('/curves.csv', { ...of, key, ...settingsQuery(settings) }) },
    { label: 'points', title: points, href: link('/curves.csv', { ...of, key, rows: CsvRows.Points }) },
  ];
} // prettier-ignore

const NEXT_AXIS: Record<XAxis, { to: XAxis; label: string; title: string }> = {
  [XAxis.Step]: { to: XAxis.Relative, label: 'time', title: 'time since the start instead of steps' },
  [XAxis.Relative]: { to: XAxis.Time, label: 'clock', title: 'clock time instead of time since the start' },
  [XAxis.Metric]: { to: XAxis.Step, label: 'steps', title: 'steps instead of another metric' },
  [XAxis.Time]: { to: XAxis.Step, label: 'steps', title: 'steps instead of clock time' },
};

/** Each says what it will do: `log` on a linear chart, `linear` on a log one. */
function settingLinks(key: string, settings: ChartSettings, here: (settings: ChartSettings) => string): ChartLink[] {
  const name = middle(key, 60);
  const linear = settings.scale === Scale.Linear;
  const clipped = settings.outliers === Outliers.Clipped;
  const next = NEXT_AXIS[settings.x];
  const smooth = isSmoothed(settings);
  const set = (label: string, title: string, change: Partial<ChartSettings>): ChartLink => ({
    label,
    title,
    href: here({ ...settings, ...change }),
  });
  return [
    ...(stretchInWords(settings) ? [set('all steps', `all steps of ${name}`, { from: undefined, to: undefined })] : []),
    linear
      ? set('log', `log scale for ${name}`, { scale: Scale.Log })
      : set('linear', `linear scale for ${name}`, { scale: Scale.Linear }),
    set(next.label, `${next.title} for ${name}`, { x: next.to, xmetric: undefined }),
    smooth
      ? set('exact', `exact line of ${name}, without smoothing`, { smooth: 0, smoothing: Smoothing.Ema })
      : set('smooth', `smooth line of ${name}`, { smooth: 0.6, smoothing: Smoothing.Ema }),
    ...(clipped ? [set('all values', `all values of ${name}, outliers too`, { outliers: Outliers.Shown })] : []),
  ];
}
