// mlflow/plain-body.ts
// Purpose: quick checks of the bodies that clients send all day: a new run, a run's new state, lists of params and tags.
// Why: a few comparisons instead of a schema. What they do not take goes to the schema, which alone says what is wrong.
// Relevant files: mlflow/serve.ts, mlflow/bodies.ts, mlflow/fields.ts, mlflow/log-body.ts

import { LIMITS } from '../shared/limits.ts';
import { textOf, type Fields } from './bodies.ts';
import { EXPERIMENT_ID, KEY_MAX, RUN_ID, TIME_MAX, type Pair } from './fields.ts';
import { statusOf } from './run-views.ts';
import type { NewRun, RunUpdate } from './run-writes.ts';

/** An object in small letters of JSON; undefined: the long way finds out what it is. */
export function plainBody(bytes: unknown): Fields | undefined {
  try {
    const value: unknown = JSON.parse(textOf(bytes));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
  } catch {
    return undefined;
  }
}

/** Undefined: a field is something else than usual, or is not known here. */
export function plainNewRun(sent: Fields): NewRun | undefined {
  const asked: NewRun = { experiment_id: 0, run_name: '', tags: [] };
  for (const name in sent) {
    const value = sent[name];
    if (name === 'experiment_id' && typeof value === 'string' && EXPERIMENT_ID.test(value))
      asked.experiment_id = Number(value);
    else if (name === 'start_time' && isTime(value)) asked.start_time = value + 0;
    else if ((name === 'run_name' || name === 'user_id') && isText(value, LIMITS.tagValue)) asked[name] = value;
    else if (name === 'tags' && isPairs(value, isFreeKey, LIMITS.tagValue)) asked.tags = value;
    else return undefined;
  }
  return 'experiment_id' in sent ? asked : undefined;
}

export function plainUpdate(sent: Fields): RunUpdate | undefined {
  const asked: RunUpdate = { run_id: '', run_name: '' };
  for (const name in sent) {
    const value = sent[name];
    if (name === 'run_id' && typeof value === 'string' && RUN_ID.test(value)) asked.run_id = value;
    // Its old name, which clients send beside it, says nothing then.
    else if (name === 'run_uuid' && typeof value === 'string') continue;
    else if (name === 'status' && statusOf(value)) asked.status = statusOf(value);
    else if (name === 'end_time' && isTime(value)) asked.end_time = value + 0;
    else if (name === 'run_name' && isText(value, LIMITS.tagValue)) asked.run_name = value;
    else return undefined;
  }
  return asked.run_id === '' ? undefined : asked;
}

/** A list of pairs, each with a key and a value and nothing else. */
export function isPairs(list: unknown, isKey: (text: string) => boolean, valueMax: number): list is Pair[] {
  if (!Array.isArray(list)) return false;
  for (const item of list as unknown[]) {
    if (typeof item !== 'object' || item === null) return false;
    const { key, value } = item as Fields;
    if (typeof key !== 'string' || !isKey(key) || !isText(value, valueMax)) return false;
    for (const name in item) if (name !== 'key' && name !== 'value') return false;
  }
  return true;
}

function isFreeKey(key: string): boolean {
  return key !== '' && isText(key, KEY_MAX) && key !== '__proto__';
}

function isText(value: unknown, max: number): value is string {
  return typeof value === 'string' && value.length <= max && value.isWellFormed() && !value.includes('\0');
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= TIME_MAX;
}
