// runs/curves/curve-views.ts
// Purpose: the page of a large chart, ready for its template: chart, settings, values, files.
// Why: all that an address says of a chart is on one page, and every part links to the whole.
// Relevant files: runs/curves/curve-routes.ts, runs/curves/curve-control-views.ts, runs/curves/curve-table-views.ts, runs/templates/curves.html

import { middle } from '../../shared/format.ts';
import type { LeftOut } from '../compare/left-out.ts';
import { link } from '../../shared/http/links.ts';
import type { PageContext } from '../../shared/http/types.ts';
import {
  Band,
  Outliers,
  Scale,
  settingsQuery,
  Smoothing,
  windowOf,
  XAxis,
  type ChartSettings,
} from './chart-settings.ts';
import { FORMULAE } from './smoothing.ts';
import { describeChart, linesText } from './chart-words.ts';
import { chartUrls, csvLinks, showChart, type ChartView, type DrawnOf } from './chart-views.ts';
import { GROUP_RULE } from './group-curves.ts';
import type { Curve } from './curves.ts';
import { BANDS, hiddenFields, segment, showDefault } from './curve-control-views.ts';
import { showTable } from './curve-table-views.ts';

export interface CurvePageData {
  curves: Curve[];
  /** What the address names. */
  of: DrawnOf;
  /** What of it was left out. */
  cut: string[];
  leftOut: LeftOut;
  key: string;
  settings: ChartSettings;
  /** What the metric is drawn by where the URL says nothing. */
  base: ChartSettings;
  experiments: { id: number; name: string }[];
  /** Metrics that may be the x-axis. */
  others: string[];
}

export function showCurves({
  curves,
  of,
  cut,
  leftOut,
  key,
  settings,
  base,
  experiments,
  others,
}: CurvePageData): PageContext {
  const urls = chartUrls(of, key, base);
  const grouped = curves.some(({ members }) => members !== undefined);
  const [only] = curves;
  return {
    title: middle(key, 60),
    key,
    experiments: experiments.map(({ id, name }) => ({
      href: `/experiments/${id}`,
      name: middle(name, 40),
      title: name,
    })),
    run:
      only && curves.length === 1
        ? { href: only.run.href ?? `/runs/${only.run.id}`, name: middle(only.run.name, 60) }
        : null,
    cut,
    leftOut,
    words: curves.length > 1 ? describeChart(curves, key, settings) : '',
    bands: grouped
      ? BANDS.map(({ band, label }) =>
          segment(label, (settings.band ?? Band.Std) === band, urls.page({ ...settings, band })),
        )
      : [],
    groupRule: grouped ? GROUP_RULE : '',
    compare: curves.length > 1 ? link('/compare', { ...of, metric: key, ...settingsQuery(settings) }) : null,
    compareText: `Compare these ${grouped ? (curves.some(({ members }) => members === undefined) ? 'runs and groups' : 'groups') : 'runs'}`,
    chart: showOwnChart(curves, of, key, settings, base),
    axes: [
      segment('step', settings.x === XAxis.Step, urls.page({ ...settings, x: XAxis.Step })),
      segment('time since start', settings.x === XAxis.Relative, urls.page({ ...settings, x: XAxis.Relative })),
      segment('clock time', settings.x === XAxis.Time, urls.page({ ...settings, x: XAxis.Time })),
    ],
    scales: [
      segment('linear', settings.scale === Scale.Linear, urls.page({ ...settings, scale: Scale.Linear })),
      segment('log', settings.scale === Scale.Log, urls.page({ ...settings, scale: Scale.Log })),
      segment('symlog', settings.scale === Scale.Symlog, urls.page({ ...settings, scale: Scale.Symlog })),
    ],
    hidden: hiddenFields(of, key, { ...settingsQuery(settings, base) }),
    settings,
    smoothings: [
      { value: Smoothing.Ema, label: 'moving average', on: (settings.smoothing ?? Smoothing.Ema) === Smoothing.Ema },
      { value: Smoothing.Mean, label: 'running mean', on: settings.smoothing === Smoothing.Mean },
      { value: Smoothing.Gauss, label: 'Gaussian', on: settings.smoothing === Smoothing.Gauss },
    ],
    window: settings.smoothing === Smoothing.Mean || settings.smoothing === Smoothing.Gauss ? windowOf(settings) : '',
    clipped: settings.outliers === Outliers.Clipped,
    over: settings.xmetric ?? '',
    others: others.filter((other) => other !== key),
    overHidden: hiddenFields(of, key, {
      ...settingsQuery({ ...settings, xmetric: undefined }, base),
      x: XAxis.Metric,
    }),
    formulae: FORMULAE,
    ...showDefault(key, settings, base, experiments, urls.page(settings)),
    everything: urls.page({ ...settings, from: undefined, to: undefined, buckets: undefined }),
    zoomed: settings.from !== undefined || settings.to !== undefined,
    ...showTable(curves, settings),
    formats: [
      ...csvLinks(of, key, settings),
      { label: 'json', href: link('/curves.json', { ...of, key, ...settingsQuery(settings) }) },
      { label: 'md', href: link('/curves.md', { ...of, key, ...settingsQuery(settings) }) },
      { label: 'svg', href: link('/curves.svg', { ...of, key, ...settingsQuery(settings) }) },
    ],
  };
}

/** On its own page a chart has no link to itself, and its settings are above it. */
function showOwnChart(
  curves: Curve[],
  of: DrawnOf,
  key: string,
  settings: ChartSettings,
  base: ChartSettings,
): ChartView {
  const title = curves.length === 1 ? middle(curves[0]?.run.name ?? '', 60) : linesText(curves);
  const chart = showChart(curves, key, settings, { size: 'large', namesAll: true, title, base, of });
  return { ...chart, href: '', tools: chart.tools.filter(({ label }) => label === 'svg' || label === 'csv') };
}
