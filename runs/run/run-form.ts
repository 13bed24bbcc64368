// runs/run/run-form.ts
// Purpose: the form that edits a run: name, state, notes, parent.
// Why: keeps what was typed, and offers only states that may follow.
// Relevant files: runs/pages.ts, runs/status.ts, runs/templates/form.html

import { middle } from '../../shared/format.ts';
import type { FieldMessages } from '../../shared/http/forms.ts';
import type { PageContext } from '../../shared/http/types.ts';
import { LIMITS } from '../../shared/limits.ts';
import type { RunRow } from '../models.ts';
import { nextStatuses } from '../status.ts';

export function runFormValues(run: RunRow): Record<string, string> {
  return { name: run.name, status: run.status, notes: run.notes, parent_id: run.parent_id ?? '' };
}

/** What was typed, as the API would be sent it. */
export function patchFromForm({ parent_id = '', ...rest }: Record<string, string>): unknown {
  return { ...rest, parent_id: parent_id.trim() === '' ? null : parent_id.trim() };
}

export function showRunForm(run: RunRow, values: Record<string, string>, errors: FieldMessages): PageContext {
  const field = (name: string, label: string, more: Record<string, unknown> = {}): Record<string, unknown> => ({
    name,
    label,
    value: values[name] ?? '',
    error: errors[name],
    ...more,
  });
  const fields = [
    field('name', 'Name', { max: LIMITS.name, required: true }),
    field('status', 'State', {
      options: [run.status, ...nextStatuses(run.status)].map((value) => ({ value, label: value })),
    }),
    field('notes', 'Notes', { rows: 12, hint: 'Markdown.' }),
    field('parent_id', 'Parent run', { hint: 'Id of the run that this one belongs to; empty for none.' }),
  ];
  const known = new Set(fields.map(({ name }) => name));
  return {
    title: `Edit ${middle(run.name, 40)}`,
    run,
    canReopen: nextStatuses(run.status).length === 0,
    problem: Object.entries(errors)
      .filter(([path]) => !known.has(path))
      .map(([path, message]) => `${path} ${message}`)
      .join('; '),
    fields,
  };
}
