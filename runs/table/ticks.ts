// runs/table/ticks.ts
// Purpose: ticked runs as they stand in a page's address: `tick=3_12.14` are the runs 12 and 14 of experiment 3.
// Why: ticks are kept from page to page, with and without scripts, by the address alone; a thousand ids would not fit into it.
// Relevant files: runs/table/tick-views.ts, runs/table/bulk-queries.ts, shared/static/rows.js

import { z } from 'zod';
import { LIMITS } from '../../shared/limits.ts';
import { many } from '../../shared/schemas.ts';

/** Numbers of runs by the number of their experiment. */
export type Ticks = ReadonlyMap<number, ReadonlySet<number>>;

/** A run's place among all: its experiment, and its number in it. */
export interface Place {
  experiment_id: number;
  number: number;
}

export const tickField = many(z.string().regex(/^\d{1,15}_\d{1,15}(\.\d{1,15})*$/, 'must be EXPERIMENT_RUN.RUN…')).refine(
  (values) => countTicks(parseTicks(values)) <= LIMITS.page,
  `must be at most ${LIMITS.page} runs`,
); // prettier-ignore

export function parseTicks(values: readonly string[] = []): Ticks {
  const ticks = new Map<number, Set<number>>();
  for (const value of values) {
    const [experiment = '', numbers = ''] = value.split('_');
    const own = ticks.get(Number(experiment)) ?? new Set<number>();
    for (const number of numbers.split('.')) own.add(Number(number));
    ticks.set(Number(experiment), own);
  }
  return ticks;
}

export function writeTicks(ticks: Ticks): string[] {
  return [...ticks].filter(([, own]) => own.size > 0).map(([experiment, own]) => `${experiment}_${[...own].join('.')}`);
}

/** As a row's own tick is written. */
export function tickOf({ experiment_id, number }: Place): string {
  return `${experiment_id}_${number}`;
}

export function isTicked(ticks: Ticks, { experiment_id, number }: Place): boolean {
  return ticks.get(experiment_id)?.has(number) ?? false;
}

export function countTicks(ticks: Ticks): number {
  return [...ticks.values()].reduce((sum, own) => sum + own.size, 0);
}

/** Ticks without those of these runs: of a page's own rows its boxes say whether they are ticked. */
export function ticksWithout(ticks: Ticks, places: readonly Place[]): Ticks {
  const rest = new Map([...ticks].map(([experiment, own]) => [experiment, new Set(own)]));
  for (const { experiment_id, number } of places) rest.get(experiment_id)?.delete(number);
  return rest;
}

export function ticksOf(places: readonly Place[]): Ticks {
  const ticks = new Map<number, Set<number>>();
  for (const { experiment_id, number } of places) {
    const own = ticks.get(experiment_id) ?? new Set<number>();
    ticks.set(experiment_id, own.add(number));
  }
  return ticks;
}
