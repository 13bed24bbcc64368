// runs/rank-count-queries.ts
// Purpose: how many runs of an experiment have a value of a metric, and how many of them are better than a given one.
// Why: ended runs are counted once until one of them changes, open ones each time: a point of a run that goes on costs nothing.
// Relevant files: runs/ranking-queries.ts, runs/kept-facts.ts, runs/run/neighbours.ts

import type { ExperimentRow } from '../experiments/models.ts';
import type { Db } from '../shared/db/store.ts';
import type { Ends } from './ends.ts';
import { endsAskedAgain } from './ends-queries.ts';
import { factsOf } from './kept-columns.ts';
import { keptFact, keptLive, keptRules } from './kept-facts.ts';
import { ruleFor } from './rules/rule.ts';
import { COUNTED_TO, standingSql } from './rules/value-sql.ts';

const FINITE = 'between -1.7976931348623157e308 and 1.7976931348623157e308';

export interface Standing {
  better: number;
  /** Runs with a finite value. */
  among: number;
}

/** How many runs of the experiment have a finite value of `key`; no more than `upTo` settled ones are counted. */
export async function countRanked(
  db: Db,
  experiment: number,
  key: string,
  { upTo, keptFor }: { upTo: number; keptFor?: ExperimentRow | undefined },
): Promise<number> {
  const ask = async (): Promise<number> => {
    const ends = upTo > FEW ? await endsOf(db, keptFor, key) : undefined;
    if (ends) return countIn(ends, 0, '>').among;
    const { rows } = await db.execute<{ n: number }>(
      `select count(*) as n from (select 1 from metrics where ${IS_ENDED} limit ?) few`,
      [experiment, key, experiment, key, upTo],
    );
    return Number(rows[0]?.n ?? 0);
  };
  const [ended, open] = await Promise.all([
    whileFactsStand(db, keptFor, key, `ended ${JSON.stringify([key, upTo])}`, ask),
    countOpen(db, { experiment, key, keptFor }),
  ]);
  return ended + open.among;
}

/** How many runs of an experiment are better than `value`, and how many have a finite value of `key` at all. */
export async function countBetter(
  db: Db,
  experiment: number,
  key: string,
  value: number,
  higherIsBetter: boolean,
  keptFor?: ExperimentRow,
): Promise<Standing> {
  const isBetter = higherIsBetter ? '>' : '<';
  const [ended, open] = await Promise.all([
    whileFactsStand(db, keptFor, key, `better ${JSON.stringify([key, value, isBetter])}`, async () => {
      const ends = await endsOf(db, keptFor, key);
      return ends ? countIn(ends, value, isBetter) : countEnded(db, experiment, key, value, isBetter);
    }),
    countOpen(db, { experiment, key, keptFor }, value, isBetter),
  ]);
  return { better: ended.better + open.better, among: ended.among + open.among };
}

/** While a changed rule is being counted, ranks move without saying so. */
async function whileFactsStand<T>(db: Db, keptFor: ExperimentRow | undefined, key: string, name: string, ask: () => Promise<T>): Promise<T> {
  if (!keptFor) return ask();
  const { countedTo } = ruleFor(await keptRules(db, keptFor), key);
  return countedTo === null ? keptFact(db, keptFor, name, ask) : ask();
} // prettier-ignore

/** So many are counted in no time. */
const FEW = 100;
/** Of less runs than that the index is counted each time that one of them changes: 0.1 ms for a thousand. */
const MANY = 5_000;

/** What ended runs came to, where it is kept up to date, or has been asked for before. While a changed rule is being counted: never. */
async function endsOf(db: Db, keptFor: ExperimentRow | undefined, key: string): Promise<Ends | undefined> {
  if (!keptFor || keptFor.next_number < MANY) return undefined;
  const { countedTo } = ruleFor(await keptRules(db, keptFor), key);
  return countedTo === null ? endsAskedAgain(db, factsOf(keptFor), { key, countedTo }) : undefined;
}

function countIn({ values }: Ends, bound: number, isBetter: '<' | '>'): Standing {
  const sign = isBetter === '>' ? 1 : -1;
  let [better, among] = [0, 0];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    among += 1;
    if (sign * value > sign * bound) better += 1;
  }
  return { better, among };
}

/** Four values are bound: experiment and key, twice. */
const IS_ENDED = `experiment_id = ? and key = ? and rank_value ${FINITE} and run_seq <= ${COUNTED_TO}`;

async function countEnded(db: Db, experiment: number, key: string, value: number, isBetter: '<' | '>'): Promise<Standing> {
  const { rows } = await db.execute<Standing>(
    `select coalesce(sum(case when rank_value ${isBetter} ? then 1 else 0 end), 0) as better, count(*) as among
      from metrics where ${IS_ENDED}`,
    [value, experiment, key, experiment, key],
  );
  return numbersOf(rows[0]);
} // prettier-ignore

interface Open {
  experiment: number;
  key: string;
  keptFor: ExperimentRow | undefined;
}

/** Of those that go on, one by one, once for each state of everything. */
function countOpen(db: Db, { experiment, key, keptFor }: Open, value = 0, isBetter: '<' | '>' = '>'): Promise<Standing> {
  const ask = async (): Promise<Standing> => {
    const { rows } = await db.execute<Standing>(
      `select count(*) filter (where value ${isBetter} ?) as better, count(*) as among from (
        select ${standingSql('m', 'r')} as value from runs r join metrics m on m.run_seq = r.seq and m.key = ?
          where r.experiment_id = ? and r.settled = 0 and r.trashed_at is null) open where value ${FINITE}`,
      [value, key, experiment],
    );
    return numbersOf(rows[0]);
  };
  const name = `open better ${JSON.stringify([key, value, isBetter])}`;
  return keptFor ? keptLive(db, keptFor, name, ask) : ask();
} // prettier-ignore

function numbersOf(row: Standing | undefined): Standing {
  return { better: Number(row?.better ?? 0), among: Number(row?.among ?? 0) };
}
