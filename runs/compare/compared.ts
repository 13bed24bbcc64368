// runs/compare/compared.ts
// Purpose: all numbers of a comparison, read once: runs, groups with all their members, and the baseline that differences are from.
// Why: the page, its JSON and its files say the same, because they are made of this.
// Relevant files: runs/compare/compare-routes.ts, runs/compare/compare-file-routes.ts, runs/compare/whole-groups.ts

import type { Db } from '../../shared/db/store.ts';
import { nameDrawn, type Drawn } from '../curves/drawn.ts';
import type { RunRow } from '../models.ts';
import { keptBaselines } from './baseline-queries.ts';
import { readComparison, type Comparison } from './compare.ts';
import { deltaBase, type DeltaBase, type KeptBaselines } from './delta-base.ts';
import { groupNumbers, type GroupLine } from './group-numbers.ts';
import type { Selection } from './selection.ts';
import { wholeGroups, type WholeGroup } from './whole-groups.ts';

export interface Compared {
  comparison: Comparison;
  /** What is drawn, under labels that tell it apart. */
  drawn: Drawn;
  groups: WholeGroup[];
  lines: GroupLine[];
  kept: KeptBaselines;
  base: DeltaBase;
  /** Those compared by themselves, then those of groups that are drawn. */
  members: RunRow[];
}

export async function readCompared(db: Db, selection: Selection): Promise<Compared> {
  const comparison = await readComparison(db, selection.runs);
  const drawn = await nameDrawn(db, selection);
  const groups = await wholeGroups(db, drawn);
  const lines = await groupNumbers(db, groups);
  const members = [...selection.runs, ...selection.groups.flatMap((group) => group.runs)];
  const kept = await keptBaselines(db, members.map((run) => run.experiment_id)); // prettier-ignore
  return {
    comparison,
    drawn,
    groups,
    lines,
    kept,
    base: deltaBase(comparison, selection.groups, lines, kept),
    members,
  };
}
