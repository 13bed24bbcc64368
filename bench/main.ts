// bench/main.ts
// Purpose: `npm run bench`: measures the sections that are asked for, prints the tables, keeps them in RESULTS.md.
// Why: figures count only when anybody can repeat them with one command.
// Relevant files: bench/README.md, bench/context.ts, bench/report.ts, shared/setup/bench.js

import { Argument, Command } from 'commander';
import { big } from './big.ts';
import { compare } from './compare.ts';
import { curves } from './curves.ts';
import type { Context, Section } from './context.ts';
import { growth } from './growth.ts';
import { mlflow } from './mlflow.ts';
import { ingest } from './ingest.ts';
import { startLoader } from './load.ts';
import { table } from './report.ts';
import { postgres } from './postgres.ts';
import { keepResult } from './results.ts';
import { runs } from './runs.ts';
import { start } from './start.ts';
import { tables } from './tables.ts';
import { writer } from './writer.ts';

const SECTIONS: Record<string, Section> = {
  ingest: { title: 'Ingest', measure: ingest },
  runs: { title: 'Runs', measure: runs },
  curves: { title: 'Curves and history', measure: curves },
  big: { title: 'With 10 million points', measure: big },
  start: { title: 'Start, rest and first visit', measure: start },
  growth: { title: 'Growth', measure: growth },
  table: { title: 'Run table, groups and pivot', measure: tables },
  compare: { title: 'Comparing runs', measure: compare },
  mlflow: { title: 'Through MLflow’s API', measure: mlflow },
  postgres: { title: 'Two processes on PostgreSQL', measure: postgres },
  writer: { title: 'Two homes of the writer', measure: writer, onRequest: true },
};

interface Flags {
  quick: boolean;
  rounds?: string;
  seconds?: string;
  write: boolean;
}

async function bench(names: string[], flags: Flags): Promise<void> {
  const load = await startLoader();
  const context: Context = {
    rounds: Number(flags.rounds ?? (flags.quick ? 1 : 5)),
    seconds: Number(flags.seconds ?? (flags.quick ? 0.1 : 2)),
    quick: flags.quick,
    load,
    peers: process.env['PEERS'],
    say: (text) => console.error(text),
  };
  const order = Object.values(SECTIONS).map(({ title }) => title);
  try {
    for (const [name, { title, measure, onRequest = false }] of Object.entries(SECTIONS)) {
      if (names.length > 0 ? !names.includes(name) : onRequest) continue;
      const { rows, more } = await measure(context);
      const text = `${table(rows)}${more === undefined ? '' : `\n\n${more}`}`;
      console.log(`\n## ${title}\n\n${text}`);
      if (flags.write) keepResult(title, text, order);
    }
  } finally {
    load.stop();
  }
}

export async function main(argv: string[]): Promise<void> {
  await new Command('npm run bench --')
    .description('Measures this tracker beside its references, in turns, and prints figures and ratios.')
    .addArgument(new Argument('[sections...]', 'all when none is named').choices(Object.keys(SECTIONS)))
    .option('--quick', 'tiny data and one short round: whether it works, not how fast', false)
    .option('--rounds <number>', 'how often each figure is taken (5)')
    .option('--seconds <number>', 'of each measurement (2)')
    .option('--write', 'keep what was measured in bench/RESULTS.md', false)
    .action(bench)
    .parseAsync(argv, { from: 'user' });
}
