// shared/http/json-bodies.ts
// Purpose: reads JSON bodies: UTF-8 and nothing else, one parse, the place of a mistake.
// Why: a sender that is wrong learns what is wrong, and letters that cannot be read are never stored as others.
// Relevant files: shared/http/server.ts, shared/json-measure.ts

import { isUtf8 } from 'node:buffer';
import { badField, Problem } from '../errors.ts';
import { isDeeper, JSON_DEPTH_MAX, measureJson } from '../json-measure.ts';
import type { App } from './types.ts';

/** Keys that no object should get, also with escaped letters; a text without these cannot hold one. */
const SUSPECT = /__proto__|constructor|\\u00/;

/** With the place of a mistake; Python's bare NaN gets a hint. */
export function installJsonBodies(app: App): void {
  const parseStrictly = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (request, bytes, done) => {
    if (!isUtf8(bytes)) return done(badField('body', 'is not UTF-8'));
    const body = bytes.toString().replace(/^\ufeff/, '');
    if (body.trim() === '') return done(null, undefined);
    // Parsing a large deep one takes seconds; of a small one what comes out is quicker to look at than its text.
    if (body.length > SMALL && isTooDeep(body)) return done(tooDeep());
    let value: unknown;
    try {
      value = JSON.parse(body);
    } catch (error) {
      return done(isTooDeep(body) ? tooDeep() : badJson(body, error));
    }
    if (body.length <= SMALL && isDeeper(value, JSON_DEPTH_MAX)) return done(tooDeep());
    if (!SUSPECT.test(body)) return done(null, value);
    return parseStrictly(request, body, (error) => done(error ? badKey() : null, value));
  });
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

function badKey(): Problem {
  return new Problem(400, 'The body has a key (__proto__ or constructor) that is not accepted.', [
    { path: 'body', message: 'has a key that is not accepted' },
  ]);
}
