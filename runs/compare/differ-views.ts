// runs/compare/differ-views.ts
// Purpose: the runs of a comparison as heads, and what differs between them: params, tags, facts, notes; what is equal as a line.
// Why: what differs comes first; equal things are one line.
// Relevant files: runs/compare/compare.ts, runs/compare/compare-views.ts, runs/compare/diff-views.ts, runs/templates/compare.html

import { middle, showTime } from '../../shared/format.ts';
import { plainLine } from '../../shared/markdown.ts';
import type { RunRow } from '../models.ts';
import { colorsFor } from '../curves/colors.ts';
import { runState } from '../run-state.ts';
import { took } from '../table/fact-views.ts';
import { isSystemTag } from '../table/table.ts';
import { showRunLink, type At } from '../table/table-views.ts';
import type { Comparison, Line } from './compare.ts';
import { LINKED_MAX } from './compare-address.ts';
import type { KeptBaselines } from './delta-base.ts';
import type { DiffView } from './diff-views.ts';

export function showHeads(
  data: Pick<Comparison, 'runs'> & { kept: KeptBaselines },
  at: At,
  now: number,
): Record<string, unknown>[] {
  const { runs } = data;
  const colors = colorsFor(runs);
  const removing = removeLinks(runs, at);
  return runs.map((run, place) => ({
    ...showRunLink(run),
    id: run.id,
    name: middle(run.name, runs.length > 6 ? 24 : 40),
    color: colors.get(run.id)?.color ?? 'c0',
    isBaseline: data.kept.runs.some(({ id }) => id === run.id),
    state: runState(run, now),
    remove: removing(place),
  }));
}

/**
 * The comparison without the run at a place. Runs of a query are named one by one as soon as one of them is taken out. Put
 * together from one address. Null where they are so many that a form names them once.
 */
function removeLinks(runs: readonly RunRow[], at: At): (place: number) => string | null {
  if (runs.length > LINKED_MAX) return () => null;
  const [before = '', after = ''] = at({ run: MARK, experiment: null, where: null }).split(`run=${MARK}`);
  const args = runs.map(({ id }) => `run=${id}`);
  if (runs.length < 2) return () => at({ run: [], experiment: null, where: null });
  return (place) => before + args.filter((_, other) => other !== place).join('&') + after;
}

/** No run has this id. */
const MARK = '-';

export function notesLine({ runs }: Pick<Comparison, 'runs'>): Line {
  const values = runs.map(({ notes }) => (notes === '' ? null : notes));
  return { key: 'notes', values: values.every((value) => value === values[0]) ? [] : values };
}

export function showFacts(
  { runs, experiments }: Pick<Comparison, 'runs' | 'experiments'>,
  now: number,
): Record<string, unknown>[] {
  const texts = (of: (run: RunRow) => string): { text: string; title: string }[] =>
    runs.map((run) => ({ text: middle(of(run), 40), title: of(run) }));
  const fact = (key: string, of: (run: RunRow) => string): Record<string, unknown>[] => {
    const cells = texts(of);
    return cells.every(({ title }) => title === cells[0]?.title) ? [] : [{ key, cells }];
  };
  return [
    ...fact('experiment', (run) => experiments.get(run.experiment_id)?.name ?? ''),
    ...fact('state', (run) => runState(run, now).label),
    ...fact('took', (run) => took(run, now)),
    ...fact('started', (run) => (run.start_time === null ? '–' : showTime(run.start_time, now).exact)),
    ...fact('notes', (run) => plainLine(run.notes)),
  ];
}

export function showLine({ key, values }: Line): Record<string, unknown> {
  return {
    key,
    cells: values.map((value) => ({
      text: value === null ? '–' : value === '' ? '✓' : middle(value, 60),
      title: value ?? 'not set',
    })),
  };
}

export function showEqual({ key, values }: Line): { key: string; value: string; title: string } {
  const value = values[0] ?? '';
  return { key, value: middle(value, 32), title: value.slice(0, 500) };
}

/** Lines of the table of what differs and of the diffs under it, which stand open where there are few. */
export function differingRows(
  { params, tags }: Pick<Comparison, 'params' | 'tags'>,
  diffs: readonly DiffView[],
): number {
  const open = diffs.length < 3 ? diffs : [];
  return (
    params.differ.length +
    tags.differ.filter((line) => !isSystemTag(line)).length +
    diffs.length +
    open.reduce((sum, { parts }) => sum + (parts[0]?.lines.length ?? 0), 0)
  );
}
