// runs/curves/own-settings.ts
// Purpose: the settings of each chart of a page: its own in the URL, else the page's, else its metric's default.
// Why: one metric wants a log scale and the next does not; a default is kept once and every page follows it.
// Relevant files: runs/curves/chart-settings.ts, runs/curves/default-queries.ts, runs/compare/compare-views.ts, runs/run/run-views.ts

import { z } from 'zod';
import { badField } from '../../shared/errors.ts';
import { link } from '../../shared/http/links.ts';
import { LIMITS } from '../../shared/limits.ts';
import { many } from '../../shared/schemas.ts';
import {
  chartFields,
  DEFAULT_SETTINGS,
  settingsOf,
  settingsQuery,
  XAxis,
  type AskedSettings,
  type ChartSettings,
} from './chart-settings.ts';

/** `chart=key=val/loss&scale=log` (encoded): one chart's settings, as a query of its own, with its metric. */
export const ownSettings = many(z.string().max(2 * LIMITS.query)).optional();

const ownFields = z.strictObject({ ...chartFields, key: z.string().min(1).max(LIMITS.key) });

/** Settings by metric; `base` of a chart: what it is drawn by where its own settings say nothing. */
export interface PageSettings {
  of: (key: string) => ChartSettings;
  base: (key: string) => ChartSettings;
  /** What the URL says of single charts when that of `key` is drawn by `settings`, and all others stay. */
  changed: (key: string, settings: ChartSettings) => string[];
}

/** `defaults`: of the metrics, as they are kept. */
export function pageSettings(
  query: AskedSettings & { chart?: string[] | undefined },
  defaults: ReadonlyMap<string, ChartSettings>,
): PageSettings {
  const own = new Map<string, AskedSettings>((query.chart ?? []).map(readOwn));
  const base = (key: string): ChartSettings => settingsOf(query, defaults.get(key));
  const changed = (key: string, settings: ChartSettings): string[] =>
    [...own, [key, settings] as const]
      .filter(([other], index, all) => all.findLastIndex(([one]) => one === other) === index)
      .map(([other, its]) => textOf({ key: other, ...settingsQuery(settingsOf(its, base(other)), base(other)) }))
      .filter((text) => new URLSearchParams(text).size > 1);
  // A page that is wrong is said to be so, also where none of its charts is drawn.
  base('');
  return { base, changed, of: (key) => settingsOf(own.get(key) ?? {}, base(key)) };
}

function readOwn(text: string): [key: string, settings: AskedSettings] {
  const { key, ...settings } = readText(text, ownFields, '?chart');
  settingsOf(settings, { ...DEFAULT_SETTINGS, xmetric: '' });
  return [key, settings];
}

/** Kept text → settings; what is wrong in it (an older version's) counts as not kept. */
export function settingsFromText(text: string): ChartSettings {
  const found = z.strictObject(chartFields).safeParse(Object.fromEntries(new URLSearchParams(text)));
  const settings = found.success ? found.data : {};
  return settings.x === XAxis.Metric && settings.xmetric === undefined ? DEFAULT_SETTINGS : settingsOf(settings);
}

/** What is kept of settings: not the stretch of steps that is just looked at, nor the number of buckets. */
export function keptText(settings: ChartSettings): string {
  return textOf(settingsQuery({ ...settings, buckets: undefined, from: undefined, to: undefined }));
}

function textOf(query: Record<string, string | number | undefined>): string {
  return link('', query).replace(/^\?/, '');
}

function readText<T>(text: string, schema: z.ZodType<T>, field: string): T {
  const found = schema.safeParse(Object.fromEntries(new URLSearchParams(text)));
  if (found.success) return found.data;
  const [issue] = found.error.issues;
  throw badField(field, `${[issue?.path.join('.'), issue?.message].filter(Boolean).join(': ')}`);
}
