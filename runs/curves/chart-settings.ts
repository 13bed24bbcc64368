// runs/curves/chart-settings.ts
// Purpose: how a chart is drawn, as query arguments: x, scale, smoothing, outliers, buckets, from, to.
// Why: the URL is the view; pages, pictures and the API take the same names with the same checks.
// Relevant files: runs/curves/own-settings.ts, runs/curves/curves.ts, runs/curves/chart-views.ts, runs/curves/curve-routes.ts

import { z } from 'zod';
import { badField } from '../../shared/errors.ts';
import { LIMITS } from '../../shared/limits.ts';

/** `metric`: another metric, `xmetric`. */
export const XAxis = { Step: 'step', Time: 'time', Relative: 'relative', Metric: 'metric' } as const;
export type XAxis = (typeof XAxis)[keyof typeof XAxis];

export const Scale = { Linear: 'linear', Log: 'log', Symlog: 'symlog' } as const;
export type Scale = (typeof Scale)[keyof typeof Scale];

/** Formulae: runs/curves/smoothing.ts. */
export const Smoothing = { Ema: 'ema', Mean: 'mean', Gauss: 'gauss' } as const;
export type Smoothing = (typeof Smoothing)[keyof typeof Smoothing];

/** Rule: runs/curves/outliers.ts. */
export const Outliers = { Shown: 'shown', Clipped: 'clipped' } as const;
export type Outliers = (typeof Outliers)[keyof typeof Outliers];

/** Around the mean line of a group (runs/curves/group-curves.ts). */
export const Band = { Std: 'std', Se: 'se', Ci: 'ci95', Range: 'range' } as const;
export type Band = (typeof Band)[keyof typeof Band];

/** A form without JavaScript sends its empty fields too: they mean "as by default". */
function orBlank<T extends z.ZodType>(field: T): z.ZodPreprocess<T> {
  return z.preprocess((value) => (value === '' ? undefined : value), field);
}

/** Not `z.coerce`: that takes `0x10`, spaces and `true` for numbers. */
function numberIn(message: string, min: number, max: number): z.ZodPreprocess<z.ZodNumber> {
  const isDecimal = (value: unknown): value is string => typeof value === 'string' && /^-?\d*\.?\d+$/.test(value);
  return z.preprocess(
    (value) => (isDecimal(value) ? Number(value) : value),
    z.number(message).min(min, message).max(max, message),
  );
}

const step = numberIn('must be a step: a whole number', -Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER).refine(
  Number.isInteger,
  'must be a step: a whole number',
);

/** Widest window of a running mean, and widest deviation of a Gaussian, in points. */
const WINDOW_MAX = 100;

/** To be spread into the `z.strictObject` of a page's or endpoint's query; read back with `settingsOf`. */
export const chartFields = {
  x: orBlank(z.enum(XAxis, 'must be step, time, relative or metric').optional()).describe(
    'step (the default); time (UTC); relative: seconds since the start of the run; metric: the values of `xmetric`.',
  ),
  xmetric: orBlank(z.string().max(LIMITS.key).optional()).describe(
    'For x=metric: another metric of the same runs. Its mean over the same stretch of steps, else its last value before it.',
  ),
  scale: orBlank(z.enum(Scale, 'must be linear, log or symlog').optional()).describe(
    'linear (the default); log; symlog: asinh(y / c), linear near 0 and logarithmic beyond.',
  ),
  smooth: orBlank(numberIn('must be a number from 0 to 0.99', 0, 0.99).optional()).describe(
    'Weight of the past in the smoothed line (smoothing=ema), 0 to 0.99; 0, the default: not smoothed.',
  ),
  smoothing: orBlank(z.enum(Smoothing, 'must be ema, mean or gauss').optional()).describe(
    'ema (the default): moving average with bias correction, weight `smooth`; mean: running mean of `window` points; ' +
      'gauss: Gaussian with a standard deviation of `window` points.',
  ),
  window: orBlank(numberIn(`must be a number from 0.5 to ${WINDOW_MAX}`, 0.5, WINDOW_MAX).optional()).describe(
    'For smoothing=mean (default 11) and gauss (default 3), in points of the line as it is drawn.',
  ),
  outliers: orBlank(z.enum(Outliers, 'must be shown or clipped').optional()).describe(
    'clipped: the value axis ends three interquartile ranges beyond the quartiles; what lies beyond is held at the edge.',
  ),
  band: orBlank(z.enum(Band, 'must be std, se, ci95 or range').optional()).describe(
    'Around the mean of a group: std (the default, n − 1), se: standard error, ci95: 95 % interval of the mean by ' +
      "Student's t, range: least to greatest point.",
  ),
  buckets: orBlank(
    numberIn(`must be a whole number from 1 to ${LIMITS.curveBuckets}`, 1, LIMITS.curveBuckets)
      .refine(Number.isInteger, 'must be a whole number')
      .optional(),
  ).describe('Stretches a long series is cut into, extremes kept; 320 where left out, fewer in small pictures.'),
  from: orBlank(step.optional()).describe('The first step shown.'),
  to: orBlank(step.optional()).describe('The last step shown.'),
};

