// shared/http/seldom.ts
// Purpose: a trouble that every request meets (disk full, database away) is logged once a minute, with how often it came.
// Why: a line with its stack for each refused request filled the disk that was full already, and hid everything else.
// Relevant files: shared/http/problems.ts, shared/db/trouble.ts, ARCHITECTURE.md

/** Milliseconds between two lines of one kind. */
export const SELDOM_MS = 60_000;

/** When a kind was last logged, and how often it was kept back since. */
const said = new Map<string, { at: number; kept: number }>();

/**
 * How often this kind was kept back since it was last logged; undefined: it is kept back now, too. `kind`: one of few, not
 * a text of a request. `now`: milliseconds of a clock that does not jump.
 */
export function seldom(kind: string, now: number = performance.now()): number | undefined {
  const last = said.get(kind);
  if (last && now - last.at < SELDOM_MS) {
    last.kept += 1;
    return undefined;
  }
  said.set(kind, { at: now, kept: 0 });
  return last?.kept ?? 0;
}
