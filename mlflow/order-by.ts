// mlflow/order-by.ts
// Purpose: reads one entry of MLflow's `order_by`: `metrics.loss DESC`, `params.`learning rate``, `start_time ASC`.
// Why: keys are quoted as in filters; each call says which there are.
// Relevant files: mlflow/filter.ts, mlflow/run-filter.ts, mlflow/experiment-filter.ts

import { invalid } from './errors.ts';
import { identifierAt, type Identifier } from './filter.ts';
import { Scanner } from './scanner.ts';

export interface OrderClause extends Identifier {
  descending: boolean;
}

export function parseOrderBy(text: string): OrderClause {
  const scanner = new Scanner(text, 'order_by');
  const identifier = identifierAt(scanner);
  const descending = scanner.word('DESC');
  if (!descending) scanner.word('ASC');
  if (!scanner.isAtEnd()) throw scanner.expected('ASC, DESC, or the end');
  return { ...identifier, descending };
}

/** More are of no use: ties end long before. */
const KEYS_MAX = 20;

/** Each as `fieldOf` understands it; none twice. */
export function parseOrder<Field>(
  texts: string[],
  fieldOf: (identifier: Identifier) => Field,
): { field: Field; descending: boolean }[] {
  if (texts.length > KEYS_MAX) throw invalid(`order_by has ${KEYS_MAX} entries at most.`);
  const seen = new Set<string>();
  return texts.map((text) => {
    const { descending, ...identifier } = parseOrderBy(text);
    const field = fieldOf(identifier);
    // The tag `mlflow.runName` and the attribute are one field here, but two to MLflow.
    const name = `${identifier.prefix?.startsWith('tag') ? 'tag ' : ''}${JSON.stringify(field)}`;
    if (seen.has(name)) throw invalid('order_by has the same field twice.');
    seen.add(name);
    return { field, descending };
  });
}
