// bench/load-types.ts
// Purpose: what the load process is asked and what it answers.
// Why: the two sides of the channel agree on one text.
// Relevant files: bench/load.ts, bench/load-process.ts

/** In a path or body: replaced by a number of as many digits that rises with every turn, so that nothing is sent twice. */
export const COUNTER = '@@@@@@@';
export const COUNTER_FROM = 1_000_000;
/** In a path or body: replaced by the run id that an earlier step of the same turn was answered. */
export const RUN_ID = '#'.repeat(32);

export interface Step {
  method: 'GET' | 'POST' | 'PATCH';
  path: string;
  /** JSON text. */
  body?: string;
  /** Keep the run id of the answer for the next steps. */
  keepsRunId?: boolean;
  /** Prepares what is measured: its time does not count. */
  untimed?: boolean;
}

export interface Job {
  /** With several, the connections are spread over them. */
  url: string | string[];
  /** One for each connection: what it sends, again and again, one after the other. */
  connections: Step[][];
  /** Ends after so many seconds … */
  seconds: number;
  /** … or after so many turns of all connections together. */
  turns?: number;
}

export interface LoadResult {
  /** Turns that were answered, all connections together. */
  turns: number;
  seconds: number;
  /** Of a turn, ms. */
  p50: number;
  p95: number;
  p99: number;
  max: number;
  /** Bytes of all answers. */
  bytes: number;
}

export type Reply = { result: LoadResult } | { error: string };
