// tests/runs/query-naive.ts
// Purpose: random runs with all that the query language can ask for, and random tests as text beside what they mean in memory.
// Why: what a text means is said here a second time, without tokens, trees or SQL.
// Relevant files: tests/runs/query-all.test.ts, runs/templates/query-help.html

import { RunStatus } from '../../runs/models.ts';

export type Pick1 = <T>(from: readonly T[]) => T;
export type Value = string | number | null;

export interface Made {
  id: string;
  name: string;
  notes: string;
  experiment: string;
  number: number;
  parent: string | null;
  status: string;
  start: number;
  end: number | null;
  heard: number;
  params: Record<string, string>;
  tags: Record<string, string>;
  /** Of steps 0, 1, 2 … */
  metrics: Record<string, number[]>;
}

/** A part of a filter, and which runs it finds. */
export interface Said {
  text: string;
  finds: (run: Made) => boolean;
}

export const KEYS = ['a', 'b/c', 'odd key'];
export const WORDS = ['Adam', 'adamW', 'SGD 50%', 'straße', 'Überlauf', '日本', "it's", 'a"b'];
export const PARAMS = ['0.5', '1e-1', '10', '-3', 'adam', 'Adam', 'true', ''];
export const NUMBERS = [0, 1, -1, 0.5, 0.1, 10, -3, 1e300, Infinity, -Infinity, NaN];
export const HOUR = 3_600_000;

const finite = (values: number[]): number[] => values.filter(Number.isFinite);

const AGGREGATES: Record<string, (values: number[]) => number | null> = {
  last: (values) => values.at(-1) ?? null,
  first: (values) => values[0] ?? null,
  min: (values) => (finite(values).length === 0 ? null : Math.min(...finite(values))),
  max: (values) => (finite(values).length === 0 ? null : Math.max(...finite(values))),
  count: (values) => values.length,
};

/** The step at which `of` stands, the first of several. */
function stepOf(values: number[], of: string): number | null {
  if (of === 'last') return values.length - 1;
  const value = AGGREGATES[of]?.(values) ?? null;
  return value === null ? null : of === 'first' ? 0 : values.indexOf(value);
}

interface Field {
  text: string;
  of: (run: Made) => Value;
}

const quote = (text: string, pick: Pick1): string => {
  const mark = pick(['"', "'", '`']);
  return mark + text.replaceAll(mark, mark + mark) + mark;
};

function keyText(key: string, pick: Pick1): string {
  return key.includes(' ') ? quote(key, pick) : pick([key, quote(key, pick)]);
}

export function numberField(pick: Pick1): Field {
  const key = pick([...KEYS, 'nowhere']);
  const metric = `metrics.${keyText(key, pick)}`;
  const of = (value: (values: number[]) => number | null) => (run: Made) => {
    const values = run.metrics[key];
    return values === undefined ? null : value(values);
  };
  const word = pick(Object.keys(AGGREGATES));
  const step = pick([0, 1, 2, 7]);
  const place = pick(['last', 'first', 'min', 'max']);
  return pick<Field>([
    { text: metric, of: of((values) => values.at(-1) ?? null) },
    { text: `${word}(${metric})`, of: of(AGGREGATES[word] ?? (() => null)) },
    { text: pick([`${metric} @${step}`, `at(${metric}, ${step})`]), of: of((values) => values[step] ?? null) },
    { text: place === 'last' ? `step(${metric})` : `step(${place}(${metric}))`, of: of((values) => stepOf(values, place)) },
    { text: 'number', of: (run) => run.number },
  ]); // prettier-ignore
}

export function textField(pick: Pick1): Field {
  const key = pick([...KEYS, 'nowhere']);
  return pick<Field>([
    { text: 'name', of: (run) => run.name },
    { text: 'notes', of: (run) => (run.notes === '' ? null : run.notes) },
    { text: 'experiment', of: (run) => run.experiment },
    { text: `tags.${keyText(key, pick)}`, of: (run) => run.tags[key] ?? null },
    { text: `tag:${keyText(key, pick)}`, of: (run) => run.tags[key] ?? null },
  ]);
}

export function paramField(pick: Pick1): Field {
  const key = pick([...KEYS, 'nowhere']);
  return { text: `params.${keyText(key, pick)}`, of: (run) => run.params[key] ?? null };
}

