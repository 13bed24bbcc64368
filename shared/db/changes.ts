// shared/db/changes.ts
// Purpose: tells who listens which experiments changed, after the commit that holds the change.
// Why: live pages must hear of every change, whichever part of the product made it, and of nothing that was undone.
// Relevant files: shared/db/told-triggers.ts, shared/db/store.ts, shared/db/sqlite.ts, experiments/models.ts

import type Database from 'better-sqlite3';
import { tellWhileWanted } from './told-triggers.ts';

export type ChangeListener = (experimentIds: number[]) => void;

export interface Changes {
  /** Experiments whose version moved (or that are new), after each commit. Returns what ends it. Listeners must be quick. */
  on(listener: ChangeListener): () => void;
}

export class ChangeFeed implements Changes {
  readonly #listeners = new Set<ChangeListener>();
  #moved = new Set<number>();

  on(listener: ChangeListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  get isHeard(): boolean {
    return this.#listeners.size > 0;
  }

  note(experimentId: number): void {
    this.#moved.add(experimentId);
  }

  /** To be called after a commit. What a rolled-back savepoint noted is told too: listeners look at the version. */
  tell(): void {
    if (this.#moved.size === 0) return;
    const ids = [...this.#moved];
    this.#moved = new Set();
    for (const listener of this.#listeners) listener(ids);
  }
}

/** Tells the feed of each version that moves, while somebody listens; call what it returns before each transaction. */
export function noteChanges(writer: Database.Database, feed: ChangeFeed): () => void {
  return tellWhileWanted(writer, {
    tells: { note_change: (experiment = 0) => feed.note(experiment) },
    triggers: {
      note_new: ['insert on main.experiments', 'note_change(new.id)'],
      note_moved: ['update of version on main.experiments', 'note_change(new.id)'],
      note_gone: ['delete on main.experiments', 'note_change(old.id)'],
    },
    isWanted: () => feed.isHeard,
  });
}
