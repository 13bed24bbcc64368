// shared/http/forms.ts
// Purpose: a form's body checked by a Zod schema: the data, or what was typed with a message at each field.
// Why: a form that fails must keep what was typed and say which field is wrong.
// Relevant files: shared/http/problems.ts, shared/templates/_parts.html, experiments/pages.ts

import type { z } from 'zod';
import { Problem } from '../errors.ts';
import { zodErrors } from './problems.ts';

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
    Object.entries(fields).map(([name, value]) => [name, String(value).replace(/\r\n/g, '\n')]),
  );
}

/** `baseline, model=mlp` as tags; also one a line. */
export function parseTags(text: string): Record<string, string> {
  const parts = text.split(/[,\n]/).map((part) => part.trim());
  return Object.fromEntries(
    parts.filter(Boolean).map((part) => {
      const cut = part.indexOf('=');
      return cut < 0 ? [part, ''] : [part.slice(0, cut).trim(), part.slice(cut + 1).trim()];
    }),
  );
}
