// tests/exports/points.test.ts
// Purpose: points of an experiment and a run come back bit by bit, from CSV and from NDJSON.
// Why: an export that loses a digit, a NaN or a row is no export.
// Relevant files: exports/points-writers.ts, shared/cells.ts

import { beforeAll, describe, expect, it } from 'vitest';
import { unguard } from '../../shared/cells.ts';
import type { RunRow } from '../../runs/models.ts';
import { useTracker } from '../support/use.ts';
import { addRun, bits, download, NASTY_NUMBERS, NASTY_TEXTS, readCsv, series, type LoggedPoint } from './support.ts';

const tracker = useTracker();
let nasty: RunRow;
let plain: RunRow;
const T0 = 1_700_000_000_123;
const STEPS = [0, 1, -5, 2 ** 31 + 7, Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER];
const KEYS = NASTY_TEXTS.filter((text) => text !== '');

const values: LoggedPoint[] = NASTY_NUMBERS.map((value, i) => ({ key: 'loss', value, step: i, timestamp: T0 + i }));
const steps: LoggedPoint[] = STEPS.map((step) => ({ key: 'steps', value: 1, step, timestamp: 0 }));
const keys: LoggedPoint[] = KEYS.map((key, i) => ({ key, value: i / 7, step: i, timestamp: -1 }));

beforeAll(async () => {
  nasty = await addRun(tracker, { experiment: 'digits', name: '=HYPERLINK("x"), "quoted"' }, [
    ...values,
    ...steps,
    ...keys,
  ]);
  plain = await addRun(tracker, { experiment: 'digits', name: 'plain' }, series('acc', 12_345));
});

describe('points as CSV', () => {
  it('holds every value as the same double', async () => {
    const { status, headers, text } = await download(tracker, `/exports/runs/${nasty.id}/points.csv?key=loss`);
    expect([status, headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8']);
    const rows = readCsv(text);
    expect(Object.keys(rows[0] ?? {})).toEqual(['run_id', 'run_name', 'key', 'step', 'timestamp', 'value']);
    expect(bits(rows.map((row) => Number(row['value'])))).toEqual(bits(NASTY_NUMBERS));
    expect(rows.map((row) => Date.parse(row['timestamp'] ?? ''))).toEqual(values.map((point) => point.timestamp));
    expect(new Set(rows.map((row) => unguard(row['run_name'] ?? '')))).toEqual(new Set([nasty.name]));
    expect(new Set(rows.map((row) => row['run_id']))).toEqual(new Set([nasty.id]));
  });

  it('holds every step and key', async () => {
    const rows = readCsv((await download(tracker, `/exports/runs/${nasty.id}/points.csv`)).text);
    const read = rows.map((row) => [unguard(row['key'] ?? ''), Number(row['step'])]);
    expect(read.filter(([key]) => key === 'steps').map(([, step]) => step)).toEqual([...STEPS].sort((a, b) => a - b));
    expect(new Set(read.map(([key]) => key))).toEqual(new Set(['loss', 'steps', ...KEYS]));
    expect(rows).toHaveLength(values.length + steps.length + keys.length);
  });

  it('of an experiment holds its runs by number, over more than one page of a series', async () => {
    const rows = readCsv((await download(tracker, '/exports/experiments/1/points.csv')).text);
    const own = rows.filter((row) => row['run_id'] === plain.id);
    expect(own.map((row) => Number(row['step']))).toEqual(Array.from({ length: 12_345 }, (_, step) => step));
    expect(bits(own.map((row) => Number(row['value'])))).toEqual(bits(series('acc', 12_345).map((p) => p.value)));
    expect(rows[0]?.['run_id']).toBe(nasty.id);
    expect(rows.at(-1)?.['run_id']).toBe(plain.id);
  });

  it('of one key of an experiment holds that key only', async () => {
    const rows = readCsv((await download(tracker, '/exports/experiments/1/points.csv?key=steps')).text);
    expect(new Set(rows.map((row) => row['key']))).toEqual(new Set(['steps']));
    expect(rows).toHaveLength(steps.length);
  });
});

describe('points as NDJSON', () => {
  it('says the same as CSV, non-finite numbers as strings', async () => {
    const { headers, text } = await download(tracker, `/exports/experiments/1/points.ndjson`);
    expect(headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, string | number>);
    const rows = readCsv((await download(tracker, '/exports/experiments/1/points.csv')).text);
    const asCsv = lines.map(({ run_name, key, value, step, ...rest }) => ({
      ...rest,
      run_name,
      key,
      step: String(step),
      value: Object.is(value, -0) ? '-0' : String(value),
    }));
    const unguarded = rows.map((row) => ({
      ...row,
      run_name: unguard(row['run_name'] ?? ''),
      key: unguard(row['key'] ?? ''),
    }));
    expect(asCsv).toEqual(unguarded);
    expect(lines.filter((line) => typeof line['value'] === 'string').map((line) => line['value'])).toEqual([
      'NaN',
      'Infinity',
      '-Infinity',
    ]);
  });
});
