// runs/query/order-text.ts
// Purpose: a field of the query language as `order=` has it (`metrics.loss`, `min(metrics.loss)`, `start_time`), and back.
// Why: "order by" in a filter and the parameter mean the same; one function makes SQL of it (runs/run-filter.ts).
// Relevant files: runs/query/field-reader.ts, runs/query/parser.ts, runs/run-filter.ts

import type { OrderField } from '../search/run-order.ts';
import { Cursor } from './cursor.ts';
import { BARE_METRIC, fieldText } from './fields.ts';
import { readField } from './field-reader.ts';
import { QueryError } from './tokens.ts';

/** Keys of a plain metric, param or tag stand as they are, without quotes: so they always did in `order=`. */
export function orderText(field: OrderField): string {
  if (field.of === 'run') return field.name;
  if (field.of !== 'metric') return `${field.of}s.${field.key}`;
  const metric = fieldText('metric', field.key);
  if (field.value === 'at') return `at(${metric}, ${field.step})`;
  if (field.value === BARE_METRIC) return `metrics.${field.key}`;
  const [, of] = /^(\w+)_step$/.exec(field.value) ?? [];
  return of === undefined ? `${field.value}(${metric})` : `step(${of}(${metric}))`;
}

/** Undefined: it names no field that runs can be ordered by. */
export function orderField(text: string): OrderField | undefined {
  const [, of, key = ''] = /^(param|tag|metric)s\.([^]+)$/.exec(text) ?? [];
  if (of === 'metric') return { of, key, value: BARE_METRIC };
  if (of === 'param' || of === 'tag') return { of, key };
  try {
    const cursor = new Cursor(text);
    const field = readField(cursor)?.field;
    return cursor.peek().kind === 'end' && field?.of !== 'dataset' ? field : undefined;
  } catch (error) {
    if (error instanceof QueryError) return undefined;
    throw error;
  }
}
