// experiments/depends.ts
// Purpose: what a page or an answer about experiments depends on: their versions, and where an open page hears of the next.
// Why: every change of an experiment or its runs moves its version, so the version says whether a page is still true.
// Relevant files: shared/http/unchanged.ts, experiments/queries.ts, experiments/live-routes.ts

import type { Db, Store } from '../shared/db/store.ts';
import { watchState } from '../shared/db/state.ts';
import { link } from '../shared/http/links.ts';
import { LIMITS } from '../shared/limits.ts';
import type { Basis, DependsOn } from '../shared/http/unchanged.ts';
import { versionsOf, versionsOfAll } from './queries.ts';

/** Undefined where there is none of them. */
export async function basisOf(db: Db, experiments: number[]): Promise<Basis | undefined> {
  const { text, at } = await versionsOf(db, experiments);
  if (text === '') return undefined;
  // A run may have children in more experiments than a page can watch: it stays as it is.
  if (experiments.length > LIMITS.repeated) return { state: text, at };
  return { state: text, at, live: link('/live', { experiment: experiments, since: text }) };
}

/** The experiment that the path names. */
export function onExperiment({ read }: Store): DependsOn {
  return ({ params }) => basisOf(read, [(params as { id: number }).id]);
}

/** Lists over all experiments and runs. */
export function onAll({ read }: Store): DependsOn {
  return async () => {
    const { text, at } = await versionsOfAll(read);
    return { state: text, at, live: link('/live', { since: text }) };
  };
}

/** What is kept outside of experiments too: tags that hang nowhere, the log of exports. */
export function onEverything(store: Store): DependsOn {
  return watchState(store);
}
