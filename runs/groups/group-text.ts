// runs/groups/group-text.ts
// Purpose: groups in words: names of columns, `adam · 0.01 · 64`, a mean with as many digits as its deviation bears.
// Why: page, CSV, Markdown and LaTeX say the same.
// Relevant files: runs/groups/groups.ts, runs/groups/group-views.ts, runs/groups/group-formats.ts

import { createHash } from 'node:crypto';
import { formatFixed, formatNumber, middle, plural } from '../../shared/format.ts';
import { bestPlaces } from '../compare/best-places.ts';
import { Direction } from '../metric-rules.ts';
import type { Stats } from './group-stats.ts';
import type { Group, RunGroups } from './groups.ts';

/** `params.lr` is `lr`, unless a tag is called so, too. */
export function namesOf({ by }: RunGroups): string[] {
  const bare = by.map((name) => name.replace(/^(params|tags)\./, ''));
  return bare.map((name, place) => (bare.indexOf(name) === bare.lastIndexOf(name) ? name : (by[place] ?? name)));
}

/** What the page's links and ticks call a group: the same while it is grouped by the same. */
export function groupName({ values }: Pick<Group, 'values'>): string {
  return createHash('sha1').update(JSON.stringify(values)).digest('base64url').slice(0, 12);
}

export interface ShownColumns {
  /** Places in `by` whose values differ. */
  shown: number[];
  same: { key: string; value: string }[];
}

/** What differs between the groups, or between those of them that are shown, and what is the same in all of these. */
export function shownColumns(data: RunGroups, groups: readonly Group[] = data.groups): ShownColumns {
  const names = namesOf(data);
  const first = groups[0]?.values ?? [];
  const differs = (place: number): boolean => groups.some(({ values }) => values[place] !== first[place]);
  const places = data.by.map((_, place) => place);
  const shown = places.filter(differs);
  return {
    shown,
    same: places
      .filter((place) => groups.length > 0 && !shown.includes(place))
      .map((place) => ({ key: names[place] ?? '', value: middle(first[place] ?? '–', 32) })),
  };
}

/** `lr 0.01`, `no lr` */
export function valueWords(name: string, value: string | null): string {
  return value === null ? `no ${name}` : `${name} ${value === '' ? '""' : value}`;
}

/** `adam · lr 0.01 · width 64`: texts speak for themselves, numbers with their names. */
export function labelOf(group: Group, data: RunGroups, { shown }: { shown: number[] }): string {
  const names = namesOf(data);
  const parts = shown.map((place) => {
    const value = group.values[place] ?? null;
    const speaks = value !== null && /^[a-z][\w.-]*$/i.test(value) && !/^(true|false|none|null|nan)$/i.test(value);
    const text = value === null ? null : middle(value, 40);
    return speaks ? (text ?? '') : valueWords(names[place] ?? '', text);
  });
  return parts.length === 0 ? 'all runs' : parts.join(' · ');
}

/** Params in the name of one group among many. */
const LABEL_PARAMS = 8;

/** The same with its first params: where the others stand beside it, or would be read out again and again. */
export function shortLabel(group: Group, data: RunGroups, { shown }: { shown: number[] }): string {
  const more = shown.length - LABEL_PARAMS;
  const label = labelOf(group, data, { shown: shown.slice(0, LABEL_PARAMS) });
  return more > 0 ? `${label} and ${plural(more, 'more param')}` : label;
}

/** Two digits of the deviation are worth showing, and as many of the mean; at least the usual four decimals of small values. */
function decimalsOf({ std, mean }: Stats): number {
  const spread = std === null || std === 0 ? null : std;
  if (spread === null || Math.abs(mean) >= 1e6) return 4;
  return Math.min(10, Math.max(0, 1 - Math.floor(Math.log10(spread))));
}

/** `digits`: decimals that the metric's rule asks for. */
export function meanText(stats: Stats, digits: number | null = null): string {
  return digits === null ? fixed(stats.mean, stats) : formatFixed(stats.mean, digits);
}

/** Of several values. */
export function deviation(stats: Stats, digits: number | null = null): string {
  return digits === null ? fixed(stats.std ?? 0, stats) : formatFixed(stats.std ?? 0, digits);
}

function fixed(value: number, stats: Stats): string {
  const decimals = decimalsOf(stats);
  const isPlain = stats.std !== null && stats.std > 0 && Math.abs(stats.mean) < 1e6 && stats.std >= 1e-9;
  return isPlain ? value.toFixed(decimals).replace(/^-/, '−') : formatNumber(value);
}

/** Of each metric the groups with the best mean, by `bestPlaces`. To be asked for once, not for each row. */
export function bestGroups({ groups, metrics }: RunGroups): Map<string, ReadonlySet<Group>> {
  return new Map(
    metrics.map(({ key, direction }) => {
      const means = groups.map((group) => group.metrics.get(key)?.stats?.mean);
      return [key, new Set(bestPlaces(means, direction).flatMap((place) => groups[place] ?? []))];
    }),
  );
}

/** Places by the main metric, whatever the table is ordered by; equal means share one. None without a value or a better. */
export function ranksOf({ groups, metrics, main }: RunGroups): Map<Group, number> {
  const direction = metrics.find(({ key }) => key === main)?.direction;
  if (!direction || main === null) return new Map();
  const sign = direction === Direction.Max ? -1 : 1;
  const means = groups.flatMap((group): { group: Group; by: number }[] => {
    const stats = group.metrics.get(main)?.stats;
    return stats ? [{ group, by: sign * stats.mean }] : [];
  });
  means.sort((a, b) => a.by - b.by);
  const ranks = new Map<Group, number>();
  for (const [place, { group, by }] of means.entries()) {
    const before = means[place - 1];
    ranks.set(group, before?.by === by ? (ranks.get(before.group) ?? place) : place + 1);
  }
  return ranks;
}
