// runs/depends.ts
// Purpose: what a page or an answer about runs depends on: the versions of their experiments.
// Why: a run never leaves its experiment, and whatever changes it moves the experiment's version.
// Relevant files: experiments/depends.ts, shared/http/unchanged.ts, runs/pages.ts, runs/api.ts

import { basisOf, onAll } from '../experiments/depends.ts';
import type { Store } from '../shared/db/store.ts';
import type { DependsOn } from '../shared/http/unchanged.ts';
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

/** The runs that the query names: `?run=a&run=b`. */
export function onRunsAsked({ read }: Store): DependsOn {
  return async ({ query }) => basisOf(read, await experimentsOfRuns(read, (query as { run: string[] }).run));
}

/** A list of runs: of one experiment where the query names it, else of all. */
export function onListed(store: Store): DependsOn {
  const all = onAll(store);
  return async (request) => {
    const { experiment, where = '' } = request.query as { experiment?: number; where?: string };
    // `started > -7d` finds other runs as time goes by.
    if (movesWithTime(where)) return undefined;
    return experiment === undefined ? all(request) : basisOf(store.read, [experiment]);
  };
}

function idOf(params: unknown): string {
  return (params as { id: string }).id;
}
