// runs/conclusions/next-views.ts
// Purpose: where nothing can be concluded: why, and what to log next, with code that names this experiment, its params and its metric.
// Why: "no claim can be made" helps nobody who is not told what would help.
// Relevant files: runs/conclusions/conclusion-views.ts, runs/templates/conclusions.html, clients/python/tracker.py

import type { ExperimentRow } from '../../experiments/models.ts';
import { parseDecimal } from '../../shared/cells.ts';
import { plural } from '../../shared/format.ts';
import type { Conclusions } from './conclusions.ts';
import type { Sample } from './samples.ts';

export interface NextView {
  /** Nothing is below it: the section is the page. */
  title: string;
  text: string;
  code: string;
  /** Groups by other params than those that are usual: these may be what leaves one group. */
  isGroupedByHand: boolean;
}

/** Params of an example; more would hide what it is about. */
const PARAMS_MAX = 4;
/** From so many on a rank test can confirm a difference. */
const SEEDS = 'for seed in (1, 2, 3, 4):';

/** Null: there is something to conclude from. */
export function showNext(
  conclusions: Conclusions,
  experiment: ExperimentRow,
  isGroupedByHand: boolean,
): NextView | null {
  const { data, samples, comparisons, metric } = conclusions;
  const key = metric ?? 'val/accuracy';
  const view = (title: string, text: string, code: string): NextView => ({ title, text, code, isGroupedByHand });
  if (data.runs === 0)
    return view('Nothing to conclude yet', 'Conclusions compare configurations that were run several times. Log some, each with a few seeds:', loopOf(experiment, 'lr', key, [])); // prettier-ignore
  if (samples.length === 0) return view('Nothing to conclude yet', whyNone(conclusions), logged(experiment, samples, data.by, key)); // prettier-ignore
  if (samples.length === 1)
    return view('One group only', 'To compare it, log the same with another value of a param, with the same seeds:', loopOf(experiment, varied(data.by), key, paramsOf(samples[0], data.by))); // prettier-ignore
  if (comparisons.length > 0 && comparisons.every(({ n }) => Math.min(...n) < 2))
    return view('More seeds are needed', 'Of a group with a single run nothing is known of its noise. Log the same configurations with other seeds, four of each or more:', logged(experiment, samples, data.by, key)); // prettier-ignore
  return null;
}

function whyNone({ data, metric }: Conclusions): string {
  const runs = plural(data.runs, 'run');
  if (metric === null) return `${runs}, but no metric to compare by: choose one above, or log one:`;
  const unfinished = [...data.groups, ...data.valueless].reduce((sum, group) => sum + group.unfinished, 0);
  const finished = data.runs - unfinished;
  if (finished > 0)
    return `${finished} of ${runs} finished, but none with a finite value of ${metric}: it is NaN or infinite there, or was never logged. Choose another metric, or log numbers:`; // prettier-ignore
  return `Of ${runs} none has finished. Runs count once they are finished, as the client says at the end of the block; of others PATCH /api/runs/ID with {"status": "finished"} says it:`; // prettier-ignore
}

/** The best configuration again, with other seeds. */
function logged(experiment: ExperimentRow, [best]: readonly Sample[], by: string[], metric: string): string {
  const params = paramsOf(best, by);
  return [SEEDS, ...block(experiment, [...params.slice(0, PARAMS_MAX), ['seed', 'seed']], metric, '    ', params.length - PARAMS_MAX)].join('\n'); // prettier-ignore
}

function loopOf(experiment: ExperimentRow, key: string, metric: string, known: Pair[]): string {
  const others = known.filter(([name]) => name !== key);
  const own = known.find(([name]) => name === key)?.[1];
  const values = own === undefined ? '0.1, 0.01' : `${own}, …`;
  const params: Pair[] = [[key, 'value'], ...others.slice(0, PARAMS_MAX), ['seed', 'seed']];
  return [`for value in (${values}):`, `    ${SEEDS}`, ...block(experiment, params, metric, '        ', others.length - PARAMS_MAX)].join('\n'); // prettier-ignore
}

type Pair = [name: string, value: string];

/** `more`: params of the configuration that the example leaves out, which whoever copies it must know of. */
function block({ name }: ExperimentRow, params: Pair[], metric: string, indent: string, more: number): string[] {
  const dict = params.map(([key, value]) => `${JSON.stringify(key)}: ${value}`).join(', ');
  return [
    `${indent}with tracker.start(${JSON.stringify(name)}, params={${dict}}) as run:${more > 0 ? `  # and ${plural(more, 'more param')}` : ''}`,
    `${indent}    run.log({${JSON.stringify(metric)}: train(…)})`,
  ];
}

/** As Python writes them. */
function paramsOf(sample: Sample | undefined, by: string[]): Pair[] {
  return by.flatMap((key, place): Pair[] => {
    const value = sample?.group.values[place] ?? null;
    if (value === null || !key.startsWith('params.') || key === 'params.seed') return [];
    return [[key.slice('params.'.length), parseDecimal(value) === undefined ? JSON.stringify(value) : value]];
  });
}

/** The param that another value is tried of. */
function varied(by: string[]): string {
  return by.find((key) => key.startsWith('params.') && key !== 'params.seed')?.slice('params.'.length) ?? 'lr';
}
