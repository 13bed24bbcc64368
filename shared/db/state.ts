// shared/db/state.ts
// Purpose: a text that is another one after every commit, of this process or any other; costs no read of a table.
// Why: what depends on more than one experiment's version can still tell cheaply that nothing has changed.
// Relevant files: shared/db/store.ts, shared/http/unchanged.ts, experiments/depends.ts

import { Engine } from './engine.ts';
import { one } from './one.ts';
import type { Store } from './store.ts';

export interface DatabaseState {
  state: string;
  /** When this process first saw it, ms: not before the change itself. */
  at: number;
}

/** SQLite counts the commits of other connections, the writing one's too; PostgreSQL names what a reader can see. */
const STATE: Record<Engine, string> = {
  [Engine.Sqlite]: 'select data_version as state from pragma_data_version()',
  [Engine.Postgres]: 'select pg_current_snapshot()::text as state',
};

/** The number means something within one process only: restarts must be told apart by whoever keeps it for longer. */
export function watchState({ read, engine }: Pick<Store, 'read' | 'engine'>): () => Promise<DatabaseState> {
  let last: DatabaseState | undefined;
  return async () => {
    const state = String(one((await read.execute<{ state: unknown }>(STATE[engine], [])).rows).state);
    if (last?.state !== state) last = { state, at: Date.now() };
    return last;
  };
}
