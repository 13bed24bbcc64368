// runs/attempts/superseding.ts
// Purpose: which attempt's points stand at a step, and what changes about that when an attempt logs at a lower step.
// Why: plain arithmetic, apart from the tables: from where a later attempt logs on, its points stand before earlier ones'.
// Relevant files: runs/attempts/superseding-changes.ts, runs/models.ts, ARCHITECTURE.md

/** An attempt of a key: `rank` says which is later, `step` is the lowest that it logged. */
export interface Begin {
  attempt: number;
  rank: number;
  step: number;
}

/** Steps `from` ≤ step < `until`. */
export interface Steps {
  from: number;
  until: number;
}

/** Whose points stand at a step: of those that have begun by there, the latest. */
export function ownerAt(begins: Begin[], step: number): Begin | undefined {
  let owner: Begin | undefined;
  for (const begin of begins) if (begin.step <= step && (!owner || begin.rank > owner.rank)) owner = begin;
  return owner;
}

/** The stretches that earlier attempts own and lose when `begin` is new, or lower than it was (in `begins`, if at all). */
export function lostTo(begin: Begin, begins: Begin[]): (Steps & { attempt: number })[] {
  const until = begins.find(({ attempt }) => attempt === begin.attempt)?.step ?? Infinity;
  const inside = begins.map(({ step }) => step).filter((step) => step > begin.step && step < until);
  const edges = [begin.step, ...new Set(inside.sort((a, b) => a - b)), until];
  return edges.slice(0, -1).flatMap((from, i) => {
    const owner = ownerAt(begins, from);
    const loses = owner && owner.rank < begin.rank;
    return loses ? [{ attempt: owner.attempt, from, until: edges[i + 1] ?? until }] : [];
  });
}
