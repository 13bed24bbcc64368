// imports/mlflow-metric-file.ts
// Purpose: reads one metric file of MLflow's file store, line by line.
// Why: a bad line must be named with its number, and a long curve must not sit in memory.
// Relevant files: imports/mlflow-files.ts, imports/records.ts

import { open } from 'node:fs/promises';
import { readNumber } from '../shared/cells.ts';
import { SourceError, type SourcePoint } from './records.ts';

/**
 * A number as Python's str(float) writes it: 0.1, 1e-05, nan, inf, -inf.
 * Shortest round-trip digits on both sides, so the double is the same. Undefined for anything else.
 */
export function pythonNumber(text: string): number | undefined {
  return readNumber(text);
}

/**
 * Lines are `timestamp value step`; `timestamp value` before MLflow 1.0 (step 0), and with a dataset's
 * name and digest at the end since MLflow 3 (not read). Timestamps in milliseconds.
 * A line of two fields after one of three is a line cut short. Steps may be beyond what a number keeps: see isKept.
 */
export async function* pointsOf(file: string, key: string): AsyncGenerator<SourcePoint> {
  const handle = await open(file);
  try {
    let number = 0;
    let width = 2;
    for await (const line of handle.readLines()) {
      number += 1;
      if (line.trim() === '') continue;
      const fields = line.trim().split(/ +/);
      if (![2, 3, 5].includes(fields.length) || fields.length < Math.min(width, 3)) {
        throw new SourceError(`"${line}" is not "timestamp value step"`, file, number);
      }
      width = fields.length;
      yield point(key, fields, file, number);
    }
  } finally {
    await handle.close();
  }
}

function point(key: string, fields: string[], file: string, line: number): SourcePoint {
  const [timestamp = '', value = '', step = '0'] = fields;
  const number = pythonNumber(value);
  if (number === undefined) throw new SourceError(`"${value}" is not a number`, file, line);
  return { key, value: number, step: whole(step, file, line), timestamp: whole(timestamp, file, line) };
}

function whole(text: string, file: string, line: number): number {
  if (/^[+-]?\d+$/.test(text)) return Number(text) + 0;
  throw new SourceError(`"${text}" is not a whole number`, file, line);
}
