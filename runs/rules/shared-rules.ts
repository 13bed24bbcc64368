// runs/rules/shared-rules.ts
// Purpose: the rules that runs of several experiments are compared by.
// Why: a value that counts by one rule must not be called better than one that counts by another.
// Relevant files: runs/compare/compare.ts, runs/rules/rule.ts, runs/rules/rule-queries.ts

import { ruleFor, type MetricRule, type RuleBook } from './rule.ts';

export interface SharedRules {
  shared: RuleBook;
  /** Metrics whose experiments disagree: their last values are compared, by the direction that their names say. */
  mixed: ReadonlySet<string>;
  /** By experiment, without those that are mixed. */
  own: Map<number, RuleBook>;
}

export function sharedRules(books: Map<number, RuleBook>): SharedRules {
  const keys = new Set([...books.values()].flatMap((book) => [...book.keys()]));
  const [shared, mixed] = [new Map<string, MetricRule>(), new Set<string>()];
  for (const key of keys) {
    const rules = [...books.values()].map((book) => ruleFor(book, key));
    const [first] = rules;
    if (first && rules.every((rule) => textOf(rule) === textOf(first))) shared.set(key, first);
    else mixed.add(key);
  }
  const without = (book: RuleBook): RuleBook => new Map([...book].filter(([key]) => !mixed.has(key)));
  return { shared, mixed, own: new Map([...books].map(([id, book]) => [id, without(book)])) };
}

/** What decides which value counts and which is better; unit and decimals are those of the first. */
function textOf({ direction, takes, k, by }: MetricRule): string {
  return JSON.stringify([direction, takes, k, by]);
}
