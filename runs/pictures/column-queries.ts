// runs/pictures/column-queries.ts
// Purpose: of all runs that a filter finds one column for each field of a picture: its number or text, or why there is none.
// Why: figures are computed from all runs, and what a picture lacks is counted, never silently left out.
// Relevant files: runs/pictures/fields.ts, runs/groups/members.ts, runs/kept-columns.ts, runs/pictures/pictures.ts

import { and, asc, eq } from 'drizzle-orm';
import type { ExperimentRow } from '../../experiments/models.ts';
import { isOneOf } from '../../shared/db/dialect.ts';
import type { Db } from '../../shared/db/store.ts';
import { sql } from 'drizzle-orm';
import { parseDecimal } from '../../shared/cells.ts';
import { labelOf, shownColumns } from '../groups/group-text.ts';
import { readGroups } from '../groups/groups.ts';
import { endOf } from '../ends.ts';
import { readEnds } from '../ends-queries.ts';
import { readMembers } from '../groups/members.ts';
import { factsOf, keepColumn, keptColumn, VALUE_BYTES } from '../kept-columns.ts';
import { metrics, runs, RunStatus } from '../models.ts';
import type { RunFilter } from '../run-filter.ts';
import { idAt, statusAt } from '../run-list.ts';
import { placeOf } from '../seqs.ts';
import { textAt, type TextColumn } from '../text-column.ts';
import { ruleFor, type MetricRule } from '../rules/rule.ts';
import type { Choices, Field } from './fields.ts';

type Filter = Omit<RunFilter, 'order'>;

export interface PictureRun {
  seq: number;
  id: string;
  number: number;
  name: string;
  isFinished: boolean;
}

export interface Column {
  field: Field;
  /** Numbers, or texts: by what most of its values are. */
  isNumber: boolean;
  values: (number | string | null)[];
  /** Runs without any value. */
  missing: number;
  /** Of a metric: among them, those that have logged it and have not ended, or ended with NaN. */
  uncounted: number;
  /** Texts among numbers, which are left out. */
  texts: string[];
  /** ±Infinity, which no axis has. */
  infinite: number;
  /** Of a metric: which of its values counts. */
  rule: MetricRule | null;
}

export interface PictureData {
  runs: PictureRun[];
  column: (field: Field) => Column;
}

/** By ascending `seqs`. Times: NaN where there is none. */
interface Facts {
  seqs: Float64Array;
  numbers: Float64Array;
  names: string[];
  starts: Float64Array;
  ends: Float64Array;
}

export async function readColumns(db: Db, experiment: ExperimentRow, filter: Filter, fields: readonly Field[], { rules }: Choices): Promise<PictureData> {
  const texts = [...new Set(fields.filter(({ of }) => of === 'params' || of === 'tags').map(({ text }) => text))];
  const members = await readMembers(db, experiment, filter, texts);
  const { list, places } = members;
  const facts = await readFacts(db, experiment);
  const found = Array.from(places, (place): PictureRun => {
    const seq = list.seqs[place] ?? 0;
    const at = placeOf(facts.seqs, seq);
    const [number, name] = [facts.numbers[at] ?? 0, facts.names[at] ?? ''];
    return { seq, id: idAt(list, place), number, name, isFinished: statusAt(list, place) === RunStatus.Finished };
  });
  const columns = new Map<string, Column>();
  for (const field of fields) {
    if (columns.has(field.text)) continue;
    const rule = field.of === 'metrics' ? ruleFor(rules, field.key) : null;
    const known = members.columns[texts.indexOf(field.text)];
    const raw = known ? textsOf(known, places, field) : await readField(db, { experiment, filter, field, rule, facts, found });
    columns.set(field.text, settled(field, raw, rule, rule ? await uncountedOf(db, found, raw, rule) : 0));
  }
  return { runs: found, column: (field) => columns.get(field.text) ?? settled(field, found.map(() => null), null, 0) };
} // prettier-ignore

/** A tag without a value says that it hangs there. */
function textsOf(column: TextColumn, places: Int32Array, { of }: Field): (string | null)[] {
  return Array.from(places, (place) => {
    const text = textAt(column, place);
    return of === 'tags' && text === '' ? 'yes' : text;
  });
}

