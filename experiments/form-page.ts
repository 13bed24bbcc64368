// experiments/form-page.ts
// Purpose: reads what the form of an experiment starts with.
// Why: views make rows ready and read nothing themselves.
// Relevant files: experiments/pages.ts, experiments/views.ts, experiments/templates/form.html

import type { Db } from '../shared/db/store.ts';
import { formatTags } from '../shared/http/forms.ts';
import { tagsOfExperiments } from '../tags/queries.ts';
import type { ExperimentRow } from './models.ts';
import { metricKeys } from './queries.ts';

/** What the edit form starts with. */
export async function formValues(db: Db, row: ExperimentRow): Promise<Record<string, string>> {
  const tags = (await tagsOfExperiments(db, [row.id])).get(row.id) ?? [];
  return {
    name: row.name,
    description: row.description,
    status: row.status,
    main_metric: row.main_metric ?? '',
    tags: formatTags(tags),
    known_metrics: (await metricKeys(db, row.id)).join(', '),
  };
}
