// tests/runs/query.test.ts
// Purpose: the query language: what texts mean, and where a mistake is pointed at.
// Why: table, API, exports and command line take the same filters; a wrong one must say what is wrong with it.
// Relevant files: runs/query/parser.ts, runs/query/where.ts, tests/runs/query-random.test.ts

import { describe, expect, it } from 'vitest';
import { orderField, orderText } from '../../runs/query/order-text.ts';
import { parseFilter, parseQuery, type Query } from '../../runs/query/parser.ts';
import { mistakeIn, unknownKeys, withNearKey, withoutOrder } from '../../runs/query/where.ts';
import type { RunColumn, RunField } from '../../runs/search/run-fields.ts';
import type { Test } from '../../shared/search/condition.ts';

const NOW = Date.UTC(2026, 10, 24, 18, 30);
const DAY = 86_400_000;
const parse = (text: string): Query => parseQuery(text, NOW);

/** A metric without an aggregate: the value that counts, by its rule. */
const bare = (key: string): RunField => ({ of: 'metric', key, value: 'counts' });
const last = (key: string): RunField => ({ of: 'metric', key, value: 'last' });
const run = (name: RunColumn): RunField => ({ of: 'run', name });
const leaf = (field: RunField, test: Test): Query => ({ field, test });
const words = (text: string): Query => ({ field: { of: 'words' }, test: { op: 'contains', text } });
const day = Date.UTC(2026, 10, 20);
const nextDay = Date.UTC(2026, 10, 21);
const [a, b, c] = [words('a'), words('b'), words('c')];

