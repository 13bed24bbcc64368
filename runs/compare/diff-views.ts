// runs/compare/diff-views.ts
// Purpose: long and nested values of a comparison as diffs against the first run or the baseline.
// Why: in a cell of sixty characters two configs look the same.
// Relevant files: runs/compare/text-diff.ts, runs/compare/compare-views.ts, runs/templates/compare.html

import { middle, plural } from '../../shared/format.ts';
import type { Line } from './compare.ts';
import { diffOf, Kind, type DiffLine } from './text-diff.ts';

/** Longer ones are not read in a cell. */
const LONG = 60;
/** Diffs of one key, and equal lines around what differs. */
const OTHERS = 5;
const AROUND = 2;
/** Values beyond this are left to the API. */
const VALUE_MAX = 100_000;

export interface DiffView {
  key: string;
  /** Against whom. */
  from: string;
  parts: { name: string; text: string; lines: { sign: string; kind: string; text: string }[] }[];
  more: string;
}

/** `base`: the place of the run that the others are held against. */
export function showDiffs(lines: readonly Line[], names: readonly string[], base: number): DiffView[] {
  return lines
    .filter(({ values }) => values.length > 1 && values.some(isLong))
    .map((line) => showDiff(line, names, base));
}

function isLong(value: string | null): boolean {
  return (
    value !== null &&
    value.length <= VALUE_MAX &&
    (value.length > LONG || value.includes('\n') || /^\s*[[{]/.test(value))
  );
}

function showDiff({ key, values }: Line, names: readonly string[], base: number): DiffView {
  const from = values[base] ?? '';
  // Runs with the same value share a diff.
  const kinds = new Map<string, string[]>();
  for (const [place, value] of values.entries()) {
    if (place === base || (value ?? '') === from) continue;
    kinds.set(value ?? '', [...(kinds.get(value ?? '') ?? []), names[place] ?? '']);
  }
  const others = [...kinds];
  return {
    key,
    from: middle(names[base] ?? '', 40),
    parts: others.slice(0, OTHERS).map(([value, who]) => {
      const lines = diffOf(from, value);
      const count = (kind: Kind): number => lines.filter((line) => line.kind === kind).length;
      return {
        name: who.length > 3 ? `${middle(who[0] ?? '', 40)} and ${who.length - 1} more` : who.map((one) => middle(one, 40)).join(', '), // prettier-ignore
        text: `${plural(count(Kind.Gone), 'line')} gone, ${count(Kind.New)} new`,
        lines: around(lines),
      };
    }),
    more: others.length > OTHERS ? `${plural(others.length - OTHERS, 'more value')} in the JSON.` : '',
  };
}

const SIGNS: Record<Kind, string> = { [Kind.Same]: ' ', [Kind.Gone]: '−', [Kind.New]: '+' };

/** What differs with a little of what stands around it. */
function around(lines: readonly DiffLine[]): { sign: string; kind: string; text: string }[] {
  const isNear = lines.map((_, place) =>
    lines.slice(Math.max(0, place - AROUND), place + AROUND + 1).some(({ kind }) => kind !== Kind.Same),
  );
  return lines.flatMap(({ kind, text }, place) => {
    if (isNear[place]) return [{ sign: SIGNS[kind], kind, text: middle(text, 300) }];
    return place === 0 || isNear[place - 1] ? [{ sign: '…', kind, text: '' }] : [];
  });
}
