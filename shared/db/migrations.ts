// shared/db/migrations.ts
// Purpose: the migrations of an engine as files: their names in order, their statements, and which of them are not known here.
// Why: both engines keep them in the same way and refuse a database from a newer version in the same words.
// Relevant files: shared/db/migrate.ts, shared/db/migrate-postgres.ts, shared/db/migrations/sqlite, shared/db/migrations/postgres

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { UserError } from '../errors.ts';
import type { Engine } from './engine.ts';

interface Journal {
  entries: { idx: number; tag: string }[];
}

export interface MigrationState {
  name: string;
  applied_at: number | null;
}

export class Migrations {
  readonly #folder: string;
  /** In the order in which they are applied. */
  readonly names: string[];

  constructor(engine: Engine) {
    this.#folder = fileURLToPath(new URL(`./migrations/${engine}/`, import.meta.url));
    const { entries } = JSON.parse(readFileSync(`${this.#folder}meta/_journal.json`, 'utf8')) as Journal;
    this.names = entries.sort((a, b) => a.idx - b.idx).map((entry) => entry.tag);
  }

  statementsOf(name: string): string[] {
    return readFileSync(`${this.#folder}${name}.sql`, 'utf8').split('--> statement-breakpoint');
  }

  /** Those that are known here, then those that a newer version applied. */
  states(applied: Map<string, number>): MigrationState[] {
    const names = [...this.names, ...this.#unknown(applied.keys())];
    return names.map((name) => ({ name, applied_at: applied.get(name) ?? null }));
  }

  /** What is missing. Throws `UserError` on a database from a newer version. */
  pending(applied: Map<string, number>): string[] {
    this.refuseNewer(applied.keys());
    return this.names.filter((name) => !applied.has(name));
  }

  /** Throws `UserError` when one of the migrations is not known here. */
  refuseNewer(names: Iterable<string>): void {
    const newer = this.#unknown(names);
    if (newer.length > 0) {
      throw new UserError(
        `This database was written by a newer version (migration ${newer.join(', ')} is not known here). ` +
          'Start the newer version, or use another data folder.',
      );
    }
  }

  #unknown(names: Iterable<string>): string[] {
    return [...names].filter((name) => !this.names.includes(name));
  }
}
