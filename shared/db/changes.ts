// shared/db/changes.ts
// Purpose: tells who listens which experiments changed, after the commit that holds the change.
// Why: live pages must hear of every change, whichever part of the product made it, and of nothing that was undone.
// Relevant files: shared/db/store.ts, shared/db/sqlite.ts, experiments/models.ts

import type Database from 'better-sqlite3';

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

/**
 * Temporary triggers of the writing connection: no statement that moves a version can forget to say so. They are there
 * while somebody listens; call what it returns before each transaction.
 */
export function noteChanges(writer: Database.Database, feed: ChangeFeed): () => void {
  let isNoting = false;
  writer.function('note_change', (id: unknown) => {
    feed.note(Number(id));
    return null;
  });
  return () => {
    if (isNoting === feed.isHeard) return;
    writer.exec(isNoting ? FORGET : NOTE);
    isNoting = !isNoting;
  };
}

const NOTE = `
    create temp trigger if not exists note_new after insert on main.experiments begin select note_change(new.id); end;
    create temp trigger if not exists note_moved after update of version on main.experiments begin select note_change(new.id); end;
    create temp trigger if not exists note_gone after delete on main.experiments begin select note_change(old.id); end;`;
const FORGET = ['note_new', 'note_moved', 'note_gone'].map((name) => `drop trigger if exists temp.${name};`).join('');
