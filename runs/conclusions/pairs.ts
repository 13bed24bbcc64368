// runs/conclusions/pairs.ts
// Purpose: which groups are compared with which, by the rule that the URL names.
// Why: all against all of a thousand groups says nothing to anybody: what is compared is chosen, and bounded by a stated rule.
// Relevant files: runs/conclusions/conclusions.ts, runs/conclusions/conclusion-schemas.ts

import { badField } from '../../shared/errors.ts';
import { grouped } from '../../shared/grouped.ts';
import { labelOf, namesOf, shownColumns } from '../groups/group-text.ts';
import type { RunGroups } from '../groups/groups.ts';
import { Direction } from '../metric-rules.ts';
import type { Sample } from './samples.ts';

/** Besides `params.KEY`, `tags.KEY` and `parent`: which groups are compared. */
export const PairRule = { Baseline: 'baseline', All: 'all' } as const;

/** Comparisons of a page and its files: of more the first ones, in the order of the groups (best first). */
export const COMPARED_MAX = 200;

/** As the base of groups that differ in one key: every value with every other. */
export const EACH_OTHER = '*';

export interface Pair {
  one: Sample;
  base: Sample;
  /** `adam against sgd at lr 0.01` */
  label: string;
  /** In a table whose head names the base. */
  short: string;
  /** How each of them is called in a sentence. */
  names: [string, string];
  /** `at lr 0.01`, where they differ in one key; else empty. */
  where: string;
}

export interface Pairs {
  pairs: Pair[];
  /** Of which `pairs` are the first. */
  total: number;
  /** A group's name or a key's value. */
  base: string | null;
  /** What may be the base. */
  bases: { value: string; label: string }[];
  /** The base that was asked for is not there. */
  isMissing: boolean;
  /** Groups with a better mean than the base, which nobody chose, but with one value each. */
  passedOver: Sample[];
}

export function pairsOf(
  samples: Sample[],
  data: RunGroups,
  { rule, base, direction }: { rule: string; base: string | undefined; direction: Direction | null },
): Pairs {
  if (rule === PairRule.All) return everyPair(samples, data);
  if (rule === PairRule.Baseline) return againstOne(samples, data, base);
  const place = data.by.indexOf(rule);
  if (place < 0) throw badField('?pairs', `must be ${PairRule.Baseline}, ${PairRule.All} or one of ${data.by.join(', ') || 'the keys grouped by'}`); // prettier-ignore
  return alongKey(samples, data, { place, base, direction });
}

/** Each is called by what it differs in; what both have is said once. */
function simple(one: Sample, base: Sample, data: RunGroups, { shown }: { shown: number[] }): Pair {
  const differs = (place: number): boolean => one.group.values[place] !== base.group.values[place];
  const telling = { shown: shown.filter(differs) };
  const common = { shown: shown.filter((place) => !differs(place)) };
  const names: Pair['names'] = [labelOf(one.group, data, telling), labelOf(base.group, data, telling)];
  const where = common.shown.length === 0 ? '' : `at ${labelOf(one.group, data, common)}`;
  const label = `${names[0]} against ${names[1]} ${where}`.trim();
  return { one, base, label, short: label, names, where };
}

function everyPair(samples: Sample[], data: RunGroups): Pairs {
  const columns = shownColumns(data);
  const pairs: Pair[] = [];
  for (const [place, one] of samples.entries())
    for (const base of samples.slice(place + 1)) {
      if (pairs.length === COMPARED_MAX) break;
      pairs.push(simple(one, base, data, columns));
    }
  return {
    pairs,
    total: (samples.length * (samples.length - 1)) / 2,
    base: null,
    bases: [],
    isMissing: false,
    passedOver: [],
  };
}

/** The first that a test can be made with: against a single run nothing can be said of any other. */
function testable(samples: Sample[]): Sample | undefined {
  return samples.find(({ values }) => values.length >= 2);
}

