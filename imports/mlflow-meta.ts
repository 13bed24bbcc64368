// imports/mlflow-meta.ts
// Purpose: reads a meta.yaml of MLflow's file store as plain text fields.
// Why: YAML would turn ids into numbers and lose digits, and names like 1e3 into 1000.
// Relevant files: imports/mlflow-files.ts, imports/mlflow-common.ts

import { isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import type { RunStatus } from '../runs/models.ts';
import { readText } from './folder.ts';
import { statusOf } from './mlflow-common.ts';
import { SourceError } from './records.ts';

const PLAIN_NULLS = new Set(['', '~', 'null', 'Null', 'NULL']);

interface Field {
  text: string | null;
  line: number;
}

export class Meta {
  readonly file: string;
  readonly #fields: Map<string, Field>;
  readonly #lines: number;

  constructor(file: string, fields: Map<string, Field>, lines: number) {
    this.file = file;
    this.#fields = fields;
    this.#lines = lines;
  }

  text(key: string): string | null {
    return this.#fields.get(key)?.text ?? null;
  }

  /** The first of these that is there. Keys are written in order, so a missing one points to a file cut short. */
  required(...keys: string[]): string {
    const text = keys.map((key) => this.text(key)).find((found) => found !== null && found !== '');
    if (text) return text;
    throw new SourceError(`"${keys[0] ?? ''}" is missing; the file may be cut short`, this.file, this.#lines);
  }

  /** Milliseconds since the epoch, or null. */
  time(key: string): number | null {
    const field = this.#fields.get(key);
    if (!field?.text) return null;
    const time = /^-?\d+$/.test(field.text) ? Number(field.text) : NaN;
    if (Number.isSafeInteger(time)) return time;
    throw new SourceError(`${key}: "${field.text}" is not a time in milliseconds`, this.file, field.line);
  }

  status(): RunStatus {
    const text = this.required('status');
    const status = statusOf(text);
    if (status) return status;
    throw new SourceError(`status: "${text}" is not one of 1 to 5`, this.file, this.#fields.get('status')?.line);
  }

  get deleted(): boolean {
    return this.text('lifecycle_stage') === 'deleted';
  }
}

/** Every scalar as the text that stands there (YAML's failsafe schema); null only where it is written unquoted. */
export async function readMeta(file: string): Promise<Meta> {
  const lineCounter = new LineCounter();
  const document = parseDocument(await readText(file), { schema: 'failsafe', lineCounter });
  const lines = Math.max(1, lineCounter.lineStarts.length - 1);
  const fault = document.errors[0];
  if (fault) throw new SourceError(`is not valid YAML (${firstLine(fault.message)})`, file, fault.linePos?.[0].line);
  if (!isMap(document.contents)) throw new SourceError('holds no "key: value" lines', file, lines);
  const fields = new Map<string, Field>();
  for (const { key, value } of document.contents.items) {
    if (!isScalar(key) || !isScalar(value)) continue;
    const text = typeof value.value === 'string' ? value.value : '';
    const isNull = value.type === 'PLAIN' && PLAIN_NULLS.has(text);
    fields.set(String(key.value), {
      text: isNull ? null : text,
      line: lineCounter.linePos(value.range?.[0] ?? 0).line,
    });
  }
  return new Meta(file, fields, lines);
}

function firstLine(text: string): string {
  return (text.split('\n')[0] ?? '').replace(/:$/, '');
}
