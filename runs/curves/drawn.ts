// runs/curves/drawn.ts
// Purpose: the curves that an address asks for: of runs, of groups, or both, labelled by what they differ in.
// Why: page, picture, table and JSON of one address show the same lines under the same names.
// Relevant files: runs/compare/selection.ts, runs/compare/labels.ts, runs/curves/curves.ts, runs/curves/group-curves.ts

import type { Db } from '../../shared/db/store.ts';
import { badField } from '../../shared/errors.ts';
import { link } from '../../shared/http/links.ts';
import { labelsOf } from '../compare/labels.ts';
import { readInSight, readSelection, type Selection, type SelectionQuery } from '../compare/selection.ts';
import type { HiddenRun } from '../queries.ts';
import type { ChartSettings } from './chart-settings.ts';
import { readCurves, type Curve, type CurveOwner } from './curves.ts';
import { readGroupCurves, type DrawnGroup } from './group-curves.ts';

/** Groups have no number of their own: their colours follow their order. */
const named = (number: number): string => `group ${number}`;

export interface Drawn {
  selection: Selection;
  owners: CurveOwner[];
  groups: DrawnGroup[];
}

/** Errors: as readSelection; nothing asked for. */
export async function readDrawn(db: Db, query: SelectionQuery): Promise<Drawn> {
  return drawnOf(db, query, await readSelection(db, query));
}

/** Of the runs that are in sight, and which are in the trash. Errors: as readSelection's for a run that is not there. */
export async function readDrawnInSight(db: Db, query: SelectionQuery): Promise<Drawn & { out: HiddenRun[] }> {
  const { selection, out } = await readInSight(db, query);
  const gone = out.find(({ trashed }) => trashed === null);
  if (gone) throw gone.problem;
  return { ...(await drawnOf(db, query, selection)), out };
}

async function drawnOf(db: Db, query: SelectionQuery, selection: Selection): Promise<Drawn> {
  if (selection.runs.length + selection.groups.length === 0 && query.experiment === undefined)
    throw badField('?run', 'name at least one run: run=ID, once for each');
  return nameDrawn(db, selection);
}

/** The same under labels that say what they differ in. */
export async function nameDrawn(db: Db, selection: Selection): Promise<Drawn> {
  const { runs, groups } = selection;
  const labels = await labelsOf(db, [
    ...runs.map(({ id, name }) => ({ name, runIds: [id] })),
    ...groups.map(({ where, runs: members }) => ({
      name: where.trim() || 'all runs',
      runIds: members.map(({ id }) => id),
    })),
  ]);
  const owners = runs.map((run, place) => ({ ...run, name: labels[place] ?? run.name, title: titleOf(run.name, labels[place]) })); // prettier-ignore
  return {
    selection,
    owners,
    groups: groups.map(({ runs: members, where, experiment }, place) => {
      const label = labels[runs.length + place] ?? where;
      return {
        id: named(place + 1),
        number: place + 1,
        label,
        name: `${label} (${members.length})`,
        title: where.trim() || 'all runs',
        href: link(`/experiments/${experiment}`, { where }),
        runs: members,
      };
    }),
  };
}

function titleOf(name: string, label = name): string {
  return label === name || label.endsWith(`, ${name}`) ? name : `${name}: ${label}`;
}

/** They share what buckets a picture has. */
export function linesOf({ selection, groups }: Drawn): number {
  return selection.runs.length + groups.length;
}

/** Runs first, then groups. */
export async function drawnCurves(db: Db, drawn: Drawn, key: string, settings: ChartSettings): Promise<Curve[]> {
  const own = await readCurves(db, drawn.selection.runs, key, settings);
  return [
    ...own.map((curve, place) => ({ ...curve, run: drawn.owners[place] ?? curve.run })),
    ...(drawn.groups.length > 0 ? await readGroupCurves(db, drawn.groups, key, settings) : []),
  ];
}
