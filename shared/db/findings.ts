// shared/db/findings.ts
// Purpose: what an examination of the data found, and the form in which features add theirs.
// Why: `manage.ts doctor` is one report, though shared/ knows nothing of runs.
// Relevant files: shared/db/doctor-command.ts, shared/db/doctor.ts, runs/doctor.ts

import type { Settings } from '../config.ts';
import type { Db } from './store.ts';

export const Level = { Ok: 'ok', Note: 'note', Bad: 'BAD' } as const;
export type Level = (typeof Level)[keyof typeof Level];

export interface Finding {
  level: Level;
  /** What was looked at, in a word or two. */
  what: string;
  text: string;
  /** The first few places. */
  places?: string[];
}

export interface ExamineOptions {
  settings: Settings;
  /** Everything instead of a sample: takes minutes with many points. */
  deep: boolean;
}

/** A feature's part of the examination. `db` sees one state of the database, whatever is written meanwhile. */
export type Examination = (db: Db, options: ExamineOptions) => AsyncIterable<Finding>;

export const PLACES_MAX = 10;

/** Fine when there are no places; the text of a bad finding gets their number in front. */
export function findingOf(what: string, fine: string, wrong: string, places: string[]): Finding {
  if (places.length === 0) return { level: Level.Ok, what, text: fine };
  return { level: Level.Bad, what, text: `${places.length} ${wrong}`, places: places.slice(0, PLACES_MAX) };
}
