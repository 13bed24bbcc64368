// runs/query/completion-queries.ts
// Purpose: what may stand where a filter is typed: attributes, metrics, params and tags that there are, values, aggregates.
// Why: nobody remembers whether it was val/acc or valid_accuracy; ten thousand keys are searched, not listed.
// Relevant files: runs/query/completion-api.ts, runs/query/completion-place.ts, runs/query/completion-value-queries.ts, runs/query/fields.ts

import { sql, type SQL } from 'drizzle-orm';
import { KeyKind } from '../../experiments/models.ts';
import { bound } from '../../shared/db/dialect.ts';
import type { Db } from '../../shared/db/store.ts';
import { PlaceKind, placeIn, type Place } from './completion-place.ts';
import { valuesLike, type Sought } from './completion-value-queries.ts';
import { AGGREGATES } from './field-reader.ts';
import { ATTRIBUTES, fieldText, valueText } from './fields.ts';

export interface FieldName {
  /** As it stands in a filter, in quotes where it needs them: `metrics."val acc"`. */
  name: string;
  kind: OfferKind;
}

export const OFFER_KINDS = ['field', 'metric', 'param', 'tag', 'value', 'aggregate', 'word'] as const;
type OfferKind = (typeof OFFER_KINDS)[number];

export interface Offers {
  items: FieldName[];
  /** Where the word begins that an item takes the place of. */
  from: number;
}

/** What may stand at the end of `before`, a filter up to the cursor. Fields are offered from two letters on. */
export async function offersAt(
  db: Db,
  { before, experiment, limit }: { before: string; experiment?: number | undefined; limit: number },
): Promise<Offers> {
  const { kind, from, find, field } = placeIn(before);
  const sought = { find, experiment, limit };
  return { items: (await itemsOf(db, { kind, field }, sought)).slice(0, limit), from };
}

async function itemsOf(db: Db, { kind, field }: Pick<Place, 'kind' | 'field'>, sought: Sought): Promise<FieldName[]> {
  const find = sought.find.toLowerCase();
  switch (kind) {
    case PlaceKind.Nothing:
      return [];
    case PlaceKind.Value: {
      const values = field ? await valuesLike(db, field, { ...sought, find }) : [];
      return values.map((value) => ({ name: valueText(value), kind: 'value' }));
    }
    case PlaceKind.Direction:
      return wordsLike(['asc', 'desc'], find);
    case PlaceKind.Metric: {
      const rest = find.replace(/^metrics?[.:]?/, '');
      const items = await fieldsLike(db, { ...sought, find: `metrics.${rest}` });
      return items.map(({ name }) => ({ name: `${name})`, kind: 'metric' }));
    }
    case PlaceKind.OrderKey:
      return [...aggregatesLike(find), ...(await fieldsLike(db, sought))];
    case PlaceKind.Field:
      if (find.length < 2) return [];
      return [...aggregatesLike(find), ...wordsLike(['order by'], find), ...(await fieldsLike(db, sought))];
  }
}

function wordsLike(words: string[], find: string): FieldName[] {
  return words.filter((word) => word.startsWith(find)).map((name) => ({ name, kind: 'word' }));
}

function aggregatesLike(find: string): FieldName[] {
  const starts = [...AGGREGATES, 'step'].filter((name) => find !== '' && name.startsWith(find));
  return starts.map((name) => ({ name: `${name}(metrics.`, kind: 'aggregate' }));
}

interface FoundKey {
  kind: 'metric' | 'param' | 'tag';
  key: string;
}

/** Names that begin with the text come first, then by kind and name. `experiment`: only what its runs have. */
export async function fieldsLike(
  db: Db,
  { find, experiment, limit }: { find: string; experiment?: number | undefined; limit: number },
): Promise<FieldName[]> {
  const text = find.toLowerCase();
  // `metrics.val/a`: what stands after the prefix is looked for among the keys of that kind.
  const [, prefix = '', rest] = /^(metrics?|params?|tags?)[.:]["'`]?([^]*)$/.exec(text) ?? [];
  const own = Object.keys(ATTRIBUTES)
    .filter((name) => rest === undefined && name.includes(text))
    .map((name): FieldName => ({ name, kind: 'field' }));
  const keys = (await keysLike(db, rest ?? text, experiment, limit))
    .filter(({ kind }) => prefix === '' || prefix.startsWith(kind))
    .map(({ kind, key }): FieldName => ({ name: fieldText(kind, key), kind }));
  const isFirst = ({ name }: FieldName): boolean =>
    name
      .replace(/^\w+[.:]"?/, '')
      .toLowerCase()
      .startsWith(rest ?? text);
  return [...own, ...keys].sort((a, b) => Number(isFirst(b)) - Number(isFirst(a))).slice(0, limit);
}

/** Each kind up to the limit: no kind crowds out another before the rest is cut. */
async function keysLike(db: Db, text: string, experiment: number | undefined, limit: number): Promise<FoundKey[]> {
  const within = (column: SQL): SQL => (experiment === undefined ? sql`` : sql`and ${column} = ${experiment}`);
  const like = (column: SQL): SQL => sql`contains_ci(${column}, ${text})`;
  const metric = sql`select distinct m.key from experiment_metrics m where ${like(sql`m.key`)} ${within(sql`m.experiment_id`)}`;
  const param = sql`select distinct k.key from experiment_keys k
    where k.kind = ${KeyKind.Param} and ${like(sql`k.key`)} ${within(sql`k.experiment_id`)}`;
  const tag = sql`select distinct t.key from tags t join experiment_keys k on k.kind = ${KeyKind.Tag} and k.key = cast(t.id as text)
    where t.trashed_at is null and ${like(sql`t.key`)} ${within(sql`k.experiment_id`)}`;
  const found: FoundKey[] = [];
  for (const [kind, query] of Object.entries({ metric, param, tag }) as [FoundKey['kind'], SQL][]) {
    const { rows } = await db.execute<{ key: string }>(...bound(sql`${query} order by 1 limit ${limit}`));
    found.push(...rows.map(({ key }) => ({ kind, key })));
  }
  return found;
}