describe('means', () => {
  const cases: [string, Query][] = [
    ['', { and: [] }],
    ['  ', { and: [] }],
    ['a b c', { and: [a, b, c] }],
    ['a and b or c', { or: [{ and: [a, b] }, c] }],
    ['a (b or c)', { and: [a, { or: [b, c] }] }],
    ['not a b', { and: [{ not: a }, b] }],
    ['NOT (a OR b)', { not: { or: [a, b] } }],
    ['"two words" and \'x "y"\'', { and: [words('two words'), words('x "y"')] }],
    ['name', words('name')],
    ['metrics.val/accuracy > 0.9', leaf(bare('val/accuracy'), { op: '>', value: 0.9 })],
    ['metrics.loss<=-1e-3', leaf(bare('loss'), { op: '<=', value: -1e-3 })],
    ['metric.a.b == inf', leaf(bare('a.b'), { op: '=', value: Infinity })],
    ['metrics."val acc" <> 1', leaf(bare('val acc'), { op: '!=', value: 1 })],
    ['metrics.`a``b` = 1', leaf(bare('a`b'), { op: '=', value: 1 })],
    ['metrics.loss = NaN', leaf(bare('loss'), { op: 'nan' })],
    ['metrics.loss has nan', leaf({ of: 'metric', key: 'loss', value: 'nonfinite_count' }, { op: '>', value: 0 })],
    ['metrics.loss is null', { not: leaf(bare('loss'), { op: 'present' }) }],
    ['metrics.loss IS NOT NULL', leaf(bare('loss'), { op: 'present' })],
    ['best(metrics.val/accuracy) > 0.9', leaf({ of: 'metric', key: 'val/accuracy', value: 'best' }, { op: '>', value: 0.9 })],
    ['best(metrics.val/loss) < 1', leaf({ of: 'metric', key: 'val/loss', value: 'best' }, { op: '<', value: 1 })],
    ['best(metrics.what) < 1', leaf({ of: 'metric', key: 'what', value: 'best' }, { op: '<', value: 1 })],
    ['count(metrics.loss) >= 10', leaf({ of: 'metric', key: 'loss', value: 'count' }, { op: '>=', value: 10 })],
    ['at(metrics.loss, -3) = 1', leaf({ of: 'metric', key: 'loss', value: 'at', step: -3 }, { op: '=', value: 1 })],
    ['last(metrics.loss) < 1', leaf(last('loss'), { op: '<', value: 1 })],
    ['metrics.loss @100 < 1', leaf({ of: 'metric', key: 'loss', value: 'at', step: 100 }, { op: '<', value: 1 })],
    ['metrics."val acc" @ -5 < 1', leaf({ of: 'metric', key: 'val acc', value: 'at', step: -5 }, { op: '<', value: 1 })],
    ['metrics.recall@5 > 0.5', leaf(bare('recall@5'), { op: '>', value: 0.5 })],
    ['metrics.recall@5 @100 > 0.5', leaf({ of: 'metric', key: 'recall@5', value: 'at', step: 100 }, { op: '>', value: 0.5 })],
    ['step(metrics.loss) >= 100', leaf({ of: 'metric', key: 'loss', value: 'last_step' }, { op: '>=', value: 100 })],
    ['step(best(metrics.val/loss)) < 10', leaf({ of: 'metric', key: 'val/loss', value: 'best_step' }, { op: '<', value: 10 })],
    ['metrics.loss is nan', leaf(bare('loss'), { op: 'nan' })],
    ['metrics.loss is not inf', { and: [leaf(bare('loss'), { op: 'present' }), { not: { or: [Infinity, -Infinity].map((value) => leaf(bare('loss'), { op: '=', value })) } }] }],
    ['min (a)', { and: [words('min'), a] }],
    ['name(a)', { and: [words('name'), a] }],
    ['params.lr = 0.01', leaf({ of: 'param', key: 'lr' }, { op: '=', value: 0.01 })],
    ['params.lr = "0.01"', leaf({ of: 'param', key: 'lr' }, { op: '=', value: '0.01' })],
    ['params.opt != adam', leaf({ of: 'param', key: 'opt' }, { op: '!=', value: 'adam' })],
    ['params.opt in (adam, sgd)', { or: ['adam', 'sgd'].map((value) => leaf({ of: 'param', key: 'opt' }, { op: '=', value })) }],
    ['params.opt not in (adam)', { and: [leaf({ of: 'param', key: 'opt' }, { op: 'present' }), { not: { or: [leaf({ of: 'param', key: 'opt' }, { op: '=', value: 'adam' })] } }] }],
    ['params.lr between 0.1 and 1', { and: [leaf({ of: 'param', key: 'lr' }, { op: '>=', value: 0.1 }), leaf({ of: 'param', key: 'lr' }, { op: '<=', value: 1 })] }],
    ['tag:baseline', leaf({ of: 'tag', key: 'baseline' }, { op: 'present' })],
    ['tag:"my label" or tags.team = a', { or: [leaf({ of: 'tag', key: 'my label' }, { op: 'present' }), leaf({ of: 'tag', key: 'team' }, { op: '=', value: 'a' })] }],
    ['name ~ base', leaf(run('name'), { op: 'contains', text: 'base' })],
    ['name !~ base', { and: [leaf(run('name'), { op: 'present' }), { not: leaf(run('name'), { op: 'contains', text: 'base' }) }] }],
    ['status = Failed', leaf(run('status'), { op: '=', value: 'failed' })],
    ['started > -7d', leaf(run('start_time'), { op: '>', value: NOW - 7 * DAY })],
    ['started = 2026-11-20', { and: [leaf(run('start_time'), { op: '>=', value: day }), leaf(run('start_time'), { op: '<', value: nextDay })] }],
    ['started <= 2026-11-20', leaf(run('start_time'), { op: '<', value: nextDay })],
    ['ended > 2026-11-20T10:00', leaf(run('end_time'), { op: '>', value: Date.UTC(2026, 10, 20, 10) })],
    ['ended < 2026-11-20T12:00+02:00', leaf(run('end_time'), { op: '<', value: Date.UTC(2026, 10, 20, 10) })],
    ['duration > 1h30m', leaf(run('duration'), { op: '>', value: 5_400_000 })],
    ['took < 90s', leaf(run('duration'), { op: '<', value: 90_000 })],
    ['number between 2 and 5', { and: [leaf(run('number'), { op: '>=', value: 2 }), leaf(run('number'), { op: '<=', value: 5 })] }],
    ['parent is null', { not: leaf(run('parent'), { op: 'present' }) }],
    ['dataset = digits', leaf({ of: 'dataset', name: 'name' }, { op: '=', value: 'digits' })],
  ]; // prettier-ignore
  it.each(cases)('%s', (text, query) => expect(parse(text)).toEqual(query));

  it('a stalled run is no running one', () => {
    const quiet = leaf(run('heard_at'), { op: '<', value: NOW - 15 * 60_000 });
    const running = leaf(run('status'), { op: '=', value: 'running' });
    expect(parse('status = stalled')).toEqual({ and: [running, quiet] });
    expect(parse('status = running')).toEqual({ and: [running, { not: quiet }] });
  });
});

