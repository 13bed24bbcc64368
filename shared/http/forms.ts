// shared/http/forms.ts
// Purpose: a form's body checked by a Zod schema: the data, or what was typed with a message at each field.
// Why: a form that fails must keep what was typed and say which field is wrong.
// Relevant files: shared/http/problems.ts, shared/templates/_parts.html, experiments/pages.ts

import type { z } from 'zod';
import { badField, Problem } from '../errors.ts';
import { zodErrors } from './field-errors.ts';

export type FieldMessages = Record<string, string>;

export type CheckedForm<T> = { data: T; errors: null } | { data: null; errors: FieldMessages };

export function checkForm<T>(schema: z.ZodType<T>, body: unknown): CheckedForm<T> {
  const result = schema.safeParse(body ?? {});
  if (result.success) return { data: result.data, errors: null };
  return {
    data: null,
    errors: Object.fromEntries(zodErrors(result.error).map(({ path, message }) => [path, message])),
  };
}

/** The messages of a conflict or bad field that came up while writing; anything else is thrown on. */
export function messagesOf(error: unknown): FieldMessages {
  if (!(error instanceof Problem) || error.errors.length === 0) throw error;
  return Object.fromEntries(error.errors.map(({ path, message }) => [path, message]));
}

/** The fields of a form as they were typed; browsers send line ends as CR LF. */
export function typed(body: unknown): Record<string, string> {
  const fields = (body ?? {}) as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => {
      if (typeof value !== 'string') throw badField(name, 'must be given once');
      return [name, value.replace(/\r\n/g, '\n')];
    }),
  );
}

const QUOTED = /"(?:[^"\\\n]|\\.)*"/.source;
const TAG = new RegExp(
  `(?:[^\\S\\n]*(${QUOTED})[^\\S\\n]*(?=[=,\\n]|$)|([^,\\n=]*))` +
    `(?:=(?:[^\\S\\n]*(${QUOTED})[^\\S\\n]*(?=[,\\n]|$)|([^,\\n]*)))?(?:[,\\n]|$)`,
  'gy',
);

/**
 * `baseline, model=mlp` as tags; also one a line. A key or value with commas, line ends or spaces around it is
 * written as a JSON string: `"a, b", note="two\nlines"`. What is not one is taken as it stands.
 */
export function parseTags(text: string): Record<string, string> {
  const found: [string, string][] = [];
  for (const [, quotedKey, plainKey = '', quotedValue, plainValue] of text.matchAll(TAG)) {
    const key = unquote(quotedKey) ?? plainKey.trim();
    const value = unquote(quotedValue) ?? plainValue?.trim();
    if (key !== '' || value !== undefined) found.push([key, value ?? '']);
  }
  return Object.fromEntries(found);
}

function unquote(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  try {
    return String(JSON.parse(text));
  } catch {
    return text;
  }
}

/** The text that parseTags reads back as exactly these tags. */
export function formatTags(tags: readonly { key: string; value: string }[]): string {
  return tags
    .map(({ key, value }) => quote(key, /[,\r\n=]/) + (value === '' ? '' : `=${quote(value, /[,\r\n]/)}`))
    .join(', ');
}

function quote(text: string, special: RegExp): string {
  return special.test(text) || text.startsWith('"') || text !== text.trim() ? JSON.stringify(text) : text;
}
