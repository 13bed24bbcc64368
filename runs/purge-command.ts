// runs/purge-command.ts
// Purpose: `manage.ts purge`: removes for ever what is in the trash (so long or longer), also while a server runs.
// Why: for a nightly job, and for those who do not want to click; it asks, or is told --yes.
// Relevant files: manage.ts, runs/purge.ts, runs/purge-queries.ts, experiments/changes.ts

import { createInterface } from 'node:readline/promises';
import { Presets, SingleBar } from 'cli-progress';
import { purgeIfTrashed } from '../experiments/changes.ts';
import { trashedExperiments } from '../experiments/queries.ts';
import type { Settings } from '../shared/config.ts';
import { openStore } from '../shared/db/open.ts';
import { writeInSteps } from '../shared/db/steps.ts';
import type { Store } from '../shared/db/store.ts';
import { UsageError, UserError } from '../shared/errors.ts';
import { plural } from '../shared/format.ts';
import { purgeAll } from './purge.ts';
import { amountOfExperiment, amountOfTrash, readPurging, trashedRunIds, type Amount } from './purge-queries.ts';
import { amountInWords } from './purge-views.ts';
import { purgeMany } from './table/bulk-changes.ts';

export interface PurgeFlags {
  olderThan?: string;
  yes?: boolean;
}

export async function purgeCommand(settings: Settings, { olderThan = '0d', yes = false }: PurgeFlags): Promise<void> {
  const until = Date.now() - durationOf(olderThan);
  const store = await openStore(settings);
  try {
    const what = await whatIsThere(store, until);
    if (what !== null && !yes) await askFirst(what);
    if (what !== null) await mark(store, until);
    const { runs, experiments, points } = await readPurging(store.read);
    if (runs + experiments === 0) return console.log('There is nothing to remove.');
    await removeWithBar(store);
    const removed = [plural(experiments, 'experiment'), plural(runs, 'single run'), plural(points, 'point')];
    console.log(`Removed for ever: ${removed.join(', ')}.`);
  } finally {
    await store.close();
  }
}

const UNITS: Record<string, number> = { h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 };

function durationOf(text: string): number {
  const [, count = '', unit = ''] = /^(\d{1,5})([hdw])$/.exec(text) ?? [];
  const ms = UNITS[unit];
  if (ms === undefined) throw new UsageError('--older-than must be a number of hours, days or weeks: 12h, 30d, 4w.');
  return Number(count) * ms;
}

/** In words; null: nothing that is not being removed already. */
async function whatIsThere(store: Store, until: number): Promise<string | null> {
  const experiments = await trashedExperiments(store.read, until);
  const all: Amount = await amountOfTrash(store.read, { until });
  if (experiments.length + all.runs === 0) return null;
  for (const experiment of experiments) {
    const { runs, points, isMore } = await amountOfExperiment(store.read, experiment);
    all.runs += runs;
    all.points += points;
    all.isMore ||= isMore;
  }
  return `${plural(experiments.length, 'experiment')} and in all ${amountInWords(all)}`;
}

async function askFirst(what: string): Promise<void> {
  const question = `Remove ${what} for ever? There is no undo.`;
  if (!process.stdin.isTTY) throw new UsageError(`${question} Say --yes, or answer in a terminal.`);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`${question} [y/N] `);
  terminal.close();
  if (!/^y(es)?$/i.test(answer.trim())) throw new UserError('Nothing was removed.');
}

async function mark(store: Store, until: number): Promise<void> {
  const now = Date.now();
  await writeInSteps(store, await trashedExperiments(store.read, until), 1, async (tx, [row]) => {
    if (row) await purgeIfTrashed(tx, row.id, now);
  });
  await purgeMany(store, await trashedRunIds(store.read, { until }), now);
}

/** Ctrl+C ends it after a step; the rest goes with the next call, or with the server. */
async function removeWithBar(store: Store): Promise<void> {
  const ending = new AbortController();
  const stop = (): void => ending.abort();
  process.once('SIGINT', stop);
  const bar = process.stderr.isTTY ? newBar() : undefined;
  try {
    const { points, left } = await readPurging(store.read);
    bar?.start(points, points - left);
    await purgeAll(store, ending.signal, async () => bar?.update(points - (await readPurging(store.read)).left));
  } finally {
    bar?.stop();
    process.removeListener('SIGINT', stop);
  }
  if (ending.signal.aborted) throw new UserError('Stopped. What is left is removed by the server, or by this command.');
}

function newBar(): SingleBar {
  const format = 'Removing [{bar}] {value} of {total} points, {eta_formatted} left';
  return new SingleBar({ format, barsize: 30, hideCursor: true, clearOnComplete: true }, Presets.legacy);
}
