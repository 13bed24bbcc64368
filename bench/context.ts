// bench/context.ts
// Purpose: what every section gets: how long, how often, against whom, and a load process.
// Why: quick mode and a real run differ in these numbers only.
// Relevant files: bench/main.ts, bench/load.ts

import type { Loader } from './load.ts';
import type { Row } from './rows.ts';

export interface Context {
  rounds: number;
  /** Of one measurement. */
  seconds: number;
  /** Small data, one short round: whether it works, not how fast. */
  quick: boolean;
  load: Loader;
  /** The folder of a virtual environment with mlflow and fasttrackml; their figures appear only with it. */
  peers: string | undefined;
  say: (text: string) => void;
}

export interface Result {
  rows: Row[];
  /** Markdown below the table. */
  more?: string;
}

export interface Section {
  title: string;
  /** Only when it is named. */
  onRequest?: boolean;
  measure: (context: Context) => Promise<Result>;
}
