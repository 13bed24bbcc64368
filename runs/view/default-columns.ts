// runs/view/default-columns.ts
// Purpose: the columns of a table that nobody has set up: what differs between its runs, then what says how good they are.
// Why: pure functions over what is known of the keys, so that the choice can be read and tested by itself.
// Relevant files: runs/view/columns.ts, runs/table/table.ts, runs/metric-rules.ts

import { byImportance, directionOf, isProgress, type WayOf } from '../metric-rules.ts';
import type { RepeatRule } from '../repeat-keys.ts';
import type { ParamVariety } from '../tally-queries.ts';

const PARAM_COLUMNS = 8;
const METRIC_COLUMNS = 4;
/** Metrics with a direction that fill a table by themselves. */
const ENOUGH = 3;

/** What the ended runs of an experiment end with, in one metric. */
export interface MetricSpread {
  key: string;
  min: number | null;
  max: number | null;
  /** Runs that ended with a number, counted up to two. */
  ended: number;
}

/** Several runs ended, and all of them with the same. */
export function isConstant({ min, max, ended }: MetricSpread): boolean {
  return ended > 1 && min !== null && min === max;
}

/** Params with more than one value: most varied first, seeds last, then by name. */
export function differingParams(variety: readonly ParamVariety[], isRepeat: RepeatRule['isRepeat']): ParamVariety[] {
  const repeat = (param: ParamVariety): number => Number(isRepeat(param.key));
  return variety
    .filter((param) => param.values > 1)
    .sort((a, b) => repeat(a) - repeat(b) || b.values - a.values || (a.key < b.key ? -1 : 1));
}

export function defaultParams(variety: readonly ParamVariety[], isRepeat: RepeatRule['isRepeat']): string[] {
  return differingParams(variety, isRepeat)
    .slice(0, PARAM_COLUMNS)
    .map(({ key }) => key);
}

/** So many are looked at where enough have a direction: more than a table shows. */
const CANDIDATES = 24;

/** Metrics that may become columns, where enough have a direction: those, the telling ones first. */
export function directedMetrics(keys: readonly string[], main: string | null, wayOf: WayOf = directionOf): string[] {
  const directed = keys.filter((key) => key === main || (wayOf(key) !== null && !isProgress(key)));
  return byImportance(directed, main, wayOf).slice(0, CANDIDATES);
}

/** Whether enough metrics have a direction, so that how the others vary need not be asked. */
export function areEnough(keys: readonly string[], wayOf: WayOf = directionOf): boolean {
  return keys.filter((key) => wayOf(key) !== null).length >= ENOUGH;
}

/**
 * Metrics that say how good a run is; where they are few, the others, too, the most varied first, but never those that only
 * say how far a run is, nor those that are the same everywhere, unless somebody said something of them.
 */
export function defaultMetrics(
  keys: string[],
  main: string | null,
  spreads: readonly MetricSpread[],
  wayOf: WayOf = directionOf,
  isSaid: (key: string) => boolean = () => false,
): string[] {
  const constant = new Set(spreads.filter(isConstant).map(({ key }) => key));
  const saysNothing = (key: string): boolean => isProgress(key) || (constant.has(key) && !isSaid(key));
  const ordered = byImportance(keys, main, wayOf).filter((key) => key === main || !saysNothing(key));
  const directed = ordered.filter((key) => key === main || wayOf(key) !== null);
  if (areEnough(keys, wayOf)) return directed.slice(0, METRIC_COLUMNS);
  const varied = new Map(spreads.map((spread) => [spread.key, variation(spread)]));
  const others = ordered
    .filter((key) => !directed.includes(key))
    .sort((a, b) => (varied.get(b) ?? 0) - (varied.get(a) ?? 0) || (a < b ? -1 : 1));
  return [...directed, ...others].slice(0, METRIC_COLUMNS);
}

/** From 0 (all the same) to 2: the range as a part of the values' size, so that metrics of any unit can be compared. */
function variation({ min, max }: MetricSpread): number {
  if (min === null || max === null || min === max) return 0;
  if (!Number.isFinite(min) || !Number.isFinite(max)) return 2;
  return (max - min) / Math.max(Math.abs(min), Math.abs(max));
}
