// mlflow/filter-tests.ts
// Purpose: what a clause of a filter tests: a text, a number, whether something is there; refused where it makes no sense.
// Why: which comparators go with which kind of key is the same wherever MLflow filters.
// Relevant files: mlflow/filter.ts, mlflow/run-filter.ts, mlflow/experiment-filter.ts, shared/search/condition.ts

import type { Condition, Test } from '../shared/search/condition.ts';
import { invalid, type MlflowError } from './errors.ts';
import type { Clause } from './filter.ts';

/** Longer patterns are no use to anybody, and SQLite takes none of 50,000 bytes. */
const PATTERN_MAX = 10_000;

export interface TextOptions {
  /** IN and NOT IN are allowed. */
  lists?: boolean;
}

/** = != LIKE ILIKE with a text in quotes, and lists where they are allowed. */
export function textTest(clause: Clause, { lists = false }: TextOptions = {}): Test {
  const { comparator, value } = clause;
  if (Array.isArray(value)) {
    if (!lists) throw wrongComparator(clause);
    return { op: comparator === 'IN' ? 'in' : 'not in', values: value };
  }
  if (comparator !== '=' && comparator !== '!=' && comparator !== 'LIKE' && comparator !== 'ILIKE')
    throw wrongComparator(clause);
  if (typeof value !== 'string') throw invalid(`Expected a text in quotes in '${clause.text}'.`);
  if (comparator === '=' || comparator === '!=') return { op: comparator, value };
  if (value.length > PATTERN_MAX) throw invalid(`A pattern has ${PATTERN_MAX} characters at most.`);
  return { op: comparator === 'LIKE' ? 'like' : 'ilike', pattern: value };
}

/** = != < <= > >= with a number. */
export function numberTest(clause: Clause): Test {
  const { comparator, value } = clause;
  switch (comparator) {
    case '=':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
      if (typeof value !== 'number') throw invalid(`Expected a number in '${clause.text}'.`);
      return { op: comparator, value };
    default:
      throw wrongComparator(clause);
  }
}

/** A text that may not be there: also IS NULL and IS NOT NULL. */
export function keyedCondition<Field>(clause: Clause, field: Field): Condition<Field> {
  if (clause.comparator === 'IS NOT NULL') return { field, test: { op: 'present' } };
  if (clause.comparator === 'IS NULL') return { not: { field, test: { op: 'present' } } };
  return { field, test: textTest(clause) };
}

export function wrongComparator({ comparator, text }: Clause): MlflowError {
  return invalid(`Invalid comparator '${comparator}' in '${text}'.`);
}

/** `text` passes the test, of texts in memory: those that are not in the database as MLflow names them. */
export function passes(test: Test, text: string): boolean {
  if ('values' in test) return test.values.includes(text) === (test.op === 'in');
  if ('pattern' in test) return likeExpression(test.pattern, test.op === 'ilike').test(text);
  if (test.op === 'present') return true;
  return 'value' in test && (test.value === text) === (test.op === '=');
}

function likeExpression(pattern: string, ignoreCase: boolean): RegExp {
  const plain = pattern.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  // `%%%…` must not be tried in all ways.
  const expression = plain.replace(/%+/g, '[^]*').replaceAll('_', '[^]');
  return new RegExp(`^${expression}$`, ignoreCase ? 'iu' : 'u');
}
