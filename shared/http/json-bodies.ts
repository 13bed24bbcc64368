// shared/http/json-bodies.ts
// Purpose: reads JSON bodies: UTF-8 and nothing else, the place of a mistake.
// Why: a sender that is wrong learns what is wrong, and letters that cannot be read are never stored as others.
// Relevant files: shared/http/server.ts, shared/http/problems.ts

import { isUtf8 } from 'node:buffer';
import { badField, Problem } from '../errors.ts';
import type { App } from './types.ts';

/** With the place of a mistake; Python's bare NaN gets a hint. */
export function installJsonBodies(app: App): void {
  const parseStrictly = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (request, bytes, done) => {
    if (!isUtf8(bytes)) return done(badField('body', 'is not UTF-8'));
    const body = bytes.toString();
    if (body.trim() === '') return done(null, undefined);
    return parseStrictly(request, body, (error, value) => done(error ? badJson(body) : null, value));
  });
}

function badJson(body: string): Problem {
  try {
    JSON.parse(body);
  } catch (error) {
    const hint = /[[:,\s](NaN|-?Infinity)/.test(body)
      ? ' Send NaN and Infinity as the strings "NaN", "Infinity", "-Infinity".'
      : '';
    return new Problem(400, `The body is not valid JSON: ${error instanceof Error ? error.message : ''}.${hint}`, [
      { path: 'body', message: 'is not valid JSON' },
    ]);
  }
  return new Problem(400, 'The body has a key (__proto__ or constructor) that is not accepted.', [
    { path: 'body', message: 'has a key that is not accepted' },
  ]);
}
