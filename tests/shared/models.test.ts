// tests/shared/models.test.ts
// Purpose: models are written once for both engines: bound by DATABASE_URL, with the same tables, columns and indexes.
// Why: PostgreSQL is to come without a second set of models; a direct SQLite builder in one of them would be found late.
// Relevant files: shared/db/columns.ts, shared/db/engine.ts, experiments/models.ts, runs/models.ts, tags/models.ts, exports/models.ts

import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { Engine, engineOf } from '../../shared/db/engine.ts';
import { projectRoot } from '../../shared/lint/paths.js';
import { trackedFiles } from '../lint/tracked-files.ts';

/** A feature's models.ts, and its parts in a folder of that name; models/ itself is a feature. */
const MODELS = trackedFiles().filter(({ file }) => /^\w+\/models\.ts$|^(?!tests)\w+\/models\/\w[\w-]*\.ts$/.test(file));

interface Shape {
  engine: string;
  tables: Record<
    string,
    {
      kind: string;
      columns: Record<string, { kind: string; data: string; required: boolean; primary: boolean }>;
      indexes: string[];
      keys: string[][];
      references: string[];
    }
  >;
}

/** What the models are in a process that was started with this DATABASE_URL. */
function shapeWith(databaseUrl: string): Shape {
  const script = `
    const [{ engine }, { is, Table, getTableName }, lite, pg, ...models] = await Promise.all([
      import('./shared/db/columns.ts'), import('drizzle-orm'), import('drizzle-orm/sqlite-core'),
      import('drizzle-orm/pg-core'), ...${JSON.stringify(MODELS.map(({ file }) => `./${file}`))}.map((file) => import(file)),
    ]);
    const tables = models.flatMap((model) => Object.values(model)).filter((value) => is(value, Table));
    const shape = (table) => {
      const isPg = is(table, pg.PgTable);
      const config = isPg ? pg.getTableConfig(table) : lite.getTableConfig(table);
      return {
        kind: isPg ? 'PgTable' : is(table, lite.SQLiteTable) ? 'SQLiteTable' : 'neither',
        columns: Object.fromEntries(config.columns.map((column) => [column.name, {
          kind: column.columnType, data: column.dataType, required: column.notNull, primary: column.primary }])),
        indexes: config.indexes.map(({ config }) => config.name + (config.unique ? ' unique' : '')).sort(),
        keys: config.primaryKeys.map((key) => key.columns.map((column) => column.name)),
        references: config.foreignKeys.map((key) => {
          const { columns, foreignTable } = key.reference();
          return columns.map((column) => column.name) + ' → ' + getTableName(foreignTable);
        }).sort(),
      };
    };
    console.log(JSON.stringify({ engine, tables: Object.fromEntries(tables.map((t) => [getTableName(t), shape(t)])) }));`;
  const env = { ...process.env, DATABASE_URL: databaseUrl };
  const args = ['--import', 'tsx', '--input-type=module', '-e', script];
  return JSON.parse(execFileSync(process.execPath, args, { cwd: projectRoot, env, encoding: 'utf8' })) as Shape;
}

it.each([
  ['postgres://x', Engine.Postgres],
  ['postgresql://user@host:5432/db', Engine.Postgres],
  [undefined, Engine.Sqlite],
  ['', Engine.Sqlite],
  ['data/postgres.db', Engine.Sqlite],
  ['file:///data/postgres:/tracker.db', Engine.Sqlite],
])('%s means %s', (url, engine) => {
  expect(engineOf(url)).toBe(engine);
});

it('no model file takes a builder of one engine', () => {
  expect(MODELS.map(({ file }) => path.dirname(file))).toEqual(
    expect.arrayContaining(['experiments', 'exports', 'runs', 'tags']),
  );
  for (const { file, text } of MODELS) {
    expect(text, file).not.toMatch(/drizzle-orm\/|sqliteTable|pgTable|mysqlTable/);
    // One that only names its parts has no tables of its own.
    if (/^export \* from '\.\/models\//m.test(text)) expect(text, file).not.toMatch(/^import|\(/m);
    else expect(text, file).toMatch(/import \{[^}]*\btable\b[^}]*\} from '(\.\.\/)+shared\/db\/columns\.ts'/);
  }
});

describe('with DATABASE_URL=postgres://x', () => {
  const lite = shapeWith('');
  const pg = shapeWith('postgres://x');

  it('the same tables are PostgreSQL tables', () => {
    expect([lite.engine, pg.engine]).toEqual([Engine.Sqlite, Engine.Postgres]);
    expect(Object.keys(pg.tables)).toEqual(Object.keys(lite.tables));
    expect(Object.keys(pg.tables)).toEqual(
      expect.arrayContaining(['experiments', 'runs', 'points', 'tags', 'exports']),
    );
    expect(new Set(Object.values(lite.tables).map(({ kind }) => kind))).toEqual(new Set(['SQLiteTable']));
    expect(new Set(Object.values(pg.tables).map(({ kind }) => kind))).toEqual(new Set(['PgTable']));
  });

  it.each(Object.keys(lite.tables))('%s has the same columns, indexes, keys and references', (name) => {
    const [here, there] = [lite.tables[name], pg.tables[name]];
    if (!here || !there) throw new Error(`${name} is not in both`);
    expect(Object.keys(there.columns)).toEqual(Object.keys(here.columns));
    for (const [column, { kind, ...facts }] of Object.entries(there.columns)) {
      const { kind: liteKind, ...liteFacts } = here.columns[column] ?? { kind: '' };
      expect(facts, column).toEqual(liteFacts);
      expect([liteKind, kind], column).toEqual([expect.stringMatching(/^SQLite/), expect.stringMatching(/^Pg/)]);
    }
    const { columns: _, kind: _kind, ...rest } = here;
    expect(there).toMatchObject(rest);
  });

  it('numbers keep their width: 64-bit integers, doubles, ids that count up', () => {
    const kinds = (table: string, column: string): string[] =>
      [lite, pg].map(({ tables }) => tables[table]?.columns[column]?.kind ?? 'missing');
    expect(kinds('points', 'step')).toEqual(['SQLiteInteger', 'PgBigInt53']);
    expect(kinds('points', 'value')).toEqual(['SQLiteReal', 'PgDoublePrecision']);
    expect(kinds('experiments', 'id')).toEqual(['SQLiteInteger', 'PgBigSerial53']);
    expect(kinds('runs', 'notes')).toEqual(['SQLiteText', 'PgText']);
  });
});
