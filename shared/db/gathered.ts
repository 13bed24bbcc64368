// shared/db/gathered.ts
// Purpose: rows that requests which share a transaction leave to be written at its end, those of all in one statement.
// Why: to PostgreSQL a statement costs more than a row: 32 clients that log a point each would send 64 of them a commit.
// Relevant files: shared/db/postgres-lane.ts, runs/point-rows.ts, runs/series-state.ts

import type { Db, Gathering, ManyRows, NumberRow } from './store.ts';

/** A request with more rows than that sends its own statement, in which what all rows share stands but once. */
const FEW = 10;

export class Gathered implements Gathering {
  readonly #rows = new Map<ManyRows, NumberRow[]>();

  take(into: ManyRows, count: number, rows: () => NumberRow[]): boolean {
    if (count > FEW) return false;
    const waiting = this.#rows.get(into) ?? [];
    waiting.push(...rows());
    this.#rows.set(into, waiting);
    return true;
  }

  async send(tx: Db): Promise<void> {
    const all = [...this.#rows];
    this.#rows.clear();
    for (const [{ sql, values }, rows] of all) await tx.send(sql, values(rows));
  }

  /** `tx` for a request: before each statement of its own (which may read them) what waits is sent. */
  before(tx: Db): Db {
    const after = <Args extends unknown[], Answer>(run: (...args: Args) => Promise<Answer>) => {
      return async (...args: Args): Promise<Answer> => {
        if (this.#rows.size > 0) await this.send(tx);
        return run(...args);
      };
    };
    return Object.assign(Object.create(tx) as Db, {
      execute: after(tx.execute.bind(tx)),
      arrays: after(tx.arrays.bind(tx)),
      send: after(tx.send.bind(tx)),
    });
  }
}