export interface ChartSettings {
  x: XAxis;
  /** With `x: metric`, always. */
  xmetric?: string | undefined;
  scale: Scale;
  /** Of the moving average; 0: none; see runs/curves/smoothing.ts */
  smooth: number;
  /** undefined: a moving average */
  smoothing?: Smoothing | undefined;
  /** Of the other two; undefined: as they usually are */
  window?: number | undefined;
  outliers?: Outliers | undefined;
  /** Of groups; undefined: the standard deviation. */
  band?: Band | undefined;
  /** undefined: as many as the picture has room for */
  buckets?: number | undefined;
  /** first and last step shown; undefined: all */
  from?: number | undefined;
  to?: number | undefined;
}

/** What a URL says of them; the rest is as by default. */
export type AskedSettings = { [Name in keyof ChartSettings]?: ChartSettings[Name] | undefined };

export const DEFAULT_SETTINGS: ChartSettings = { x: XAxis.Step, scale: Scale.Linear, smooth: 0 };

/** Buckets where neither the URL nor the size of the picture says otherwise. */
export const DEFAULT_BUCKETS = 320;

/**
 * The chart's part of a checked query; what it does not say is as in `base`. Errors: a stretch of steps that is upside
 * down, x=metric without a metric.
 */
export function settingsOf(query: AskedSettings, base: ChartSettings = DEFAULT_SETTINGS): ChartSettings {
  const { from = base.from, to = base.to } = query;
  if (from !== undefined && to !== undefined && from > to) throw badField('?from', 'must not lie beyond `to`');
  const x = query.x ?? base.x;
  const xmetric = query.xmetric ?? base.xmetric;
  if (x === XAxis.Metric && xmetric === undefined) throw badField('?xmetric', 'name the metric of the x-axis');
  return {
    x,
    ...(x === XAxis.Metric ? { xmetric } : {}),
    scale: query.scale ?? base.scale,
    smooth: query.smooth ?? base.smooth,
    smoothing: query.smoothing ?? base.smoothing,
    window: query.window ?? base.window,
    outliers: query.outliers ?? base.outliers,
    band: query.band ?? base.band,
    buckets: query.buckets ?? base.buckets,
    from,
    to,
  };
}

/** What a URL says of them and nothing else, for links that keep it. */
export function askedOf(query: AskedSettings): Record<string, string | number | undefined> {
  const { x, xmetric, scale, smoothing, smooth, window, outliers, band, buckets, from, to } = query;
  return { x, xmetric, scale, smoothing, smooth, window, outliers, band, buckets, from, to };
}

/** Settings as query arguments; what is as in `base` is left out, so that the usual URL is short. */
export function settingsQuery(
  settings: ChartSettings,
  base: ChartSettings = DEFAULT_SETTINGS,
): Record<string, string | number | undefined> {
  const unless = <T>(value: T, same: T): T | undefined => (value === same ? undefined : value);
  return {
    x: unless(settings.x, base.x),
    xmetric: unless(settings.xmetric, base.xmetric),
    scale: unless(settings.scale, base.scale),
    smoothing: unless(settings.smoothing ?? Smoothing.Ema, base.smoothing ?? Smoothing.Ema),
    smooth: unless(settings.smooth, base.smooth),
    window: unless(settings.window, base.window),
    outliers: unless(settings.outliers ?? Outliers.Shown, base.outliers ?? Outliers.Shown),
    band: unless(settings.band ?? Band.Std, base.band ?? Band.Std),
    buckets: settings.buckets,
    from: settings.from,
    to: settings.to,
  };
}

/** Whether a smoothed line is drawn over the exact one. */
export function isSmoothed({ smoothing = Smoothing.Ema, smooth }: ChartSettings): boolean {
  return smoothing !== Smoothing.Ema || smooth > 0;
}

/** Points of a running mean, or standard deviation of a Gaussian in points. */
export function windowOf({ smoothing, window }: ChartSettings): number {
  return window ?? (smoothing === Smoothing.Mean ? 11 : 3);
}
