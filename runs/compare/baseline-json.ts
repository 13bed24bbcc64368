// runs/compare/baseline-json.ts
// Purpose: a baseline as JSON.
// Why: the API of baselines, comparisons, groups and conclusions name it in the same way.
// Relevant files: runs/compare/baseline-queries.ts, runs/compare/baseline-out-schemas.ts

import type { Baseline } from './baseline-queries.ts';
import type { BaselineOut } from './baseline-out-schemas.ts';
import { filterWords } from './baseline-words.ts';

export function baselineJson(baseline: Baseline | null): BaselineOut {
  const { run = null, group = null } = baseline ?? {};
  return {
    run: run?.id ?? null,
    group: group?.where ?? null,
    label: run?.name ?? (group && filterWords(group.where)),
    runs: group ? group.runs.map(({ id }) => id) : run ? [run.id] : [],
    total: group ? group.total : Number(run !== null),
  };
}
