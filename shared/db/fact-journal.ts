// shared/db/fact-journal.ts
// Purpose: which runs the last commits of this process changed (state, trash, what they count by), from one state of an experiment's facts to another.
// Why: what is kept of 100,000 runs is brought up to date with the one run that ended, instead of being read again.
// Relevant files: shared/db/told-triggers.ts, shared/db/sqlite.ts, runs/kept-columns.ts, runs/ranking-changes.ts, experiments/models.ts

import type Database from 'better-sqlite3';
import { tellWhileWanted, type ToldTriggers } from './told-triggers.ts';

/** What readers ask; nobody has it who cannot answer for all writers (PostgreSQL, other threads). */
export interface FactChanges {
  /**
   * Numbers (`seq`) of all runs of the experiment that changed from one state of its facts (`version - logged`) to a later
   * one, ascending; others may be among them. Undefined: not known, since another process wrote, too much or too long ago.
   */
  between(experiment: number, from: number, to: number): readonly number[] | undefined;
}

/** A commit, or several whose changes are told together. */
interface Entry {
  from: number;
  to: number;
  runs: readonly number[];
}

/** Commits that are remembered of an experiment, and runs of one. */
const ENTRIES_MAX = 256;
const RUNS_MAX = 1_000;
/** Experiments; that which was written least lately goes first. */
const EXPERIMENTS_MAX = 100;
/** Commits without a question, after which none is expected. */
const UNASKED_MAX = 1_000;

export class FactJournal implements FactChanges {
  /** Without gaps: an entry begins where the one before it ends. */
  readonly #entries = new Map<number, Entry[]>();
  /** Of the transaction that is open. */
  #moved = new Map<number, { from: number; to: number }>();
  #runs = new Set<number>();
  #unknown = new Set<number>();
  #isUndone = false;
  /** Commits since somebody asked. */
  #unasked = Infinity;

  /** Somebody asked lately: while nobody does, writers need not say anything. */
  get isWanted(): boolean {
    return this.#unasked < UNASKED_MAX;
  }

  /** From here on nothing is told. */
  stop(): void {
    this.#entries.clear();
  }

  begin(): void {
    this.#moved.clear();
    this.#runs.clear();
    this.#unknown.clear();
    this.#isUndone = false;
  }

  note(run: number): void {
    this.#runs.add(run);
  }

  move(experiment: number, from: number, to: number): void {
    this.#moved.set(experiment, { from: this.#moved.get(experiment)?.from ?? from, to });
  }

  /** Something else of all its runs changed. */
  forget(experiment: number): void {
    this.#unknown.add(experiment);
  }

  /** A part of the transaction was undone: which of the moves stand is not told. */
  undo(): void {
    this.#isUndone = true;
  }

  commit(): void {
    this.#unasked += 1;
    const isTold = !this.#isUndone && this.#runs.size <= RUNS_MAX;
    const runs = [...this.#runs].sort((a, b) => a - b);
    for (const experiment of this.#unknown) this.#entries.delete(experiment);
    for (const [experiment, move] of this.#moved) {
      const before = this.#entries.get(experiment) ?? [];
      this.#entries.delete(experiment);
      if (!isTold || this.#unknown.has(experiment)) continue;
      const isNext = before.at(-1)?.to === move.from;
      this.#entries.set(experiment, [...(isNext ? before.slice(1 - ENTRIES_MAX) : []), { ...move, runs }]);
    }
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= EXPERIMENTS_MAX) break;
      this.#entries.delete(oldest);
    }
    this.begin();
  }

  between(experiment: number, from: number, to: number): readonly number[] | undefined {
    this.#unasked = 0;
    const entries = this.#entries.get(experiment) ?? [];
    if (from > to || (entries[0]?.from ?? Infinity) > from || (entries.at(-1)?.to ?? -Infinity) < to) return undefined;
    const changed = new Set<number>();
    for (const entry of entries) if (entry.to > from && entry.from < to) for (const run of entry.runs) changed.add(run);
    return [...changed].sort((a, b) => a - b);
  }
}

/**
 * Tells the journal of each run whose state or place changes and of each rule, while somebody asks; call what it returns
 * before each transaction. Ranks that move while the run stays settled are told by runs/ranking-changes.ts: there may be
 * hundreds for each run.
 */
export function journalFacts(writer: Database.Database, journal: FactJournal): () => void {
  return tellWhileWanted(writer, {
    tells: {
      note_run: (run = 0) => journal.note(run),
      note_facts: (experiment = 0, from = 0, to = 0) => journal.move(experiment, from, to),
      note_unknown: (experiment = 0) => journal.forget(experiment),
    },
    triggers: TRIGGERS,
    isWanted: () => journal.isWanted,
    onStop: () => journal.stop(),
  });
}

const MOVES = 'old.version - old.logged <> new.version - new.logged';
const FACTS = 'new.id, old.version - old.logged, new.version - new.logged';
const TRIGGERS: ToldTriggers['triggers'] = {
  note_run_new: ['insert on main.runs', 'note_run(new.seq)'],
  note_run_moved: ['update of status, trashed_at, settled on main.runs', 'note_run(new.seq)'],
  note_run_gone: ['delete on main.runs', 'note_run(old.seq)'],
  note_facts_moved: [`update of version, logged on main.experiments when ${MOVES}`, `note_facts(${FACTS})`],
  note_facts_gone: ['delete on main.experiments', 'note_unknown(old.id)'],
  note_rule_new: ['insert on main.metric_rules', 'note_unknown(new.experiment_id)'],
  note_rule_moved: ['update on main.metric_rules', 'note_unknown(new.experiment_id)'],
  note_rule_gone: ['delete on main.metric_rules', 'note_unknown(old.experiment_id)'],
};
