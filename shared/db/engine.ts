// shared/db/engine.ts
// Purpose: names the two database engines and tells which one a database URL means.
// Why: columns, store and migrations must agree on the engine before anything else is loaded.
// Relevant files: shared/db/columns.ts, shared/db/store.ts, shared/config.ts

export const Engine = { Sqlite: 'sqlite', Postgres: 'postgres' } as const;
export type Engine = (typeof Engine)[keyof typeof Engine];

/** `postgres://…` means PostgreSQL; everything else (a path, `file:…`, nothing) is SQLite. */
export function engineOf(databaseUrl: string | undefined): Engine {
  return /^postgres(ql)?:/.test(databaseUrl ?? '') ? Engine.Postgres : Engine.Sqlite;
}
