// runs/query/completion-place.ts
// Purpose: what is being typed at the end of a filter: a field, a value of one, a key of its order; and where it begins.
// Why: what may stand there is known by the same tokens and fields that read a whole filter.
// Relevant files: runs/query/completion-queries.ts, runs/query/tokens.ts, runs/query/field-reader.ts

import { AGGREGATES } from './field-reader.ts';
import { fieldNamed, isKeyed, type Field } from './fields.ts';
import { QueryError, tokensOf, type Token } from './tokens.ts';

export const PlaceKind = {
  Field: 'field',
  /** Of the metric in `min(…)`. */
  Metric: 'metric',
  Value: 'value',
  OrderKey: 'order key',
  Direction: 'direction',
  Nothing: 'nothing',
} as const;
export type PlaceKind = (typeof PlaceKind)[keyof typeof PlaceKind];

export interface Place {
  kind: PlaceKind;
  /** Where the word begins that is being typed. */
  from: number;
  /** The word so far, without its quotes. */
  find: string;
  /** Of a value: what it is compared with. */
  field?: Field | undefined;
}

/** `before`: a filter up to the cursor. */
export function placeIn(before: string): Place {
  const { tokens, from, find } = splitLast(before);
  return { ...contextOf(tokens), from, find };
}

/** The tokens before the word that is being typed, and this word: maybe nothing yet, maybe in quotes that are open. */
function splitLast(before: string): { tokens: Token[]; from: number; find: string } {
  const { tokens, open } = readOpen(before);
  const last = tokens.at(-1);
  const isTouching = last?.kind === 'word' && last.end === (open?.at ?? before.length);
  if (last && isTouching && (open === undefined || /[.:]$/.test(last.text)))
    return { tokens: tokens.slice(0, -1), from: last.at, find: last.text + (open?.text ?? '') };
  return { tokens, from: open?.at ?? before.length, find: open?.text ?? '' };
}

function readOpen(before: string): { tokens: Token[]; open?: { at: number; text: string } } {
  const read = (text: string): Token[] => tokensOf(text).filter(({ kind }) => kind !== 'end');
  try {
    return { tokens: read(before) };
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    return { tokens: read(before.slice(0, error.at)), open: { at: error.at, text: before.slice(error.at + 1) } };
  }
}

type Context = Pick<Place, 'kind' | 'field'>;

function contextOf(tokens: Token[]): Context {
  return inOrder(tokens) ?? inValue(tokens) ?? inCall(tokens) ?? { kind: atField(tokens) };
}

/** Behind `order by`: a field after it and after a comma, else its direction. */
function inOrder(tokens: Token[]): Context | undefined {
  const by = tokens.findLastIndex((one, i) => isWord(one, 'by') && isWord(tokens[i - 1], 'order'));
  if (by < 0) return undefined;
  const last = tokens.at(-1);
  if (last && isSign(last, '(')) return inCall(tokens);
  const isKey = by === tokens.length - 1 || (last !== undefined && isSign(last, ','));
  const isTold = isWord(last, 'asc') || isWord(last, 'desc');
  return { kind: isKey ? PlaceKind.OrderKey : isTold ? PlaceKind.Nothing : PlaceKind.Direction };
}

const COMPARISONS = new Set(['=', '!=', '<', '<=', '>', '>=', '~', '!~']);

function inValue(tokens: Token[]): Context | undefined {
  const last = tokens.at(-1);
  if (last?.kind === 'sign' && COMPARISONS.has(last.text)) return valueOf(tokens.at(-2));
  if (!last || !(isSign(last, '(') || isSign(last, ','))) return undefined;
  const opened = tokens.findLastIndex((one) => isSign(one, '('));
  if (!isWord(tokens[opened - 1], 'in')) return undefined;
  return valueOf(tokens[opened - (isWord(tokens[opened - 2], 'not') ? 3 : 2)]);
}

function valueOf(named: Token | undefined): Context {
  return { kind: PlaceKind.Value, field: named?.kind === 'word' ? fieldNamed(named.text) : undefined };
}

function inCall(tokens: Token[]): Context | undefined {
  const [name, opened] = tokens.slice(-2);
  if (!name || !opened || !isSign(opened, '(') || opened.at !== name.end) return undefined;
  const isCall = [...AGGREGATES, 'at', 'step'].some((word) => isWord(name, word));
  return isCall ? { kind: PlaceKind.Metric } : undefined;
}

/** After a field its comparison follows, which nobody has to look up. */
function atField(tokens: Token[]): PlaceKind {
  const last = tokens.at(-1);
  const isField = last?.kind === 'word' && isKeyed(last.text) && !/^tags?[.:]/i.test(last.text);
  return isField ? PlaceKind.Nothing : PlaceKind.Field;
}

function isSign({ kind, text }: Token, sign: string): boolean {
  return kind === 'sign' && text === sign;
}

function isWord(token: Token | undefined, word: string): boolean {
  return token?.kind === 'word' && token.text.toLowerCase() === word;
}