function againstOne(samples: Sample[], data: RunGroups, asked: string | undefined): Pairs {
  const columns = shownColumns(data);
  const found = samples.find(({ name }) => name === asked);
  const base = found ?? testable(samples) ?? samples[0];
  const others = samples.filter((one) => one !== base);
  return {
    pairs: base
      ? others.slice(0, COMPARED_MAX).map((one) => ({ ...simple(one, base, data, columns), short: one.label }))
      : [],
    total: others.length,
    base: base?.name ?? null,
    bases: samples.filter((one, place) => place < COMPARED_MAX || one === base).map(({ name, label }) => ({ value: name, label })), // prettier-ignore
    isMissing: asked !== undefined && !found,
    passedOver: found || !base ? [] : samples.slice(0, samples.indexOf(base)).filter(({ stats }) => stats.mean !== base.stats.mean), // prettier-ignore
  };
}

/** Groups that are equal in all but one key, each with the one that has the base's value there, or all with each other. */
function alongKey(
  samples: Sample[],
  data: RunGroups,
  { place, base: asked, direction }: { place: number; base: string | undefined; direction: Direction | null },
): Pairs {
  const valueOf = ({ group }: Sample): string => group.values[place] ?? '';
  const values = [...new Set(samples.map(valueOf))];
  const isEach = asked === EACH_OTHER && !values.includes(EACH_OTHER);
  const base = asked !== undefined && (isEach || values.includes(asked)) ? asked : worstOf(samples, valueOf, direction);
  const restOf = ({ group }: Sample): string => JSON.stringify(group.values.toSpliced(place, 1));
  const columns = { shown: shownColumns(data).shown.filter((column) => column !== place) };
  const name = (value: string): string => (value === '' ? `no ${namesOf(data)[place]}` : labelOf({ ...EMPTY, values: data.by.map((_, at) => (at === place ? value : null)) }, data, { shown: [place] })); // prettier-ignore
  const pairOf = (one: Sample, other: Sample): Pair => {
    const names: [string, string] = [name(valueOf(one)), name(valueOf(other))];
    const where = columns.shown.length === 0 ? '' : `at ${labelOf(one.group, data, columns)}`;
    const label = `${names[0]} against ${names[1]} ${where}`.trim();
    return { one, base: other, label, short: label, names, where };
  };
  const equals = grouped(samples, restOf);
  const pairs = samples.flatMap((one) => {
    const [own, all] = [valueOf(one), equals.get(restOf(one)) ?? []];
    const others = isEach
      ? all.slice(all.indexOf(one) + 1)
      : all.filter((other) => valueOf(other) === base && own !== base);
    return others.map((other) => pairOf(one, other));
  });
  return {
    pairs: pairs.slice(0, COMPARED_MAX),
    total: pairs.length,
    base: base ?? null,
    bases: [
      ...values.map((value) => ({ value, label: name(value) })),
      ...(values.length > 2 && !values.includes(EACH_OTHER) ? [{ value: EACH_OTHER, label: 'each other' }] : []),
    ],
    isMissing: asked !== undefined && base !== asked,
    passedOver: [],
  };
}

const EMPTY = { members: [], runs: 0, seqs: new Float64Array(), unfinished: 0, metrics: new Map() };

/** The value whose groups are worst on average: what is tried is measured against it, and is mostly better. */
function worstOf(
  samples: Sample[],
  valueOf: (sample: Sample) => string,
  direction: Direction | null,
): string | undefined {
  const sums = new Map<string, { sum: number; n: number }>();
  for (const sample of samples) {
    const { sum, n } = sums.get(valueOf(sample)) ?? { sum: 0, n: 0 };
    sums.set(valueOf(sample), { sum: sum + sample.stats.mean, n: n + 1 });
  }
  const sign = direction === Direction.Min ? -1 : 1;
  return [...sums].sort(([, a], [, b]) => sign * (a.sum / a.n - b.sum / b.n))[0]?.[0];
}
