// runs/table/fact-views.ts
// Purpose: the cells of what every run has, as the template of a run table shows them: state, times, tags, notes, parent, id.
// Why: the table of an experiment and the list of all runs are made of the same cells.
// Relevant files: runs/table/table-views.ts, runs/table/run-list-page.ts, runs/templates/_table.html, runs/view/columns.ts

import { beginning, formatCount, formatDuration, middle, showTime, type ShownTime } from '../../shared/format.ts';
import type { RunRow } from '../models.ts';
import { runState } from '../run-state.ts';
import type { Fact } from '../view/columns.ts';

export interface CellView {
  /** How it is shown; '': its text. State and tags are those of the row. */
  kind: '' | 'state' | 'time' | 'tags';
  text: string;
  title: string;
  number: boolean;
  /** '' | 'best' | 'dn best' | 'muted' */
  mark: string;
  /** A NaN or Infinity on the way: `2 NaN/Inf from step 812`. */
  chip: string;
  /** The value itself is NaN or Infinity: the chip shows it. */
  broken?: boolean;
  href?: string;
  time?: ShownTime | null;
  /** '' | 'narrow' | 'wide' */
  width?: string;
}

const PLAIN = { kind: '', text: '', title: '', number: false, mark: '', chip: '' } as const;

export function textCell(text: string, more: Partial<CellView> = {}): CellView {
  return { ...PLAIN, text, title: text, ...more };
}

export function took(run: RunRow, now: number): string {
  if (run.start_time === null) return '–';
  // A run that MLflow's client resumed keeps its end until the next one.
  const end = runState(run, now).tone === 'run' ? now : run.end_time;
  return end === null ? '–' : formatDuration(end - run.start_time);
}

function timeCell(time: number | null, now: number): CellView {
  return { ...PLAIN, kind: 'time', time: time === null ? null : showTime(time, now) };
}

/** `wide`: the whole text, within reason. */
export function factCell(fact: Fact, run: RunRow, now: number, wide = false): CellView {
  switch (fact) {
    case 'status':
      return { ...PLAIN, kind: 'state' };
    case 'tags':
      return { ...PLAIN, kind: 'tags' };
    case 'start_time':
    case 'end_time':
    case 'created_at':
      return timeCell(run[fact], now);
    case 'duration':
      return { ...PLAIN, text: took(run, now), number: true, mark: 'muted' };
    case 'number':
      return textCell(formatCount(run.number), { number: true });
    case 'notes':
      return textCell(beginning(run.notes, wide ? 400 : 60), { title: beginning(run.notes, 2000) });
    case 'parent_id':
      if (run.parent_id === null) return textCell('–', { title: 'none' });
      return textCell(middle(run.parent_id, 9), { title: run.parent_id, href: `/runs/${run.parent_id}` });
    case 'id':
      return textCell(run.id);
  }
}
