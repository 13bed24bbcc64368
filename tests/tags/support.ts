// tests/tags/support.ts
// Purpose: short ways to make what carries tags, and to look into the database beside the API.
// Why: the tests of tags all need experiments and runs that carry some.
// Relevant files: tests/support/tracker.ts, tests/tags/tags-api.test.ts, tests/tags/hang.test.ts

import { rowsOf } from '../support/database.ts';
import type { Tracker } from '../support/tracker.ts';

export interface TagOut {
  id: number;
  key: string;
  color: string | null;
  experiments: number;
  runs: number;
  values: number;
  trashed_at: number | null;
}

type Tags = Record<string, string>;

export async function addExperiment(tracker: Tracker, name: string, tags: Tags = {}): Promise<number> {
  return (await must<{ id: number }>(tracker, 'POST', '/api/experiments', { name, tags })).id;
}

/** A run of the experiment with this name, which is made when it is missing. */
export async function addRun(tracker: Tracker, experiment: string, tags: Tags = {}, name?: string): Promise<string> {
  return (await must<{ id: string }>(tracker, 'POST', '/api/runs', { experiment, tags, ...(name && { name }) })).id;
}

/** A request that has to work. */
export async function must<T>(tracker: Tracker, method: string, where: string, body?: unknown): Promise<T> {
  const answer = await tracker.api<T>(method, where, body);
  if (answer.status >= 300) throw new Error(`${method} ${where}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}

export async function tagNamed(tracker: Tracker, key: string): Promise<TagOut> {
  const { items } = await must<{ items: TagOut[] }>(
    tracker,
    'GET',
    `/api/tags?limit=1000&q=${encodeURIComponent(key)}`,
  );
  const tag = items.find((one) => one.key === key);
  if (!tag) throw new Error(`there is no tag ${key}`);
  return tag;
}

export function versionOf(tracker: Tracker, experiment: string): Promise<number> {
  return ask(tracker, 'select version as n from experiments where name = ?', experiment);
}

export function activityOf(tracker: Tracker, experiment: string): Promise<number> {
  return ask(tracker, 'select last_activity_at as n from experiments where name = ?', experiment);
}

export function runUpdated(tracker: Tracker, id: string): Promise<number> {
  return ask(tracker, 'select updated_at as n from runs where id = ?', id);
}

async function ask(tracker: Tracker, sql: string, value: string): Promise<number> {
  return (await rowsOf<{ n: number }>(tracker.folder, sql, value))[0]?.n ?? NaN;
}

/** A row of a table of requests as a test's title. */
export function short(row: readonly unknown[]): string {
  const cells = row.map((cell) => (typeof cell === 'string' ? cell : (JSON.stringify(cell) ?? '–')));
  return cells.map((cell) => (cell.length > 60 ? `${cell.slice(0, 50)}…` : cell)).join(' ');
}
