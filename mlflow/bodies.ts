// mlflow/bodies.ts
// Purpose: reads JSON bodies as MLflow's clients write them: 64-bit integers stay exact, null is the same as absent.
// Why: JSON.parse rounds integers beyond 2^53; here those become decimal text, which every int64 field takes.
// Relevant files: mlflow/serve.ts, mlflow/fields.ts, shared/json-measure.ts

import { isUtf8 } from 'node:buffer';
import { isDeeper, JSON_DEPTH_MAX, measureJson } from '../shared/json-measure.ts';
import { invalid } from './errors.ts';

export type Fields = Record<string, unknown>;

/** An empty body is an empty object. */
export function readBody(bytes: unknown): Fields {
  const text = textOf(bytes);
  const value = text.trim() === '' ? {} : parse(LARGE.test(text) ? quoteLarge(text) : text);
  if (!isObject(value) || Array.isArray(value)) throw invalid('The body must be a JSON object.');
  if (isDeeper(value, JSON_DEPTH_MAX)) throw tooDeep();
  dropNulls(value);
  return value;
}

/** Parsing a large deep text takes seconds; of a small one what comes out is quicker to look at. */
const SMALL = 256 * 1024;

export function textOf(bytes: unknown): string {
  if (!Buffer.isBuffer(bytes)) return '';
  if (!isUtf8(bytes)) throw invalid('The body is not UTF-8.');
  const text = bytes.toString();
  if (text.length > SMALL && measureJson(text).depth > JSON_DEPTH_MAX) throw tooDeep();
  return text.replace(/^\ufeff/, '');
}

function tooDeep(): Error {
  return invalid(`The body nests deeper than ${JSON_DEPTH_MAX} levels.`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const hint = /[[:,\s](NaN|-?Infinity)/.test(text) ? ' Send NaN as "NaN", Infinity as "Infinity".' : '';
    throw invalid(`The body is not valid JSON: ${error instanceof Error ? error.message : ''}.${hint}`);
  }
}

/** A whole part of sixteen digits: it may be beyond 2^53. */
const LARGE = /(?:^|[^\d.])\d{16}/;
const TOKEN = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

/** Puts whole numbers that a double cannot hold into quotes; text in quotes stays as it is. */
export function quoteLarge(json: string): string {
  let out = '';
  let from = 0;
  for (let at = 0; at < json.length;) {
    const char = json.charCodeAt(at);
    if (char === QUOTE) {
      at = endOfString(json, at);
      continue;
    }
    TOKEN.lastIndex = at;
    const number = (char >= ZERO && char <= NINE) || char === MINUS ? TOKEN.exec(json)?.[0] : undefined;
    at += number?.length ?? 1;
    if (number === undefined || !/^-?\d+$/.test(number) || Number.isSafeInteger(Number(number))) continue;
    out += `${json.slice(from, at - number.length)}"${number}"`;
    from = at;
  }
  return out + json.slice(from);
}

const [QUOTE, BACKSLASH, MINUS, ZERO, NINE] = [34, 92, 45, 48, 57];

function endOfString(json: string, start: number): number {
  for (let at = start + 1; at < json.length; at++) {
    const char = json.charCodeAt(at);
    if (char === BACKSLASH) at++;
    else if (char === QUOTE) return at + 1;
  }
  return json.length;
}

function dropNulls(value: object): void {
  for (const [name, one] of Object.entries(value)) {
    if (one === null && !Array.isArray(value)) delete (value as Fields)[name];
    else if (isObject(one)) dropNulls(one);
  }
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}
