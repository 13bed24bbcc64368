// runs/conclusions/conclusion-views.ts
// Purpose: conclusions as their page shows them.
// Why: the answer in a sentence, then the picture and the figures, each a click from its formula.
// Relevant files: runs/conclusions/conclusions.ts, runs/conclusions/sentences.ts, runs/templates/conclusions.html

import type { ExperimentRow } from '../../experiments/models.ts';
import { showTabs } from '../../experiments/tabs.ts';
import { formatCount, middle, plural } from '../../shared/format.ts';
import { showTagFilter } from '../../shared/http/list-view.ts';
import { hiddenFields, link } from '../../shared/http/links.ts';
import type { PageContext } from '../../shared/http/types.ts';
import { namesOf, shownColumns } from '../groups/group-text.ts';
import { showFilter } from '../table/filter-views.ts';
import type { At } from '../table/table-views.ts';
import { PairRule } from './pairs.ts';
import type { ConclusionsQuery } from './conclusion-schemas.ts';
import type { Conclusions } from './conclusions.ts';
import { showComparisons } from './comparison-views.ts';
import { leadOf } from './lead.ts';
import { showNext } from './next-views.ts';
import { showRanking, valueText } from './ranking-views.ts';
import { notesOf } from './sentences.ts';

export interface KnownKeys {
  metric: string[];
  param: string[];
}

export function showConclusions(
  { conclusions, experiment, keys }: { conclusions: Conclusions; experiment: ExperimentRow; keys: KnownKeys },
  query: ConclusionsQuery,
  now: number,
): PageContext {
  const path = `/experiments/${experiment.id}/conclusions`;
  const { q, where, status = [], tag = [], by, metric, pairs, base, difference } = query;
  const chosen = { pairs: pairs === PairRule.Baseline ? null : pairs, base, difference };
  const view = { q, where, status, tag, by: by ?? null, metric, ...chosen };
  const at: At = (change) => link(path, { ...view, ...change });
  const { data } = conclusions;
  const filter = showFilter(query, at, now, keys);
  return {
    title: `${middle(experiment.name, 60)}: conclusions`,
    experiment,
    filter,
    query: { q: q ?? '', order: [], status, tag, keep: hiddenFields(chosen) },
    tabs: showTabs(experiment.id, '/conclusions', { filter: { q, where, status, tag }, by: by ?? null, metric }),
    activeTags: showTagFilter(tag, at),
    choices: [...new Set([...data.choices, ...data.by])].map((name) => ({ name, on: data.by.includes(name) })),
    metrics: keys.metric.map((key) => ({ key, selected: key === data.main })),
    ignored: data.ignored,
    same: shownColumns(data).same,
    lead: leadOf(conclusions, valueText),
    notes: notesOf(conclusions),
    form: showForm(conclusions, query),
    keep: hiddenFields({ q, where, status, tag, by: by ?? null, metric }),
    ...showComparisons(conclusions),
    ...showRanking(conclusions, (base) => at({ pairs: null, base })),
    isEmpty: conclusions.samples.length === 0,
    next: filter.mistake ? null : showNext(conclusions, experiment, by !== undefined),
    usual: at({ by: null }),
    clear: path,
    summary: summaryOf(conclusions),
    decide: link(`/experiments/${experiment.id}/decisions/new`, { url: at({}) }),
    formats: ['csv', 'md', 'tex', 'svg', 'json'].map((label) => ({ label, href: link(`${path}.${label}`, view) })),
  }; // prettier-ignore
}

function showForm({ data, rule, base, bases }: Conclusions, { difference }: ConclusionsQuery): unknown {
  const names = namesOf(data);
  const { shown: varied } = shownColumns(data);
  const option = (value: string, label: string): object => ({ value, label, on: value === rule });
  return {
    rules: [
      option(PairRule.Baseline, 'each group with one of them'),
      ...data.by.flatMap((key, place) =>
        key === rule || varied.includes(place) ? [option(key, `groups that differ in ${names[place]} alone`)] : [],
      ),
      option(PairRule.All, 'every pair of groups'),
    ],
    bases: bases.map(({ value, label }) => ({ value, label: middle(label, 60), on: value === base })),
    difference: difference ?? '',
  };
}

function summaryOf({ data, samples, comparisons, resamples }: Conclusions): string {
  const groups = [...data.groups, ...data.valueless];
  const unfinished = groups.reduce((sum, group) => sum + group.unfinished, 0);
  return [
    `${plural(comparisons.length, 'comparison')} of ${plural(samples.length, 'group')} with ${plural(data.runs, 'run')}`,
    ...(unfinished > 0 ? [`${plural(unfinished, 'run')} that did not finish left out`] : []),
    ...(groups.length > samples.length ? [`${plural(groups.length - samples.length, 'group')} without a finite value left out`] : []),
    `bootstrap: ${formatCount(resamples)} resamples, the same each time`,
  ].join('; '); // prettier-ignore
}