/** A name and its reference, about, and four numbers. */
const FACTS_BYTES = 60 + 4 * VALUE_BYTES;

/** Number, name and times of all runs of the experiment, also of those in the trash. */
async function readFacts(db: Db, experiment: ExperimentRow): Promise<Facts> {
  const known = keptColumn<Facts>(db, factsOf(experiment), 'facts');
  if (known) return known;
  const { sql: text, params } = db
    .select({ seq: runs.seq, number: runs.number, name: runs.name, start: runs.start_time, end: runs.end_time })
    .from(runs)
    .where(eq(runs.experiment_id, experiment.id))
    .orderBy(asc(runs.seq))
    .toSQL();
  const rows = await db.arrays<[number, number, string, number | null, number | null]>(text, params);
  const time = (value: number | null): number => (value === null ? NaN : Number(value));
  const facts: Facts = {
    seqs: Float64Array.from(rows, ([seq]) => Number(seq)),
    numbers: Float64Array.from(rows, ([, number]) => Number(number)),
    names: rows.map(([, , name]) => name),
    starts: Float64Array.from(rows, ([, , , start]) => time(start)),
    ends: Float64Array.from(rows, ([, , , , end]) => time(end)),
  };
  return keepColumn(db, factsOf(experiment), 'facts', facts, rows.length * FACTS_BYTES);
}

interface Asked {
  experiment: ExperimentRow;
  filter: Filter;
  field: Field;
  rule: MetricRule | null;
  facts: Facts;
  found: PictureRun[];
}

async function readField(db: Db, { experiment, filter, field, rule, facts, found }: Asked): Promise<(number | string | null)[]> {
  if (rule) {
    const ends = await readEnds(db, factsOf(experiment), rule);
    return found.map(({ seq }) => endOf(ends, seq) ?? null);
  }
  if (field.of === 'configuration') {
    const data = await readGroups(db, experiment, filter, { columns: 0, order: 'runs' });
    const shown = shownColumns(data);
    const labels = new Map(data.groups.flatMap((group) => {
      const label = labelOf(group, data, shown);
      return Array.from(group.seqs, (seq) => [seq, label] as const);
    }));
    return found.map(({ seq }) => labels.get(seq) ?? null);
  }
  return found.map(({ seq }) => {
    const at = placeOf(facts.seqs, seq);
    const [start, end] = [facts.starts[at] ?? NaN, facts.ends[at] ?? NaN];
    if (field.of === 'started') return Number.isNaN(start) ? null : start;
    return end >= start ? (end - start) / 1000 : null;
  });
} // prettier-ignore

/** Runs whose metric has no value that counts though they have logged it. */
async function uncountedOf(db: Db, found: PictureRun[], raw: unknown[], { key }: MetricRule): Promise<number> {
  const without = found.filter((_, place) => raw[place] === null).map(({ seq }) => seq);
  if (without.length === 0) return 0;
  const rows = await db
    .select({ n: sql<number>`count(*)`.mapWith(Number) })
    .from(metrics)
    .where(and(isOneOf(sql`${metrics.run_seq}`, without), eq(metrics.key, key)));
  return rows[0]?.n ?? 0;
}

/** Numbers where most values are numbers; the infinite ones are counted apart. */
function settled(field: Field, raw: (number | string | null)[], rule: MetricRule | null, uncounted: number): Column {
  const read = raw.map((value) => (typeof value === 'string' ? (parseDecimal(value) ?? value) : value));
  const there = read.filter((value) => value !== null);
  const numbers = there.filter((value) => typeof value === 'number');
  const isNumber = field.of === 'configuration' ? false : there.length === 0 || numbers.length * 2 > there.length;
  const base = { field, rule, uncounted, missing: raw.length - there.length };
  if (!isNumber) return { ...base, isNumber, values: raw.map((value) => (value === null ? null : String(value))), texts: [], infinite: 0 }; // prettier-ignore
  return {
    ...base,
    isNumber,
    values: read.map((value) => (typeof value === 'number' && Number.isFinite(value) ? value : null)),
    texts: [...there.filter((value) => typeof value === 'string')],
    infinite: numbers.filter((value) => !Number.isFinite(value)).length,
  };
}
