// bench/growth.ts
// Purpose: page time, bytes and search time at 100, 1,000, 10,000 and 100,000 runs with up to 10 million points.
// Why: no page's cost may depend on how much is stored; must-show 4.
// Relevant files: bench/growth-data.ts, bench/load.ts, imports/seed-scale.ts

import type { Context, Result } from './context.ts';
import { cpuOf } from './cpu.ts';
import { seeded, type Seeded, type Scale } from './growth-data.ts';
import { startLoader, type Loader } from './load.ts';
import type { LoadResult, Step } from './load-types.ts';
import { markdown, number } from './report.ts';
import { atMost, median, type Row } from './rows.ts';

const SCALES: Scale[] = [
  { runs: 100, metrics: 100, points: 10 },
  { runs: 1_000, metrics: 100, points: 10 },
  { runs: 10_000, metrics: 100, points: 10 },
  { runs: 100_000, metrics: 20, points: 5 },
];
const QUICK: Scale[] = [
  { runs: 10, metrics: 3, points: 5 },
  { runs: 30, metrics: 3, points: 5 },
];

/** What else happens while a page is asked for. */
const MODES = ['nothing else', 'a change before each', 'a client logs'] as const;
type Mode = (typeof MODES)[number];

interface Measured {
  page: string;
  mode: Mode;
  /** ms (p50) by round, of each scale. */
  times: number[][];
  bytes: number[];
  /** ms of processor time a page, the last round. */
  cpu: number[];
}

export async function growth(context: Context): Promise<Result> {
  const scales = context.quick ? QUICK : SCALES;
  const loggers = await startLoader();
  const sizes: Seeded[] = [];
  try {
    for (const scale of scales) sizes.push(await seeded(context, scale));
    const all: Measured[] = [];
    for (const page of Object.keys(pagesOf(sizes[0])))
      for (const mode of MODES) all.push(await measure(context, loggers, sizes, page, mode));
    return { rows: verdicts(all, scales), more: growthTable(all, sizes) };
  } finally {
    loggers.stop();
    for (const size of sizes) await size.stop();
  }
}

function pagesOf(
  { experiment, run }: Pick<Seeded, 'experiment' | 'run'> = { experiment: 0, run: '' },
): Record<string, string> {
  return {
    'the experiment': `/experiments/${experiment}`,
    'all runs': '/runs',
    'one run': `/runs/${run}`,
    'all experiments': '/experiments',
    'run search, 100 back': `/api/runs?experiment=${experiment}&status=finished&order=-metrics.val/loss&limit=100`,
  };
}

/** Round by round over all scales, so that what is compared is of the same minute. */
async function measure(
  context: Context,
  loggers: Loader,
  sizes: Seeded[],
  page: string,
  mode: Mode,
): Promise<Measured> {
  const measured: Measured = {
    page,
    mode,
    times: sizes.map(() => []),
    bytes: sizes.map(() => 0),
    cpu: sizes.map(() => NaN),
  };
  // Once for nothing: compilers and caches warm up.
  for (const size of sizes)
    await once(context, loggers, size, { method: 'GET', path: pagesOf(size)[page] ?? '' }, mode);
  for (let round = 0; round < context.rounds; round += 1) {
    for (const [i, size] of sizes.entries()) {
      const before = cpuOf(size.server.pid);
      const result = await once(context, loggers, size, { method: 'GET', path: pagesOf(size)[page] ?? '' }, mode);
      measured.cpu[i] = (cpuOf(size.server.pid) - before) / result.turns;
      measured.times[i]?.push(result.p50);
      measured.bytes[i] = result.bytes / result.turns;
    }
  }
  return measured;
}

async function once(context: Context, loggers: Loader, size: Seeded, page: Step, mode: Mode): Promise<LoadResult> {
  const { url } = size.server;
  const { seconds } = context;
  const steps = mode === 'a change before each' ? [{ ...size.change, untimed: true }, page] : [page];
  if (mode !== 'a client logs') return context.load.run({ url, connections: [steps], seconds });
  const logging = loggers.run({ url, connections: [[size.change]], seconds: seconds * 1.2 });
  const result = await context.load.run({ url, connections: [steps], seconds });
  await logging;
  return result;
}

/** Each scale against the first: 10,000 runs may take 1.5 ×, 100,000 3 ×. */
function verdicts(all: Measured[], scales: Scale[]): Row[] {
  return all
    .filter(({ page }) => page === 'the experiment' || page.startsWith('run search'))
    .flatMap(({ page, mode, times }) =>
      scales.flatMap(({ runs }, i): Row[] => {
        const reach = runs === 10_000 ? atMost(1.5, '≤ 1.5') : runs === 100_000 ? atMost(3, '≤ 3') : undefined;
        const ours = (times[i] ?? []).map((time, round) => time / (times[0]?.[round] ?? NaN));
        const what = `${page}, ${mode}: ${runs.toLocaleString('en')} runs ÷ ${scales[0]?.runs} runs`;
        return i === 0 ? [] : [{ must: 4, what, unit: '×', figures: { ours }, ...(reach && { reach }) }];
      }),
    );
}

function growthTable(all: Measured[], sizes: Seeded[]): string {
  const names = sizes.map(
    ({ scale }) => `${[scale.runs, scale.metrics, scale.points].map((n) => n.toLocaleString('en')).join(' × ')}`,
  );
  const sums = sizes.map(({ points }) => `${points.toLocaleString('en')} points`);
  const lines = all.map(({ page, mode, times }) => [page, `${mode}, ms`, ...times.map((one) => number(median(one)))]);
  const sizesAndCosts = all
    .filter(({ mode }) => mode === 'nothing else')
    .flatMap(({ page, bytes, cpu }) => [
      [page, 'processor time, ms', ...cpu.map(number)],
      [page, 'KiB, not compressed', ...bytes.map((size) => number(size / 1024))],
    ]);
  const files = ['the file', 'MiB', ...sizes.map(({ mib }) => number(mib))];
  const made = ['writing it', 's', ...sizes.map(({ seconds }) => number(seconds))];
  const head = ['page', 'runs × metrics × points', ...names];
  return markdown([head, ['', '', ...sums], ...lines, ...sizesAndCosts, files, made]);
}
