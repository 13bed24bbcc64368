// mlflow/run-texts.ts
// Purpose: runs as MLflow's JSON, made once for each state of their experiment and kept for the next search.
// Why: other filters, orders and pages find the same runs: reading and writing all that is said of them is most of a search.
// Relevant files: mlflow/search-routes.ts, mlflow/run-facts.ts, mlflow/run-views.ts, runs/search/search-queries.ts

import { runsBySeq } from '../runs/search/search-queries.ts';
import type { Db } from '../shared/db/store.ts';
import { factsOf } from './run-facts.ts';
import { runView } from './run-views.ts';
import { toText } from './wire.ts';

/** Bytes of all that is kept; a run with ten params and five metrics takes 1,500. */
const KEPT_MAX = 4 * 1024 * 1024;

interface KeptText {
  experiment: number;
  version: number;
  text: Buffer;
}

export class RunTexts {
  /** By the run's `seq`, the one asked for least lately first. */
  readonly #kept = new Map<number, KeptText>();
  #bytes = 0;

  /**
   * In the order of `seqs`. `versions`: of the experiments they are in, read before the runs were looked for. Whatever
   * changes what is said of a run moves its experiment's version, so what was read after a version is as new as that.
   */
  async of(db: Db, seqs: number[], versions: Map<number, number>): Promise<Buffer[]> {
    const texts = new Map<number, Buffer>();
    for (const seq of seqs) {
      const text = this.#find(seq, versions);
      if (text) texts.set(seq, text);
    }
    const rows = await runsBySeq(
      db,
      seqs.filter((seq) => !texts.has(seq)),
    );
    for (const facts of rows.length > 0 ? await factsOf(db, rows) : []) {
      const { seq, experiment_id: experiment } = facts.run;
      const text = Buffer.from(toText(runView(facts)));
      texts.set(seq, text);
      const version = versions.get(experiment);
      if (version !== undefined) this.#keep(seq, { experiment, version, text });
    }
    return seqs.flatMap((seq) => texts.get(seq) ?? []);
  }

  #find(seq: number, versions: Map<number, number>): Buffer | undefined {
    const found = this.#kept.get(seq);
    if (found === undefined || versions.get(found.experiment) !== found.version) return undefined;
    this.#kept.delete(seq);
    this.#kept.set(seq, found);
    return found.text;
  }

  #keep(seq: number, one: KeptText): void {
    this.#drop(seq);
    this.#kept.set(seq, one);
    this.#bytes += one.text.length;
    for (const oldest of this.#kept.keys()) {
      if (this.#bytes <= KEPT_MAX) break;
      this.#drop(oldest);
    }
  }

  #drop(seq: number): void {
    this.#bytes -= this.#kept.get(seq)?.text.length ?? 0;
    this.#kept.delete(seq);
  }
}
