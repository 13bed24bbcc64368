// shared/http/json-bodies.ts
// Purpose: reads JSON bodies, and NDJSON line by line: UTF-8 and nothing else, one parse, the place of a mistake.
// Why: a sender that is wrong learns what is wrong, and letters that cannot be read are never stored as others.
// Relevant files: shared/http/server.ts, shared/json-measure.ts

import { isUtf8 } from 'node:buffer';
import type { FastifyRequest } from 'fastify';
import { badField, Problem } from '../errors.ts';
import { isDeeper, JSON_DEPTH_MAX, measureJson } from '../json-measure.ts';
import type { App } from './types.ts';

/** Keys that no object should get, also with escaped letters; a text without these cannot hold one. */
const SUSPECT = /__proto__|constructor|\\u00/;

/** One JSON text as a value. */
type ParseJson = (request: FastifyRequest, text: string) => unknown;

/** With the place of a mistake; Python's bare NaN gets a hint. */
export function installJsonBodies(app: App): void {
  const parseJson = jsonParser(app);
  app.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (request, bytes, done) =>
    answer(done, () => {
      const text = textOf(request, bytes);
      return text.trim() === '' ? undefined : parseJson(request, text);
    }),
  );
  app.addContentTypeParser<Buffer>('application/x-ndjson', { parseAs: 'buffer' }, (request, bytes, done) =>
    answer(done, () => new JsonLines(linesOf(textOf(request, bytes)), (line) => parseJson(request, line))),
  );
}

/** A body of `application/x-ndjson`: a JSON value a line; empty lines are none, but counted. */
export class JsonLines {
  readonly items: { line: number; value: unknown }[] = [];

  constructor(lines: string[], parse: (text: string) => unknown) {
    for (const [index, text] of lines.entries()) {
      if (text.trim() === '') continue;
      this.items.push({ line: index + 1, value: atLine(index + 1, () => parse(text)) });
    }
  }
}

function linesOf(text: string): string[] {
  return text.split('\n');
}

/** What is wrong with a line is told with its number. */
function atLine<T>(line: number, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const errors = error.errors.map(({ message }) => ({ path: `line ${line}`, message }));
    throw new Problem(error.status, `Line ${line}: ${error.message}`, errors);
  }
}

function answer(done: (error: Error | null, value?: unknown) => void, work: () => unknown): void {
  let value: unknown;
  try {
    value = work();
  } catch (error) {
    return done(error as Error);
  }
  done(null, value);
}

const BYTE_ORDER_MARK = 0xfeff;

function textOf(request: FastifyRequest, bytes: Buffer): string {
  request.bodyBytes = bytes.length;
  if (!isUtf8(bytes)) throw badField('body', 'is not UTF-8');
  const text = bytes.toString();
  return text.charCodeAt(0) === BYTE_ORDER_MARK ? text.slice(1) : text;
}

function jsonParser(app: App): ParseJson {
  app.decorateRequest('bodyBytes', 0);
  const parseStrictly = app.getDefaultJsonParser('error', 'error');
  return (request, text) => {
    // Parsing a large deep one takes seconds; of a small one what comes out is quicker to look at than its text.
    if (text.length > SMALL && isTooDeep(text)) throw tooDeep();
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (error) {
      throw isTooDeep(text) ? tooDeep() : badJson(text, error);
    }
    if (text.length <= SMALL && isDeeper(value, JSON_DEPTH_MAX)) throw tooDeep();
    if (!SUSPECT.test(text)) return value;
    // It answers at once.
    let isBad = false;
    void parseStrictly(request, text, (error) => (isBad = Boolean(error)));
    if (isBad) throw badKey(value);
    return value;
  };
}

const SMALL = 256 * 1024;

function isTooDeep(body: string): boolean {
  return measureJson(body).depth > JSON_DEPTH_MAX;
}

function tooDeep(): Problem {
  return badField('body', `must not nest deeper than ${JSON_DEPTH_MAX} levels`);
}

function badJson(body: string, error: unknown): Problem {
  const hint = /[[:,\s](NaN|-?Infinity)/.test(body)
    ? ' Send NaN and Infinity as the strings "NaN", "Infinity", "-Infinity".'
    : '';
  return new Problem(400, `The body is not valid JSON: ${error instanceof Error ? error.message : ''}.${hint}`, [
    { path: 'body', message: 'is not valid JSON' },
  ]);
}

/** `params.__proto__: must not be named __proto__`, so that who sent a hundred params knows which one to rename. */
function badKey(value: unknown): Problem {
  const found = badPath(value, '');
  if (found === undefined) return badField('body', 'has a key that is not accepted');
  return badField(found.path, `must not be named ${found.key}`);
}

/** Of the first key that the parser refuses, as other fields are named; the body itself where it is at the top. */
function badPath(value: unknown, at: string): { path: string; key: string } | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, inner] of Object.entries<unknown>(value as Record<string, unknown>)) {
    const path = Array.isArray(value) ? `${at}[${key}]` : at === '' ? key : `${at}.${key}`;
    const isPrototype = key === 'constructor' && typeof inner === 'object' && inner !== null && Object.hasOwn(inner, 'prototype'); // prettier-ignore
    if (key === '__proto__' || isPrototype) return { path: at === '' ? 'body' : path, key };
    const found = badPath(inner, path);
    if (found) return found;
  }
  return undefined;
}