describe('an order', () => {
  const cases: [text: string, order: string[], plain: string][] = [
    ['a and b', [], 'a and b'],
    ['"order" by me', [], '"order" by me'],
    ['order by name', ['name'], ''],
    ['a  ORDER BY metrics.val/accuracy DESC, name asc', ['-metrics.val/accuracy', 'name'], 'a'],
    ['a and b order by params."odd, key", started desc', ['params.odd, key', '-start_time'], 'a and b'],
    ['order by min(metrics."val acc") desc', ['-min(metrics."val acc")'], ''],
    ['order by metrics.loss @100, step(max(metrics.a))', ['at(metrics.loss, 100)', 'step(max(metrics.a))'], ''],
    ['order by tags.team, heard desc, parent', ['tags.team', '-heard_at', 'parent'], ''],
  ];
  it.each(cases)('%s', (text, order, plain) => {
    expect(parseFilter(text, NOW).order).toEqual(order);
    expect(withoutOrder(text)).toBe(plain);
  });

  it('is read from `order=` as it was written there', () => {
    for (const [text] of cases)
      for (const key of parseFilter(text, NOW).order.map((one) => one.replace(/^-/, ''))) {
        const field = orderField(key);
        expect(field && orderText(field), key).toBe(key);
      }
    expect(['dataset', 'nothing', 'min(name)', 'min(metrics.a) b', '"'].map(orderField)).toEqual(Array(5).fill(undefined)); // prettier-ignore
  });
});

describe('a mistake is pointed at', () => {
  // The caret's line below the filter, what is said, and what the filter would be with the suggestion.
  const cases: [text: string, caret: string, says: string, better?: string][] = [
    ['acuracy > 0.9', '^^^^^^^', 'there is no field "acuracy"'],
    ['constructor > 1', '^^^^^^^^^^^', 'there is no field "constructor"'],
    ['constructor.x > 1', '^^^^^^^^^^^^^', 'there is no field "constructor.x"'],
    ['order by constructor', '         ^^^^^^^^^^^', 'there is no field "constructor"'],
    ['metrics.loss > constructor', '               ^^^^^^^^^^^', 'metrics.loss is a metric: compare it with a number'],
    ['satus = failed', '^^^^^', 'there is no field "satus"; did you mean status?', 'status = failed'],
    ['a and', '     ^', 'something is missing at the end'],
    ['or a', '^^', '"or" is not expected here'],
    ['(a or b', '^', 'never closed'],
    ['a) or b', ' ^', 'never opened'],
    ['metrics.loss', '^^^^^^^^^^^^', 'stands without a comparison', 'metrics.loss is not null'],
    ['metrics.loss >', '              ^', 'a value is missing at the end'],
    ['metrics.loss > low', '               ^^^', 'is a metric: compare it with a number'],
    ['metrics.loss ~ 1', '               ^', 'is not text'],
    ['params.lr < adam', '            ^^^^', 'needs a number'],
    ['name > b', '       ^', 'is text'],
    ['name between a and b', '     ^^^^^^^', 'has no order'],
    ['name has nan', '         ^^^', 'is no metric'],
    ['status = runing', '         ^^^^^^', 'there is no status "runing"', 'status = running'],
    ['duration > 90', '           ^^', 'needs a unit', 'duration > 90s'],
    ['started > lately', '          ^^^^^^', 'needs a time'],
    ['started > 2026-02-30', '          ^^^^^^^^^^', 'needs a time'],
    ['min(name) > 1', '    ^^^^', 'needs a metric', 'min(metrics.loss) > 1'],
    ['at(metrics.loss, 1.5) > 1', '                 ^^^', 'a step is a whole number'],
    ['name = "open', '       ^^^^^', 'no closing "'],
    ['a ! b', '  ^', '"!" stands only in'],
    ['number = inf', '         ^^^', 'finite'],
    ['a order by', '          ^', 'a field is missing at the end'],
    ['order by acuracy', '         ^^^^^^^', 'there is no field "acuracy"'],
    ['order by dataset', '         ^^^^^^^', 'give no order'],
    ['order by name desc up', '                   ^^', '"up" is not expected here'],
    ['a or order by name', '     ^^^^^', '"order" is not expected here'],
    ['(a order by name)', '^', 'never closed'],
    ['metrics.loss @x > 1', '              ^', 'a step is a whole number'],
    ['step(mean(metrics.a)) > 1', '     ^^^^', 'step(…) goes with'],
    ['metrics.loss is not high', '                    ^^^^', '"is" goes with null'],
    ['name is nan', '        ^^^', 'is no metric'],
    [`${'('.repeat(60)}a`, `${' '.repeat(40)}^`, 'deeper than 40'],
    [`number in (${Array(101).fill('1').join(',')})`, `${' '.repeat(60)}^`, 'at most 100 tests'],
  ];
  it.each(cases)('%s', (text, caret, says, better) => {
    const mistake = mistakeIn(text, NOW);
    expect(mistake?.text).toContain(says);
    expect(mistake?.caret).toBe(caret);
    if (better !== undefined) expect(mistake?.better).toBe(better);
  });
});