const COMPARE: Record<string, (a: number, b: number) => boolean> = {
  '=': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

const isIn = (text: string, part: string): boolean => text.toLowerCase().includes(part.toLowerCase());
const numberOf = (text: string): number => (/^-?\d/.test(text) ? Number(text) : NaN);

function numberTest(pick: Pick1): Said {
  const { text, of } = numberField(pick);
  const isMetric = text !== 'number' && !text.startsWith('step');
  const given = (test: (value: number) => boolean) => (run: Made) => {
    const value = of(run);
    return value !== null && test(value as number);
  };
  const op = pick(Object.keys(COMPARE));
  const [value = 0, other = 0] = [pick(NUMBERS.filter(Number.isFinite)), pick(NUMBERS.filter(Number.isFinite))];
  const tests: Said[] = [
    { text: `${text} ${op} ${value}`, finds: given((one) => COMPARE[op]?.(one, value) ?? false) },
    { text: `${text} between ${value} and ${other}`, finds: given((one) => one >= value && one <= other) },
    { text: `${text} in (${value}, ${other})`, finds: given((one) => one === value || one === other) },
    { text: `${text} not in (${value})`, finds: given((one) => one !== value) },
    { text: `${text} is null`, finds: (run) => of(run) === null },
    { text: `${text} is not null`, finds: (run) => of(run) !== null },
  ];
  if (isMetric)
    tests.push(
      { text: pick([`${text} is nan`, `${text} = NaN`]), finds: given(Number.isNaN) },
      { text: `${text} != nan`, finds: given((one) => !Number.isNaN(one)) },
      { text: `${text} is inf`, finds: given((one) => Math.abs(one) === Infinity) },
      { text: `${text} is not inf`, finds: given((one) => Math.abs(one) !== Infinity) },
      { text: `${text} = -inf`, finds: given((one) => one === -Infinity) },
    );
  return pick(tests);
}

function paramTest(pick: Pick1): Said {
  const { text, of } = paramField(pick);
  const given = (test: (value: string) => boolean) => (run: Made) => {
    const value = of(run);
    return value !== null && test(value as string);
  };
  const op = pick(Object.keys(COMPARE));
  const number = pick([0.5, 0.1, 10, -3]);
  const word = pick(PARAMS);
  return pick<Said>([
    { text: `${text} ${op} ${number}`, finds: given((one) => !Number.isNaN(numberOf(one)) && (COMPARE[op]?.(numberOf(one), number) ?? false)) },
    { text: `${text} = ${quote(word, pick)}`, finds: given((one) => one === word) },
    { text: `${text} != ${quote(word, pick)}`, finds: given((one) => one !== word) },
    { text: `${text} in (adam, ${number}, ${quote(word, pick)})`, finds: given((one) => one === 'adam' || numberOf(one) === number || one === word) },
    { text: `${text} ~ ${quote(word, pick)}`, finds: given((one) => isIn(one, word)) },
    { text: `${text} !~ ${quote(word, pick)}`, finds: given((one) => !isIn(one, word)) },
    { text: `${text} between -3 and ${number}`, finds: given((one) => numberOf(one) >= -3 && numberOf(one) <= number) },
    { text: `${text} is null`, finds: (run) => of(run) === null },
  ]); // prettier-ignore
}

function textTest(pick: Pick1): Said {
  const { text, of } = textField(pick);
  const given = (test: (value: string) => boolean) => (run: Made) => {
    const value = of(run);
    return value !== null && test(value as string);
  };
  const word = pick([...WORDS, 'one', 'two']);
  const part = [...word].slice(pick([0, 1]), 4).join('');
  return pick<Said>([
    { text: `${text} = ${quote(word, pick)}`, finds: given((one) => one === word) },
    { text: `${text} != ${quote(word, pick)}`, finds: given((one) => one !== word) },
    { text: `${text} ~ ${quote(part, pick)}`, finds: given((one) => isIn(one, part)) },
    { text: `${text} !~ ${quote(part, pick)}`, finds: given((one) => !isIn(one, part)) },
    { text: `${text} in (${quote(word, pick)}, one)`, finds: given((one) => one === word || one === 'one') },
    { text: `${text} not in (${quote(word, pick)})`, finds: given((one) => one !== word) },
    { text: `${text} is not null`, finds: given(() => true) },
  ]);
}

/** Times of runs are half an hour beside the hours that are asked for. */
function timeTest(pick: Pick1, now: number, runs: readonly Made[]): Said {
  const ago = pick([1, 3, 30, 50]);
  const hours = pick([1, 2, 5]);
  const day = new Date(now - ago * HOUR).toISOString().slice(0, 10);
  const parent = pick(runs).id;
  const isStalled = (run: Made): boolean => run.status === RunStatus.Running && run.heard < now - 15 * 60_000;
  const state = (run: Made): string => (isStalled(run) ? 'stalled' : run.status);
  const status = pick([...Object.values(RunStatus), 'stalled']);
  const dayOf = (ms: number | null): string => (ms === null ? '' : new Date(ms).toISOString().slice(0, 10));
  return pick<Said>([
    { text: `started > -${ago}h`, finds: (run) => run.start > now - ago * HOUR },
    { text: `start <= ${new Date(now - ago * HOUR).toISOString()}`, finds: (run) => run.start <= now - ago * HOUR },
    { text: `started = ${day}`, finds: (run) => dayOf(run.start) === day },
    { text: `ended != ${day}`, finds: (run) => run.end !== null && dayOf(run.end) !== day },
    { text: `ended > ${day}`, finds: (run) => run.end !== null && run.end > Date.parse(day) },
    { text: `started between -50h and -${ago}h`, finds: (run) => run.start >= now - 50 * HOUR && run.start <= now - ago * HOUR },
    { text: 'created > yesterday and heard < now', finds: () => true },
    { text: 'ended is null', finds: (run) => run.end === null },
    { text: `duration > ${hours}h`, finds: (run) => run.end !== null && run.end - run.start > hours * HOUR },
    { text: `took between 30min and ${hours}h1s`, finds: (run) => run.end !== null && run.end - run.start >= HOUR / 2 && run.end - run.start <= hours * HOUR + 1000 },
    { text: `parent = ${parent}`, finds: (run) => run.parent === parent },
    { text: 'parent is null', finds: (run) => run.parent === null },
    { text: `id = ${parent}`, finds: (run) => run.id === parent },
    { text: `status = ${status}`, finds: (run) => state(run) === status },
    { text: `state != ${status}`, finds: (run) => state(run) !== status },
    { text: `status in (stalled, ${status})`, finds: (run) => ['stalled', status].includes(state(run)) },
  ]); // prettier-ignore
}

function otherTest(pick: Pick1): Said {
  const key = pick([...KEYS, 'nowhere']);
  const word = pick(WORDS);
  const part = [...word].slice(0, pick([2, 3, 9])).join('');
  const texts = (run: Made): string[] => [run.name, run.notes, ...Object.entries(run.tags).flat()];
  return pick<Said>([
    { text: `metrics.${keyText(key, pick)} has nan`, finds: (run) => run.metrics[key]?.some((one) => !Number.isFinite(one)) ?? false },
    { text: `tag:${keyText(key, pick)}`, finds: (run) => run.tags[key] !== undefined },
    { text: quote(part, pick), finds: (run) => texts(run).some((one) => isIn(one, part)) },
    { text: quote(part, pick), finds: (run) => texts(run).some((one) => isIn(one, part)) },
  ]); // prettier-ignore
}

export function randomFilter(pick: Pick1, random: () => number, now: number, runs: readonly Made[], depth = 3): Said {
  const below = (): Said => randomFilter(pick, random, now, runs, depth - 1);
  const kind = depth === 0 ? 'test' : pick(['test', 'and', 'and', 'or', 'not']);
  if (kind === 'not') {
    const { text, finds } = below();
    return { text: `not (${text})`, finds: (run) => !finds(run) };
  }
  if (kind === 'test')
    return pick([numberTest, paramTest, textTest, otherTest, () => timeTest(pick, now, runs)] as const)(pick);
  const parts = [below(), below()];
  const isAnd = kind === 'and';
  return {
    text: parts.map(({ text }) => `(${text})`).join(isAnd ? pick([' and ', ' ']) : ' OR '),
    finds: (run) => (isAnd ? parts.every(({ finds }) => finds(run)) : parts.some(({ finds }) => finds(run))),
  };
}

export interface RandomOrder {
  text: string;
  compare: (a: Made, b: Made) => number;
}

const bytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** Missing ones and NaN last in both directions; numbers before texts; ties by id. */
export function randomOrder(pick: Pick1): RandomOrder {
  const param = paramField(pick);
  const asNumber: Field = {
    ...param,
    of: (run) => {
      const value = param.of(run) as string | null;
      return value === null || Number.isNaN(numberOf(value)) ? value : numberOf(value);
    },
  };
  const fields: Field[] = [
    numberField(pick),
    numberField(pick),
    asNumber,
    textField(pick),
    { text: 'started', of: (run) => run.start },
    { text: 'duration', of: (run) => (run.end === null ? null : run.end - run.start) },
  ];
  const keys = [pick(fields), pick(fields)].map((field) => ({ field, isDown: pick([true, false]) }));
  const text = keys.map(({ field, isDown }) => `${field.text}${isDown ? ' desc' : pick([' asc', ''])}`).join(', ');
  const rank = (value: Value): number =>
    value === null || Number.isNaN(value) ? 2 : Number(typeof value === 'string');
  const compare = (a: Made, b: Made): number => {
    for (const { field, isDown } of keys) {
      // Names are ordered without their case.
      const fold = (value: Value): Value => (field.text === 'name' || field.text === 'experiment' ? String(value).toLowerCase() : value); // prettier-ignore
      const [x, y] = [fold(field.of(a)), fold(field.of(b))];
      if (rank(x) === 2 || rank(y) === 2) {
        if (rank(x) !== rank(y)) return rank(x) - rank(y);
        continue;
      }
      const order = rank(x) - rank(y) || (typeof x === 'string' ? bytes(x, String(y)) : Number(x) - Number(y) || 0);
      const isEndless = x === y;
      if (!isEndless && order !== 0) return isDown ? -order : order;
    }
    return bytes(a.id, b.id);
  };
  return { text: `order by ${text}`, compare };
}
