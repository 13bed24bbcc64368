// mlflow/model-filter.ts
// Purpose: MLflow's filters and orders of logged models, registered models and versions as condition trees and orders of ours.
// Why: its names of attributes end here; the grammar is the one of runs.
// Relevant files: mlflow/filter.ts, mlflow/filter-tests.ts, mlflow/order-by.ts, models/search-queries.ts

import { LoggedModelStatus } from '../models/models.ts';
import type { DatasetName, LoggedField, RegisteredField, Search, VersionField } from '../models/search-queries.ts';
import type { Condition, Test } from '../shared/search/condition.ts';
import { invalid } from './errors.ts';
import { numberTest, textTest, wrongComparator } from './filter-tests.ts';
import { parseFilter, type Clause, type Identifier } from './filter.ts';
import { parseOrder } from './order-by.ts';
import { STATUS_NAMES } from './model-views.ts';

/** MLflow's names of attributes. */
const LOGGED = new Map<string, Extract<LoggedField, { of: 'model' }>['name']>([
  ['model_id', 'id'],
  ['name', 'name'],
  ['model_type', 'type'],
  ['source_run_id', 'run'],
  ['status', 'status'],
  ['creation_timestamp', 'created_at'],
  ['creation_time', 'created_at'],
  ['last_updated_timestamp', 'updated_at'],
  ['last_updated_time', 'updated_at'],
]);
const REGISTERED = new Map<string, Extract<RegisteredField, { of: 'model' }>['name']>([
  ['name', 'name'],
  ['creation_timestamp', 'created_at'],
  ['last_updated_timestamp', 'updated_at'],
  ['timestamp', 'updated_at'],
]);
const VERSION = new Map<string, Extract<VersionField, { of: 'version' }>['name']>([
  ['name', 'name'],
  ['version_number', 'version'],
  ['run_id', 'run'],
  ['source_path', 'source'],
  ['creation_timestamp', 'created_at'],
  ['last_updated_timestamp', 'updated_at'],
]);

const NUMBERS = new Set<string>(['version', 'created_at', 'updated_at']);

/** `on`: metrics count that were measured on one of these. */
export function loggedCondition(filter: string, on: DatasetName[]): Condition<LoggedField> {
  return {
    and: parseFilter(filter).map((clause): Condition<LoggedField> => {
      const { prefix, key } = clause;
      if (isOneOf(prefix, 'metrics', 'metric')) return { field: { of: 'metric', key, on }, test: numberTest(clause) };
      if (isOneOf(prefix, 'params', 'param')) return { field: { of: 'param', key }, test: listedTest(clause) };
      if (isOneOf(prefix, 'tags', 'tag')) return { field: { of: 'tag', key }, test: listedTest(clause) };
      const name = attribute(clause, LOGGED, ['attributes', 'attribute', 'attr']);
      const test = attributeTest(clause, name, true);
      return { field: { of: 'model', name }, test: name === 'status' ? statusTest(clause, test) : test };
    }),
  };
}

/** `READY`, `PENDING`, `FAILED`, or with what MLflow's protocol puts in front. */
function statusTest(clause: Clause, test: Test): Test {
  if (!('value' in test)) throw wrongComparator(clause);
  const asked = String(test.value).replace(/^LOGGED_MODEL_/, '');
  const found = Object.values(LoggedModelStatus).find(
    (status) => STATUS_NAMES[status].replace(/^LOGGED_MODEL_/, '') === (asked === 'FAILED' ? 'UPLOAD_FAILED' : asked),
  );
  return { op: test.op, value: found ?? '' };
}

export function registeredCondition(filter: string): Condition<RegisteredField> {
  return {
    and: parseFilter(filter).map((clause): Condition<RegisteredField> => {
      const { prefix, key } = clause;
      if (isOneOf(prefix, 'tags', 'tag')) return tagCondition<RegisteredField>(clause, { of: 'tag', key });
      const name = attribute(clause, REGISTERED, ['attribute']);
      if (NUMBERS.has(name)) throw invalid(`Invalid attribute key '${key}'. Valid is name.`);
      return { field: { of: 'model', name }, test: attributeTest(clause, name, true) };
    }),
  };
}

