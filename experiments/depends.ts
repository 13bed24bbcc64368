// experiments/depends.ts
// Purpose: what a page or an answer about experiments depends on: their versions, and where an open page hears of the next.
// Why: every change of an experiment or its runs moves its version, so the version says whether a page is still true.
// Relevant files: shared/http/unchanged.ts, experiments/queries.ts, experiments/live-routes.ts

import type { FastifyRequest } from 'fastify';
import type { Db, Store } from '../shared/db/store.ts';
import { watchState } from '../shared/db/state.ts';
import { link } from '../shared/http/links.ts';
import { LIMITS } from '../shared/limits.ts';
import type { Basis, DependsOn } from '../shared/http/unchanged.ts';
import type { ExperimentRow } from './models.ts';
import { findExperiment, requireExperiment } from './queries.ts';
import { versionOf, versionsOf, versionsOfAll, type Versions } from './version-queries.ts';

/** Undefined where there is none of them. */
export async function basisOf(db: Db, experiments: number[]): Promise<Basis | undefined> {
  const versions = await versionsOf(db, experiments);
  return versions.text === '' ? undefined : basisAt(experiments, versions);
}

function basisAt(experiments: number[], { text, at }: Versions): Basis {
  // A run may have children in more experiments than a page can watch: it stays as it is.
  if (experiments.length > LIMITS.repeated) return { state: text, at };
  return { state: text, at, live: link('/live', { experiment: experiments, since: text }) };
}

/** The experiment that the path names. Its row is left for the route: what is said of it is then of that version. */
export function onExperiment({ read }: Store): DependsOn {
  return async (request) => {
    const row = await findExperiment(read, idIn(request));
    if (!row) return undefined;
    rows.set(request, row);
    return basisAt([row.id], versionOf(row));
  };
}

const rows = new WeakMap<FastifyRequest, ExperimentRow>();

function idIn({ params }: FastifyRequest): number {
  return (params as { id: number }).id;
}

/** The experiment that the path names, or a 404: as `onExperiment` has read it. */
export function experimentAsked({ read }: Pick<Store, 'read'>, request: FastifyRequest): Promise<ExperimentRow> {
  return requireExperiment(read, idIn(request), rows.get(request));
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
