// runs/params/param-queries.ts
// Purpose: the params of an experiment with how many runs have them and what kinds of values they have.
// Why: sums only, a bounded number of values: the page costs the same at ten runs and at ten thousand.
// Relevant files: runs/tally-queries.ts, runs/params/param-remarks.ts, runs/params/param-routes.ts

import type { Db } from '../../shared/db/store.ts';
import { paramsOfExperiment, valuesOfParams } from '../tally-queries.ts';
import { kindOfValue, LOOKED_AT, remarksOf, type OfKind, type ParamFacts, type Remark } from './param-remarks.ts';

export interface CheckedParam extends ParamFacts {
  remarks: Remark[];
}

/** Those with remarks first, then by key. */
export async function checkedParams(db: Db, experiment: number): Promise<CheckedParam[]> {
  const known = await paramsOfExperiment(db, experiment);
  const looked = known
    .filter(({ values }) => values <= LOOKED_AT.values)
    .sort((a, b) => b.runs - a.runs)
    .slice(0, LOOKED_AT.params);
  const kinds = new Map<string, ParamFacts['kinds']>();
  for (const { key, value, runs } of await valuesOfParams(
    db,
    experiment,
    looked.map((one) => one.key),
  )) {
    const of = kinds.get(key) ?? {};
    const kind = kindOfValue(value);
    const before = of[kind];
    // The most frequent value comes first.
    kinds.set(key, { ...of, [kind]: before ? withOther(before, value, runs) : { runs, example: value } });
  }
  const facts = known.map(({ key, runs, values }) => ({ key, runs, values, kinds: kinds.get(key) ?? {} }));
  const remarks = remarksOf(facts);
  const checked = facts.map((one) => ({ ...one, remarks: remarks.get(one.key) ?? [] }));
  return [...checked.filter((one) => one.remarks.length > 0), ...checked.filter((one) => one.remarks.length === 0)];
}

function withOther(before: OfKind, value: string, runs: number): OfKind {
  return { ...before, runs: before.runs + runs, others: [...(before.others ?? []), value] };
}
