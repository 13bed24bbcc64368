// shared/db/told-triggers.ts
// Purpose: temporary triggers of the writing connection that tell this process what changed, while somebody wants to know.
// Why: no statement can forget to say what it changed; while nobody asks, writers pay nothing for it.
// Relevant files: shared/db/changes.ts, shared/db/fact-journal.ts, shared/db/sqlite.ts

import type Database from 'better-sqlite3';

export interface ToldTriggers {
  /** SQL functions that the triggers call, by name: numbers in, nothing out. */
  tells: Record<string, (...values: number[]) => void>;
  /** By name: after what (`insert on main.runs`), and which of the functions is called (`note_run(new.seq)`). */
  triggers: Record<string, readonly [event: string, call: string]>;
  isWanted: () => boolean;
  /** Nothing is told from here on. */
  onStop?: () => void;
}

/** Returns what puts the triggers there, or takes them away, as it is wanted now: call it before each transaction. */
export function tellWhileWanted(
  writer: Database.Database,
  { tells, triggers, isWanted, onStop = () => undefined }: ToldTriggers,
): () => void {
  for (const [name, tell] of Object.entries(tells)) {
    writer.function(name, { varargs: true }, (...values: unknown[]) => {
      tell(...values.map(Number));
      return null;
    });
  }
  const create = Object.entries(triggers).map(
    ([name, [event, call]]) => `create temp trigger if not exists ${name} after ${event} begin select ${call}; end;`,
  );
  const drop = Object.keys(triggers).map((name) => `drop trigger if exists temp.${name};`);
  let isTelling = false;
  return () => {
    if (isTelling === isWanted()) return;
    writer.exec((isTelling ? drop : create).join('\n'));
    if (isTelling) onStop();
    isTelling = !isTelling;
  };
}
