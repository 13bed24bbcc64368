// shared/heavy/reads.ts
// Purpose: who runs the heavy reads of a server: worker threads over an SQLite file, this thread over PostgreSQL.
// Why: one place decides; piscina is loaded only when the first heavy read comes.
// Relevant files: shared/heavy/threads.ts, shared/heavy/inline.ts, shared/http/server.ts

import type { Settings } from '../config.ts';
import { Engine } from '../db/engine.ts';
import type { Store } from '../db/store.ts';
import { inlineReads } from './inline.ts';
import type { HeavyReads } from './job.ts';
import { threadedReads } from './threads.ts';

export function heavyReads({ database }: Settings, store: Store): HeavyReads {
  return store.engine === Engine.Sqlite ? threadedReads(database) : inlineReads(store);
}
