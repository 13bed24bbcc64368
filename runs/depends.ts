// runs/depends.ts
// Purpose: what a page or an answer about runs depends on: the versions of their experiments.
// Why: a run never leaves its experiment, and whatever changes it moves the experiment's version.
// Relevant files: experiments/depends.ts, shared/http/unchanged.ts, runs/pages.ts, runs/api.ts

import { basisOf, onAll } from '../experiments/depends.ts';
import type { Store } from '../shared/db/store.ts';
import type { DependsOn } from '../shared/http/unchanged.ts';
import type { SelectionQuery } from './compare/selection.ts';
import { experimentsOfRuns } from './queries.ts';
import { movesWithTime } from './query/values.ts';

/** The run that the path names, itself. */
export function onRun({ read }: Store): DependsOn {
  return async ({ params }) => basisOf(read, await experimentsOfRuns(read, [idOf(params)]));
}

/** The same with its parent and its children, which may belong to other experiments. */
export function onRunAndFamily({ read }: Store): DependsOn {
  return async ({ params }) => basisOf(read, await experimentsOfRuns(read, [idOf(params)], true));
}

/** The runs that the query names: `?run=a&run=b`, `group=1:…` or `experiment=1&where=…`. */
export function onRunsAsked({ read }: Store): DependsOn {
  return async ({ query }) => {
    const { run, group = [], experiment, where = '' } = query as SelectionQuery;
    if ([where, ...group].some(movesWithTime)) return undefined;
    const ofGroups = group.map((text) => Number(text.split(':')[0])).filter(Number.isSafeInteger);
    const all = [
      ...(await experimentsOfRuns(read, run)),
      ...ofGroups,
      ...(experiment === undefined ? [] : [experiment]),
    ];
    return basisOf(read, [...new Set(all)]);
  };
}

/** A list of runs: of one experiment where the query names it, else of all. */
export function onListed(store: Store): DependsOn {
  const all = onAll(store);
  return unlessMoving(async (request) => {
    const { experiment } = request.query as { experiment?: number };
    return experiment === undefined ? all(request) : basisOf(store.read, [experiment]);
  });
}

/** `where=started > -7d` finds other runs as time goes by: never unchanged. `asked`: where a saved view may hold the filter. */
export function unlessMoving(dependsOn: DependsOn, asked = queryOf): DependsOn {
  return async (request) => {
    const { where = '' } = await asked(request);
    return movesWithTime(where) ? undefined : dependsOn(request);
  };
}

async function queryOf({ query }: Parameters<DependsOn>[0]): Promise<{ where?: string | undefined }> {
  return query as { where?: string };
}

function idOf(params: unknown): string {
  return (params as { id: string }).id;
}