it('what is a key of the experiment is suggested with its prefix', () => {
  const known = { metric: ['acc'], param: ['optimizer'] };
  expect(mistakeIn('optimizer = adam', NOW, known)?.better).toBe('params.optimizer = adam');
  expect(mistakeIn('acc > 1', NOW, known)?.better).toBe('metrics.acc > 1');
  expect(mistakeIn('a order by optimzer', NOW, known)?.better).toBe('a order by params.optimizer');
  const text = 'acuracy and (acuracy > 0.9 or metrics.acuracy < 1)';
  const accuracies = { metric: ['val/accuracy'], param: [] };
  expect(mistakeIn(text, NOW, accuracies)?.better).toBe('acuracy and (metrics.val/accuracy > 0.9 or metrics.acuracy < 1)'); // prettier-ignore
});

it('keys that nobody has are told, with what is near', () => {
  const known = { metric: ['val/accuracy', 'train/loss'], param: ['lr'] };
  const query = parse('metrics.val/acuracy > 1 and (min(metrics.accuracy) > 1 or not params.lr = 1) and params.zz = 1');
  expect(unknownKeys(query, known)).toEqual([
    { kind: 'metric', key: 'val/acuracy', near: 'val/accuracy' },
    { kind: 'metric', key: 'accuracy', near: 'val/accuracy' },
    { kind: 'param', key: 'zz', near: undefined },
  ]);
  const dotted = 'metrics.train/loss.min < 1 and metrics.train/loss@20 < 1';
  const unknown = unknownKeys(parse(dotted), known);
  expect(unknown.map(({ near }) => near)).toEqual(['min(metrics.train/loss)', 'metrics.train/loss @20']);
  expect(unknown.reduce((text, one) => withNearKey(text, one), dotted)).toBe(
    'min(metrics.train/loss) < 1 and metrics.train/loss @20 < 1',
  );
  const text = 'los and metrics.los > 1 and params.los = metrics.los order by min(metrics.los)';
  const near = { kind: 'metric', key: 'los', near: 'val loss' } as const;
  expect(withNearKey(text, near)).toBe(
    'los and metrics."val loss" > 1 and params.los = metrics."val loss" order by min(metrics."val loss")',
  );
});