export function versionCondition(filter: string): Condition<VersionField> {
  return {
    and: parseFilter(filter).map((clause): Condition<VersionField> => {
      const { prefix, key } = clause;
      if (isOneOf(prefix, 'tags', 'tag')) return tagCondition<VersionField>(clause, { of: 'tag', key });
      const name = attribute(clause, VERSION, ['attribute']);
      return { field: { of: 'version', name }, test: attributeTest(clause, name, name === 'run' || name === 'name') };
    }),
  };
}

/** The client asks so for models that are no prompts; nothing here is one. */
const PROMPT_TAG = 'mlflow.prompt.is_prompt';

function tagCondition<Field>(clause: Clause, field: Field): Condition<Field> {
  const test = textTest(clause);
  const own: Condition<Field> = { field, test };
  const isNoPrompt = 'value' in test && (test.op === '=' ? test.value === 'false' : test.value === 'true');
  if (clause.key !== PROMPT_TAG || !isNoPrompt) return own;
  return { or: [{ not: { field, test: { op: 'present' } } }, own] };
}

/** Of logged models all that is text takes IN and NOT IN, not only attributes as elsewhere. */
function listedTest(clause: Clause): Test {
  return textTest(clause, { lists: true });
}

function attributeTest(clause: Clause, name: string, lists: boolean): Test {
  return NUMBERS.has(name) ? numberTest(clause) : textTest(clause, { lists });
}

function attribute<Name>({ prefix, key }: Identifier, names: Map<string, Name>, prefixes: string[]): Name {
  if (prefix !== undefined && !prefixes.includes(prefix)) throw invalid(`Invalid entity type '${prefix}'.`);
  const name = names.get(key);
  if (name === undefined) throw invalid(`Invalid attribute key '${key}'. Valid are ${[...names.keys()].join(', ')}.`);
  return name;
}

function isOneOf(prefix: string | undefined, ...names: string[]): boolean {
  return prefix !== undefined && names.includes(prefix);
}

export interface AskedOrder {
  field_name: string;
  ascending: boolean;
  dataset_name?: string | undefined;
  dataset_digest?: string | undefined;
}

/** Newest first unless told otherwise; ties by id. */
export function loggedOrder(asked: AskedOrder[]): Search<LoggedField>['order'] {
  const order = asked.map(({ field_name, ascending, dataset_name, dataset_digest }) => ({
    field: orderField(field_name.trim(), dataset_name, dataset_digest),
    descending: !ascending,
  }));
  const isByTime = order.some(({ field }) => field.of === 'model' && field.name === 'created_at');
  return [
    ...order,
    ...(isByTime ? [] : [{ field: { of: 'model', name: 'created_at' } as const, descending: true }]),
    { field: { of: 'model', name: 'id' }, descending: false },
  ];
}

function orderField(name: string, dataset?: string, digest?: string): LoggedField {
  if (digest && !dataset) throw invalid('dataset_digest in order_by needs dataset_name with it.');
  const metric = /^metrics\.(.+)$/s.exec(name)?.[1];
  if (metric !== undefined)
    return { of: 'metric', key: unquoted(metric), on: dataset ? [{ name: dataset, digest }] : [] };
  return { of: 'model', name: attribute({ prefix: undefined, key: name }, LOGGED, []) };
}

function unquoted(key: string): string {
  return /^`([^`]+)`$/.exec(key)?.[1] ?? /^"([^"]+)"$/.exec(key)?.[1] ?? key;
}

/** By name, unless told otherwise. */
export function registeredOrder(texts: string[]): Search<RegisteredField>['order'] {
  const order = parseOrder(texts, (identifier): RegisteredField => {
    return { of: 'model', name: attribute(identifier, REGISTERED, ['attribute']) };
  });
  return [...order, { field: { of: 'model', name: 'name' }, descending: false }];
}

/** What changed last first, unless told otherwise. */
export function versionOrder(texts: string[]): Search<VersionField>['order'] {
  const asked = texts.length > 0 ? texts : ['last_updated_timestamp DESC'];
  const order = parseOrder(asked, (identifier): VersionField => {
    const name = attribute(identifier, VERSION, ['attribute']);
    if (name === 'run' || name === 'source') throw invalid(`Invalid order_by '${identifier.key}'.`);
    return { of: 'version', name };
  });
  return [
    ...order,
    { field: { of: 'version', name: 'name' }, descending: false },
    { field: { of: 'version', name: 'version' }, descending: true },
  ];
}
