// decisions/views.ts
// Purpose: decisions as pages show them.
// Why: rows → ready text; the status in words with its dot, the numbers of its time as sentences.
// Relevant files: decisions/pages.ts, decisions/templates/decision.html, decisions/templates/list.html

import { showTabs } from '../experiments/tabs.ts';
import { middle, beginning, showTime, type ShownTime } from '../shared/format.ts';
import type { FieldMessages } from '../shared/http/forms.ts';
import { link, showPager, type QueryValue } from '../shared/http/links.ts';
import { trashSegment } from '../shared/http/list-view.ts';
import type { PageContext } from '../shared/http/types.ts';
import { LIMITS } from '../shared/limits.ts';
import { renderMarkdown } from '../shared/markdown.ts';
import { DECISION_STATUSES, DecisionStatus, type DecisionRow } from './models.ts';
import { showNumbers } from './number-views.ts';

export const PAGE_SIZE = 50;

const TONES: Record<DecisionStatus, string> = {
  [DecisionStatus.Open]: 'run',
  [DecisionStatus.Holds]: 'ok',
  [DecisionStatus.Fails]: 'fail',
  [DecisionStatus.Unclear]: 'plain',
};

export interface ShownDecision {
  href: string;
  hypothesis: string;
  verdict: string;
  state: { label: string; tone: string };
  made: ShownTime;
  restore: string;
}

/** In a line. */
export function showDecision(row: DecisionRow, now: number): ShownDecision {
  return {
    href: `/decisions/${row.id}`,
    hypothesis: beginning(row.hypothesis.replace(/\s+/g, ' '), 160),
    verdict: beginning(row.verdict.replace(/\s+/g, ' '), 160),
    state: { label: row.status, tone: TONES[row.status] },
    made: showTime(row.created_at, now),
    restore: `/decisions/${row.id}/restore`,
  };
}

interface Owner {
  id: number;
  name: string;
}

export function showDecisions(
  { rows, total, trashed, experiment }: { rows: DecisionRow[]; total: number; trashed: number; experiment: Owner },
  { page, isTrash }: { page: number; isTrash: boolean },
  now: number,
): PageContext {
  const path = `/experiments/${experiment.id}/decisions`;
  const at = (change: Record<string, QueryValue>): string =>
    link(path, { status: isTrash ? 'trash' : null, ...change });
  return {
    title: `Decisions on ${middle(experiment.name, 60)}`,
    experiment,
    tabs: showTabs(experiment.id, '/decisions'),
    add: `${path}/new`,
    isTrash,
    rows: rows.map((row) => showDecision(row, now)),
    segments: [{ label: 'All', href: path, on: !isTrash }, ...trashSegment(trashed, isTrash, at)],
    pager: showPager({ page, size: PAGE_SIZE, total, what: total === 1 ? 'decision' : 'decisions' }, (to) =>
      at({ page: to }),
    ),
  };
}

export function showDecisionPage(row: DecisionRow, experiment: Owner, now: number): PageContext {
  return {
    title: `Decision: ${beginning(row.hypothesis, 60)}`,
    experiment,
    ...showDecision(row, now),
    whole: renderMarkdown(row.hypothesis),
    verdict: renderMarkdown(row.verdict),
    edited: row.updated_at > row.created_at ? showTime(row.updated_at, now) : null,
    url: row.url,
    id: row.id,
    ...showNumbers(row.numbers),
  };
}

/** `row` null: a new one. */
export function showDecisionForm(
  experiment: Owner,
  row: DecisionRow | null,
  values: Record<string, string>,
  errors: FieldMessages,
): PageContext {
  const field = (name: string, label: string, more: object): object => ({
    ...{ name, label, value: values[name] ?? '', error: errors[name], ...more },
  });
  return {
    title: row ? 'Edit the decision' : 'Note a decision',
    experiment,
    action: row ? `/decisions/${row.id}` : `/experiments/${experiment.id}/decisions`,
    back: row ? `/decisions/${row.id}` : (values['url'] ?? `/experiments/${experiment.id}`),
    button: row ? 'Save' : 'Note it',
    url: row ? '' : (values['url'] ?? ''),
    urlError: errors['url'],
    fields: [
      field('hypothesis', 'Hypothesis', {
        ...{
          rows: 3,
          max: LIMITS.notes,
          required: true,
          hint: 'What you expected, in Markdown: “adam beats sgd at every learning rate”.',
        },
      }),
      field('status', 'What became of it', { options: DECISION_STATUSES.map((value) => ({ value, label: value })) }),
      field('verdict', 'Verdict', { rows: 5, max: LIMITS.notes, hint: 'What was decided, and why.' }),
    ],
  };
}
