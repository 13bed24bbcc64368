// tests/mlflow/random-filters.ts
// Purpose: random filters and orders in MLflow's grammar, most of them right, some of them wrong.
// Why: the grammar test and the differential test on servers ask the same kinds of questions.
// Relevant files: tests/mlflow/grammar.test.ts, mlflow/filter.ts

export type Choose = <T>(from: readonly T[]) => T;

export function chooser(random: () => number): Choose {
  return (from) => from[Math.floor(random() * from.length)] as (typeof from)[number];
}

/** What there is to ask for. */
export interface Vocabulary {
  metrics: string[];
  params: string[];
  tags: string[];
  texts: string[];
  runIds: string[];
  numbers: number[];
  times: number[];
  datasets: string[];
  contexts: string[];
}

const NUMERIC = ['=', '!=', '<', '<=', '>', '>='];
const TEXTUAL = ['=', '!=', 'LIKE', 'ILIKE', 'like', 'iLike'];

export function randomFilter(choose: Choose, words: Vocabulary): string {
  const clauses = Array.from({ length: choose([0, 1, 1, 1, 2, 2, 3, 4]) }, () => randomClause(choose, words));
  return clauses.join(choose([' AND ', ' and ', '  And\n', ' AND ']));
}

function randomClause(choose: Choose, words: Vocabulary): string {
  const kind = choose([
    'metric',
    'metric',
    'metric',
    'param',
    'param',
    'tag',
    'tag',
    'text',
    'time',
    'ids',
    'dataset',
  ] as const);
  const gap = choose([' ', ' ', '']);
  const text = (): string =>
    quoted(choose, choose([...words.texts, ...words.texts.map((one) => patternOf(choose, one))]));
  switch (kind) {
    case 'metric':
      return `${choose(['metrics', 'metric'])}.${keyText(choose, choose(words.metrics))}${gap}${choose(NUMERIC)}${gap}${numberText(choose, choose(words.numbers))}`;
    case 'param':
      return `${choose(['params', 'param', 'parameter', 'parameters'])}.${keyText(choose, choose(words.params))} ${textTest(choose, text)}`;
    case 'tag':
      return `${choose(['tags', 'tag'])}.${keyText(choose, choose(words.tags))} ${textTest(choose, text)}`;
    case 'text': {
      const name = choose(['run_name', 'status', 'user_id', 'artifact_uri', '`run name`', 'run_id']);
      return `${prefix(choose)}${name} ${choose(TEXTUAL)} ${text()}`;
    }
    case 'time':
      return `${prefix(choose)}${choose(['start_time', 'end_time', 'created', 'Created'])}${gap}${choose(NUMERIC)}${gap}${choose(words.times)}`;
    case 'ids': {
      const ids = Array.from({ length: choose([1, 2, 3]) }, () => quoted(choose, choose(words.runIds)));
      return `${prefix(choose)}run_id ${choose(['IN', 'NOT IN', 'in', 'not in'])} (${ids.join(choose([',', ', ']))})`;
    }
    case 'dataset': {
      const isContext = choose([true, false]);
      const values = isContext ? words.contexts : words.datasets;
      const name = `${choose(['dataset', 'datasets'])}.${isContext ? 'context' : choose(['name', 'digest'])}`;
      if (choose([true, false])) return `${name} ${choose(TEXTUAL)} ${quoted(choose, choose(values))}`;
      return `${name} ${choose(['IN', 'NOT IN'])} (${values
        .slice(0, choose([1, 2]))
        .map((one) => quoted(choose, one))
        .join(', ')})`;
    }
  }
}

function prefix(choose: Choose): string {
  return choose(['', '', 'attributes.', 'attribute.', 'attr.', 'run.']);
}

function textTest(choose: Choose, text: () => string): string {
  return choose([0, 1, 2, 3]) === 0 ? choose(['IS NULL', 'IS NOT NULL', 'is null']) : `${choose(TEXTUAL)} ${text()}`;
}

/** Keys that are words of SQL go in quotes: MLflow's parser stumbles over some. */
function keyText(choose: Choose, key: string): string {
  const isPlain = /^[a-z_]\w*(\.[a-z_]\w*)*$/i.test(key);
  return isPlain && choose([true, true, false]) ? key : choose([`\`${key}\``, `"${key}"`]);
}

function quoted(choose: Choose, text: string): string {
  const fits = ["'", '"'].filter((quote) => !text.includes(quote));
  const quote = choose(fits.length > 0 ? fits : ["'"]);
  return quote + text + quote;
}

function patternOf(choose: Choose, text: string): string {
  const characters = [...text];
  const cut = characters.slice(choose([0, 1, 2]), characters.length - choose([0, 0, 1])).join('');
  return choose([`%${cut}`, `${cut}%`, `%${cut}%`, text.replace(/./u, '_'), text.toUpperCase(), '%']);
}

function numberText(choose: Choose, value: number): string {
  return choose([String(value), value.toExponential(), value.toFixed(1)]).replace('+', '');
}

export function randomOrderBy(choose: Choose, words: Vocabulary): string[] {
  const one = (): string => {
    const key = choose([
      `metrics.${keyText(choose, choose(words.metrics))}`,
      `metric.${keyText(choose, choose(words.metrics))}`,
      `params.${keyText(choose, choose(words.params))}`,
      `tags.${keyText(choose, choose(words.tags))}`,
      `${prefix(choose)}${choose(['start_time', 'end_time', 'status', 'run_name', 'run_id', 'user_id', 'artifact_uri', 'created'])}`,
    ]);
    return key + choose(['', ' ASC', ' DESC', ' asc', ' desc']);
  };
  return Array.from({ length: choose([0, 1, 1, 2, 3]) }, one);
}

const NOISE = [
  ' ',
  "'",
  '"',
  '`',
  '.',
  ',',
  '(',
  ')',
  '=',
  '!',
  '<',
  '%',
  ';',
  ' AND ',
  ' OR ',
  ' NOT ',
  ' IN ',
  ' IS ',
  'NULL',
  '1',
  '-',
  'x',
  'LIKE',
  '\n',
  'é',
];

/** Something in it is changed, taken away or put in. */
export function damaged(choose: Choose, text: string): string {
  const at = Math.floor(choose(Array.from({ length: text.length + 1 }, (_, i) => i)));
  const length = choose([0, 0, 1, 1, 3]);
  return text.slice(0, at) + choose(NOISE) + text.slice(at + length);
}
