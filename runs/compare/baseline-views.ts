// runs/compare/baseline-views.ts
// Purpose: the baseline on the compare page: what differences are from, how to see them, what else could be it.
// Why: a number with an arrow is nothing without what it is measured from.
// Relevant files: runs/compare/delta-base.ts, runs/compare/compare-views.ts, runs/templates/compare.html

import { middle } from '../../shared/format.ts';
import { LIMITS } from '../../shared/limits.ts';
import type { RunRow } from '../models.ts';
import { showRunLink, type At } from '../table/table-views.ts';
import { canBeBaseline, filterWords, goneWords, groupWords } from './baseline-words.ts';
import { isSameGroup, type DeltaBase, type KeptBaselines } from './delta-base.ts';
import type { RunGroup, Selection } from './selection.ts';

interface Compared {
  runs: readonly RunRow[];
  selection: Selection;
  kept: KeptBaselines;
  base: DeltaBase;
  home: number;
}

export function showBaseline({ runs, selection, kept, base, home }: Compared, at: At): Record<string, unknown> {
  const [run, group] = [runs[base.run], selection.groups[base.group]];
  const isNone = !run && !group;
  return {
    run: run ? { ...showRunLink(run), name: middle(run.name, 40), id: run.id } : null,
    group: group ? { name: groupWords(group), title: group.where, experiment: group.experiment } : null,
    add: isNone ? addLink(runs, selection.groups, kept, at) : null,
    gone: kept.groups.map((one) => goneWords(one)).filter(Boolean),
    choices: runs.filter(({ id }) => id !== run?.id).map(({ id, name }) => ({ id, name: middle(name, 60) })),
    // Of one experiment: which one a form changes is in its address.
    groups: selection.groups
      .filter((one) => one.experiment === home && one !== group && one.total > 0 && canBeBaseline(one.where))
      .map((one) => ({ where: one.where, name: middle(filterWords(one.where), 60) })),
    home,
    back: at({}),
  };
}

/** The comparison with the baseline, which is not in it yet. */
function addLink(
  runs: readonly RunRow[],
  groups: readonly RunGroup[],
  kept: KeptBaselines,
  at: At,
): { name: string; href: string } | null {
  const ids = runs.map(({ id }) => id);
  const run = kept.runs.find(({ id }) => !ids.includes(id));
  if (run) return { name: middle(run.name, 40), href: at({ run: [run.id, ...ids].slice(0, LIMITS.compareRuns), experiment: null, where: null }) }; // prettier-ignore
  const group = kept.groups.find((one) => one.total > 0 && !groups.some((other) => isSameGroup(one, other)));
  return group
    ? { name: groupWords(group, 40), href: at({ group: [...groups.map(({ text }) => text), group.text] }) }
    : null;
}
