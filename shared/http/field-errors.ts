// shared/http/field-errors.ts
// Purpose: what is wrong with a request, field by field: places and words, from what Zod found.
// Why: a person must find the field by its place and know from the words what would be right; an answer must not grow with what is wrong.
// Relevant files: shared/http/problems.ts, shared/errors.ts, shared/http/checks.ts

import type { z } from 'zod';
import { Problem, type FieldError } from '../errors.ts';
import { formatCount } from '../format.ts';

/** Errors that an answer names, and those that its `detail` repeats: an answer must not grow with what is wrong. */
const NAMED_MAX = 100;
const IN_DETAIL_MAX = 3;
/** Characters of a place; a key that is one of ours has at most 500. */
const PLACE_MAX = 1_000;

type Issue = z.core.$ZodIssue;

interface Found {
  part: string;
  total: number;
  errors: FieldError[];
}

/** The first places of a failed check. `part`: what of the request was checked (`body`, `querystring`, `params`). */
export function zodErrors(error: z.core.$ZodError, part = 'body'): FieldError[] {
  const found: Found = { part, total: 0, errors: [] };
  for (const issue of error.issues) collect(issue, [], found);
  return firstErrors(found.errors, found.total);
}

/** The first hundred, and how many there are besides. */
export function firstErrors(errors: FieldError[], total: number = errors.length): FieldError[] {
  if (total <= NAMED_MAX) return errors;
  const more = `and ${formatCount(total - NAMED_MAX)} more`;
  return [...errors.slice(0, NAMED_MAX), { path: '', message: more }];
}

/** The places of one issue; unknown fields are named one by one. */
function collect(issue: Issue, prefix: PropertyKey[], found: Found): void {
  const path = [...prefix, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    for (const key of issue.keys) note(found, [...path, key], 'is not a known field');
    return;
  }
  // Of a record's key, what is wrong with the key.
  if (issue.code === 'invalid_key') {
    for (const one of issue.issues) note(found, path, one.message);
    return;
  }
  // Of a union, the branch that came furthest says what is wrong.
  const branch = issue.code === 'invalid_union' ? deepest(issue.errors) : undefined;
  if (!branch) return note(found, path, wordsOf(issue, found.part));
  for (const one of branch) collect(one, path, found);
}

/** Zod's own words for a wrong kind of value are for programmers (`expected string, received array`). */
function wordsOf(issue: Issue, part: string): string {
  if (issue.code !== 'invalid_type' || !issue.message.startsWith('Invalid input: expected')) return issue.message;
  if (issue.message.endsWith('received undefined')) return 'is missing';
  if (part === 'querystring' && issue.message.endsWith('received array')) return 'must be given only once';
  return issue.message;
}

function note(found: Found, path: PropertyKey[], message: string): void {
  found.total += 1;
  if (found.errors.length >= NAMED_MAX) return;
  const place = placeOf(path, found.part);
  found.errors.push({
    path: place.length > PLACE_MAX ? `${place.slice(0, PLACE_MAX)}…` : place,
    message: lowerFirst(message),
  });
}

function deepest(branches: Issue[][]): Issue[] | undefined {
  const depth = (branch: Issue[]): number => branch.reduce((most, one) => Math.max(most, one.path?.length ?? 0), 0);
  const best = [...branches].sort((a, b) => depth(b) - depth(a))[0];
  return best && depth(best) > 0 ? best : undefined;
}

function placeOf(path: PropertyKey[], part: string): string {
  const place = path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text ? `${text}.${String(part)}` : String(part)),
    '',
  );
  if (part === 'querystring') return `?${place}`;
  return place || part;
}

/** A 400 that names each of the places. */
export function invalid(errors: FieldError[]): Problem {
  return new Problem(400, placesText(errors) || 'The request is not valid.', errors);
}

/** What the `detail` of an answer says of them. */
export function placesText(errors: FieldError[]): string {
  const first = errors.slice(0, IN_DETAIL_MAX).map(({ path, message }) => `${path}: ${message}`);
  if (errors.length > IN_DETAIL_MAX) first.push('…');
  return first.join('; ');
}

function lowerFirst(message: string): string {
  return /^[A-Z][a-z]/.test(message) ? message.charAt(0).toLowerCase() + message.slice(1) : message;
}
