// runs/rules/recount-ranks.ts
// Purpose: the worker that counts the ranks of an experiment's settled runs again after a rule was changed, step by step.
// Why: a hundred thousand runs are counted while others log: a step holds the writer for milliseconds, a pause gives it back.
// Relevant files: runs/rules/rule-changes.ts, runs/rules/value-sql.ts, shared/http/background.ts, shared/db/steps.ts

import { setTimeout } from 'node:timers/promises';
import { raiseVersion } from '../../experiments/touch-changes.ts';
import { stepEnd } from '../../shared/db/steps.ts';
import type { Db, Store } from '../../shared/db/store.ts';
import { pauseAfter, startBackground } from '../../shared/http/background.ts';
import type { App } from '../../shared/http/types.ts';
import type { MetricRuleRow } from '../models.ts';
import { ruleExperiments, seqsToCount, waitingRules } from './rule-queries.ts';
import { countRanks, endCounting, resolveRules } from './rule-changes.ts';
import { needsPoints, type Takes } from './rule.ts';

/** Runs in one part: a few milliseconds, also where a thousand points are read for each. */
const PART = 100;
const PART_OF_POINTS = 8;
/** Open pages hear of progress so often. */
const TELL_MS = 1_000;

/** Counts all that waits, of any process, until nothing is left or `signal` says so. */
export async function countWaiting(store: Store, signal: AbortSignal): Promise<void> {
  for (;;) {
    const [rule] = await waitingRules(store.read);
    if (!rule || signal.aborted) return;
    await countRule(store, rule, signal);
  }
}

/** Runs that are settled meanwhile follow the rule already (runs/ranking-changes.ts). */
async function countRule(store: Store, rule: MetricRuleRow, signal: AbortSignal): Promise<void> {
  const seqs = await seqsToCount(store.read, rule);
  let progress: Progress = { rule, seqs, done: 0 };
  let told = performance.now();
  while (progress.rule && progress.done < seqs.length && !signal.aborted) {
    const [start, before]: [number, Progress] = [performance.now(), progress];
    const tell = start - told >= TELL_MS;
    if (tell) told = start;
    progress = await store.write((tx) => countStep(tx, before, tell));
    if (progress.done < seqs.length) await pauseAfter(start, signal);
  }
  const counted = progress.rule;
  if (counted && !signal.aborted) await store.write((tx) => endCounting(tx, counted));
}

interface Progress {
  rule: MetricRuleRow | null;
  seqs: number[];
  done: number;
}

async function countStep(tx: Db, { rule: before, seqs, done }: Progress, tell: boolean): Promise<Progress> {
  const end = stepEnd();
  const size = before && needsPoints(before.takes as Takes) ? PART_OF_POINTS : PART;
  let [rule, next] = [before, done];
  do {
    if (rule) rule = await countRanks(tx, rule, seqs.slice(next, next + size));
    next += size;
  } while (rule && next < seqs.length && performance.now() < end);
  if (rule && tell) await raiseVersion(tx, rule.experiment_id);
  return { rule, seqs, done: next };
}

/** Another version of this program may guess other directions, and then other values are best. */
async function resolveAll(store: Store): Promise<void> {
  for (const experiment of await ruleExperiments(store.read)) await store.write((tx) => resolveRules(tx, experiment));
}

const workers = new WeakMap<Store, () => Promise<void>>();

/** So long a change waits for its runs to be counted before it is answered: a few thousand are. */
const PATIENCE_MS = 1_000;

/** After a rule was changed. Resolves when all is counted, or goes on meanwhile: then pages say so. */
export async function countSoon(store: Store): Promise<void> {
  const rest = new AbortController();
  const patience = setTimeout(PATIENCE_MS, undefined, { signal: rest.signal }).catch(() => undefined);
  await Promise.race([workers.get(store)?.(), patience]);
  rest.abort();
}

export function startCounting(app: App): void {
  app.addHook('onReady', () => resolveAll(app.store));
  const wake = startBackground(app, {
    work: countWaiting,
    waits: 'runs wait to be counted by a changed rule: it is tried again',
  });
  workers.set(app.store, wake);
  app.addHook('onClose', async () => void workers.delete(app.store));
}
