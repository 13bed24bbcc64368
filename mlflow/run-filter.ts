// mlflow/run-filter.ts
// Purpose: MLflow's filter and order of runs as a condition tree and an order of ours.
// Why: its entities, aliases and system tags end here; what is searched knows only our runs.
// Relevant files: mlflow/filter.ts, mlflow/filter-tests.ts, mlflow/order-by.ts, runs/search/search-queries.ts

import { RUN_STATUSES } from '../runs/models.ts';
import type { OrderField, RunField, RunOrder } from '../runs/search/search-queries.ts';
import type { Condition } from '../shared/search/condition.ts';
import { invalid } from './errors.ts';
import { NOTE_TAG } from './experiment-views.ts';
import { keyedCondition, numberTest, passes, textTest, wrongComparator } from './filter-tests.ts';
import { parseFilter, type Clause, type Identifier } from './filter.ts';
import { parseOrder } from './order-by.ts';
import { NAME_TAG, PARENT_TAG, STATUS_NAMES } from './run-views.ts';

type Entity = 'metric' | 'param' | 'tag' | 'attribute' | 'dataset';

const ENTITIES = new Map<string | undefined, Entity>([
  [undefined, 'attribute'],
  ...entries('attribute', ['attribute', 'attributes', 'attr', 'run']),
  ...entries('metric', ['metric', 'metrics']),
  ...entries('param', ['param', 'params', 'parameter', 'parameters']),
  ...entries('tag', ['tag', 'tags']),
  ...entries('dataset', ['dataset', 'datasets']),
]);

function entries(entity: Entity, names: string[]): [string, Entity][] {
  return names.map((name) => [name, entity]);
}

type RunAttribute = 'id' | 'name' | 'status' | 'user' | 'artifact_uri' | 'start_time' | 'end_time';

const ATTRIBUTES = new Map<string, RunAttribute>([
  ['run_id', 'id'],
  ['run_name', 'name'],
  ['run name', 'name'],
  ['Run name', 'name'],
  ['Run Name', 'name'],
  ['status', 'status'],
  ['user_id', 'user'],
  ['artifact_uri', 'artifact_uri'],
  ['start_time', 'start_time'],
  ['created', 'start_time'],
  ['Created', 'start_time'],
  ['end_time', 'end_time'],
]);

const DATASET_NAMES = ['name', 'digest', 'context'] as const;

export function runCondition(filter: string): Condition<RunField> {
  return { and: parseFilter(filter).map(clauseCondition) };
}

function clauseCondition(clause: Clause): Condition<RunField> {
  const entity = entityOf(clause);
  switch (entity) {
    case 'metric':
      return { field: { of: 'metric', key: clause.key, value: 'last' }, test: numberTest(clause) };
    case 'param':
      return keyedCondition<RunField>(clause, { of: 'param', key: clause.key });
    case 'tag':
      return tagCondition(clause);
    case 'dataset':
      return { field: { of: 'dataset', name: datasetName(clause) }, test: textTest(clause, { lists: true }) };
    case 'attribute':
      return attributeCondition(clause, attributeOf(clause));
  }
}

function entityOf({ prefix }: Identifier): Entity {
  const entity = ENTITIES.get(prefix);
  if (entity) return entity;
  throw invalid(`Invalid entity type '${prefix}'. Valid are metrics, params, tags, attributes and datasets.`);
}

function attributeOf({ key }: Identifier): RunAttribute {
  const name = ATTRIBUTES.get(key);
  if (name) return name;
  throw invalid(`Invalid attribute key '${key}'. Valid are ${[...ATTRIBUTES.keys()].join(', ')}.`);
}

function datasetName({ key }: Identifier): (typeof DATASET_NAMES)[number] {
  const name = DATASET_NAMES.find((one) => one === key);
  if (name) return name;
  throw invalid(`Invalid dataset key '${key}'. Valid are ${DATASET_NAMES.join(', ')}.`);
}

/** These tags are fields of a run here. A parent that is no run's id stays a tag. */
function tagCondition(clause: Clause): Condition<RunField> {
  const tag = keyedCondition<RunField>(clause, { of: 'tag', key: clause.key });
  const field = tagField(clause.key);
  if (!field) return tag;
  const own = keyedCondition<RunField>(clause, field);
  if (clause.key !== PARENT_TAG) return own;
  return clause.comparator === 'IS NULL' ? { and: [own, tag] } : { or: [own, tag] };
}

function tagField(key: string): OrderField | undefined {
  if (key === NAME_TAG) return { of: 'run', name: 'name' };
  if (key === NOTE_TAG) return { of: 'run', name: 'notes' };
  return key === PARENT_TAG ? { of: 'run', name: 'parent' } : undefined;
}

function attributeCondition(clause: Clause, name: RunAttribute): Condition<RunField> {
  const field: RunField = { of: 'run', name };
  if (name === 'start_time' || name === 'end_time') return { field, test: numberTest(clause) };
  if (clause.comparator === 'IS NULL' || clause.comparator === 'IS NOT NULL') throw wrongComparator(clause);
  const test = textTest(clause, { lists: name === 'id' });
  if (name !== 'status') return { field, test };
  return { field, test: { op: 'in', values: RUN_STATUSES.filter((status) => passes(test, STATUS_NAMES[status])) } };
}

export function runOrder(texts: string[]): RunOrder {
  return parseOrder(texts, orderField);
}

function orderField(identifier: Identifier): OrderField {
  const { key } = identifier;
  const entity = entityOf(identifier);
  switch (entity) {
    case 'metric':
      return { of: 'metric', key, value: 'last' };
    case 'param':
      return { of: 'param', key };
    case 'tag':
      return tagField(key) ?? { of: 'tag', key };
    case 'attribute':
      return { of: 'run', name: attributeOf(identifier) };
    case 'dataset':
      throw invalid('Runs are not ordered by datasets.');
  }
}
