// mlflow/experiment-filter.ts
// Purpose: MLflow's filter and order of experiments as a condition tree and an order of ours.
// Why: its attributes and the tag that is our description end here.
// Relevant files: mlflow/filter.ts, mlflow/filter-tests.ts, mlflow/order-by.ts, experiments/search-queries.ts

import type { ExperimentField, ExperimentOrder, ExperimentOrderField } from '../experiments/search-queries.ts';
import type { Condition, Test } from '../shared/search/condition.ts';
import { invalid } from './errors.ts';
import { NOTE_TAG } from './experiment-views.ts';
import { keyedCondition, numberTest, textTest, wrongComparator } from './filter-tests.ts';
import { parseFilter, type Clause, type Identifier } from './filter.ts';
import { parseOrder } from './order-by.ts';

const ATTRIBUTES = new Map<string, ExperimentOrderField>([
  ['experiment_id', { of: 'experiment', name: 'id' }],
  ['name', { of: 'experiment', name: 'name' }],
  ['creation_time', { of: 'experiment', name: 'created_at' }],
  ['last_update_time', { of: 'experiment', name: 'updated_at' }],
]);

export function experimentCondition(filter: string): Condition<ExperimentField> {
  return { and: parseFilter(filter).map(clauseCondition) };
}

function clauseCondition(clause: Clause): Condition<ExperimentField> {
  const { prefix, key } = clause;
  if (prefix === 'tag' || prefix === 'tags') {
    if (key === NOTE_TAG) return keyedCondition(clause, { of: 'experiment', name: 'description' });
    return keyedCondition(clause, { of: 'tag', key });
  }
  const field = attributeOf(clause);
  if (clause.comparator === 'IS NULL' || clause.comparator === 'IS NOT NULL') throw wrongComparator(clause);
  if (field.name === 'id') return { field, test: idTest(clause) };
  return { field, test: field.name === 'name' ? textTest(clause) : timeTest(clause) };
}

function attributeOf({ prefix, key }: Identifier): ExperimentOrderField {
  if (prefix !== undefined && prefix !== 'attribute')
    throw invalid(`Invalid entity type '${prefix}'. Valid are attribute, tag and tags.`);
  const field = ATTRIBUTES.get(key);
  if (field) return field;
  throw invalid(`Invalid attribute key '${key}'. Valid are ${[...ATTRIBUTES.keys()].join(', ')}.`);
}

/** Ids are text in quotes here, numbers with us. */
function idTest(clause: Clause): Test {
  const test = textTest(clause, { lists: true });
  if ('pattern' in test) throw wrongComparator(clause);
  if ('values' in test) return { ...test, values: test.values.map(idOf) };
  return 'value' in test ? { ...test, value: idOf(test.value) } : test;
}

function idOf(text: string | number): number {
  if (/^\d{1,15}$/.test(String(text))) return Number(text);
  throw invalid(`'${text}' is not the id of an experiment: a decimal number.`);
}

function timeTest(clause: Clause): Test {
  const test = numberTest(clause);
  if (/[.eE]/.test(clause.text.replace(/^.*?[<>=]/su, '')))
    throw invalid(`Expected a whole number in '${clause.text}'.`);
  return test;
}

/** Newest first, unless something else is asked for; then ties go to the newer id. */
export function experimentOrder(texts: string[]): ExperimentOrder {
  if (texts.length === 0)
    return [
      { field: { of: 'experiment', name: 'created_at' }, descending: true },
      { field: { of: 'experiment', name: 'id' }, descending: false },
    ];
  return [...parseOrder(texts, attributeOf), { field: { of: 'experiment', name: 'id' }, descending: true }];
}
