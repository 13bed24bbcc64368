// shared/search/condition.ts
// Purpose: what a search asks for, as a typed tree: tests of fields, joined by and, or, not.
// Why: MLflow's filters and our own query language mean the same by the same tree; it holds values, never SQL.
// Relevant files: shared/search/condition-sql.ts, runs/search/run-fields.ts

/** Every test is plainly true or false: what a thing does not have passes none, so `not` is the exact opposite. */
export type Condition<Field> =
  | { and: readonly Condition<Field>[] }
  | { or: readonly Condition<Field>[] }
  | { not: Condition<Field> }
  | { field: Field; test: Test };

export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>=';

/** Text compares by its bytes, case and all. Patterns: `%` stands for any text, `_` for one character. */
export type Test =
  | { op: Comparison; value: string | number }
  | { op: 'like' | 'ilike'; pattern: string }
  | { op: 'in' | 'not in'; values: readonly (string | number)[] }
  /** In any case of letters. */
  | { op: 'contains'; text: string }
  /** It is NaN. */
  | { op: 'nan' }
  | { op: 'present' };

/** Missing values come last in both directions; of numbers NaN right before them. */
export interface OrderKey<Field> {
  field: Field;
  descending: boolean;
}
