// shared/stats/letters.ts
// Purpose: letters for groups: two that cannot be told apart share one, two that can share none.
// Why: "cannot be told apart" is no equivalence, so ranks alone cannot say it; letters can, without loss.
// Relevant files: runs/conclusions/ranking.ts, tests/stats/ranks.test.ts, tests/stats/make_ranks.py

/** Of more none is readable. */
const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

/**
 * One letter for each largest set of items none of which can be told apart: where insert and absorb end (Piepho, Journal of Computational and
 * Graphical Statistics 13(2), 2004). Found as maximal cliques (Bron, Kerbosch, Communications of the ACM 16(9), 1973). In the order of the
 * items: the first one has `a`. Null where more letters would be needed than there are.
 */
export function lettersOf(n: number, isApart: (one: number, other: number) => boolean): string[] | null {
  const items = Array.from({ length: n }, (_, place) => place);
  const alike = items.map((one) => new Set(items.filter((other) => other !== one && !isApart(one, other))));
  const sets: number[][] = [];
  if (n > 0 && !collect({ chosen: [], open: new Set(items), done: new Set() }, alike, sets)) return null;
  sets.sort(inOrder);
  return items.map((item) => sets.flatMap((set, place) => (set.includes(item) ? (LETTERS[place] ?? '') : [])).join(''));
}

interface State {
  chosen: number[];
  /** Alike to all chosen: still to be tried, and tried. */
  open: Set<number>;
  done: Set<number>;
}

/** False once there are too many. */
function collect({ chosen, open, done }: State, alike: readonly Set<number>[], sets: number[][]): boolean {
  if (open.size === 0) {
    if (done.size === 0) sets.push(chosen.toSorted((a, b) => a - b));
    return sets.length <= LETTERS.length;
  }
  const shared = (one: number): number => [...open].filter((other) => alike[one]?.has(other)).length;
  const pivot = [...open, ...done].reduce((a, b) => (shared(b) > shared(a) ? b : a));
  for (const item of [...open].filter((one) => !alike[pivot]?.has(one))) {
    const within = (some: Set<number>): Set<number> => new Set([...some].filter((other) => alike[item]?.has(other)));
    if (!collect({ chosen: [...chosen, item], open: within(open), done: within(done) }, alike, sets)) return false;
    open.delete(item);
    done.add(item);
  }
  return true;
}

function inOrder(one: readonly number[], other: readonly number[]): number {
  const place = one.findIndex((item, at) => item !== other[at]);
  return place < 0 ? 0 : (one[place] ?? 0) - (other[place] ?? Infinity);
}
