// imports/fit.ts
// Purpose: brings a source's texts and times within our limits; what cannot be kept is left out with its reason.
// Why: an import holds to the same limits as the API, and one odd tag must not stop ten thousand runs.
// Relevant files: shared/limits.ts, shared/schemas.ts, imports/write-run.ts, imports/remarks.ts

import type { z } from 'zod';
import { formatCount, plural } from '../shared/format.ts';
import { LIMITS } from '../shared/limits.ts';
import { key, text, time } from '../shared/schemas.ts';
import type { SourceRun } from './records.ts';
import type { Note, Remarks } from './remarks.ts';
import type { Kind, Tally } from './tally.ts';
import type { ExperimentFacts } from './target.ts';

const NAME_CHANGED: Note = (count) =>
  `${plural(count, 'name')} made to fit: one line, at most ${LIMITS.name} characters.`;
const TEXT_CUT: Note = (count) =>
  `${plural(count, 'note or description', 'notes or descriptions')} cut to ${formatCount(LIMITS.notes)} characters.`;
const TIME_DROPPED: Note = (count) => `${plural(count, 'time')} beyond the year 275760 left empty.`;

const VALUES = { params: text(LIMITS.paramValue), tags: text(LIMITS.tagValue) };

export type RunFacts = Omit<SourceRun, 'points' | 'artifacts'>;

export function fitRun(run: SourceRun, tally: Tally, remarks: Remarks): RunFacts {
  const { points: _, artifacts: __, ...facts } = run;
  const of = `of run ${run.id}`;
  return {
    ...facts,
    name: fitName(run.name, remarks) || run.id.slice(0, 8),
    notes: fitText(run.notes, remarks),
    start_time: fitTime(run.start_time, remarks),
    end_time: fitTime(run.end_time, remarks),
    parent_id: run.parent_id === run.id ? null : run.parent_id,
    params: fitPairs('params', run.params, of, tally, remarks),
    tags: fitPairs('tags', run.tags, of, tally, remarks),
  };
}

export function fitExperiment(facts: ExperimentFacts, tally: Tally, remarks: Remarks): ExperimentFacts {
  return {
    ...facts,
    name: fitName(facts.name, remarks) || 'unnamed',
    description: fitText(facts.description, remarks),
    created_at: fitTime(facts.created_at, remarks),
    tags: fitPairs('tags', facts.tags, `of experiment ${JSON.stringify(facts.name)}`, tally, remarks),
  };
}

function fitName(name: string, remarks: Remarks): string {
  const fitted = whole(name.replace(/[\r\n\u2028\u2029]+/g, ' ').trim(), LIMITS.name).trim();
  if (fitted !== name) remarks.note(NAME_CHANGED);
  return fitted;
}

function fitText(words: string, remarks: Remarks): string {
  const fitted = whole(words, LIMITS.notes);
  if (fitted !== words) remarks.note(TEXT_CUT);
  return fitted;
}

/** Without NUL, at most `max` long, and no character cut in half. */
function whole(words: string, max: number): string {
  const cut = words.replaceAll('\0', '').slice(0, max);
  return cut.isWellFormed() ? cut : cut.slice(0, -1).toWellFormed();
}

function fitTime(ms: number | null, remarks: Remarks): number | null {
  if (ms === null || time.safeParse(ms).success) return ms;
  remarks.note(TIME_DROPPED);
  return null;
}

function fitPairs(
  kind: keyof typeof VALUES & Kind,
  pairs: Record<string, string>,
  of: string,
  tally: Tally,
  remarks: Remarks,
): Record<string, string> {
  const kept = Object.entries(pairs).filter(([name, value]) => {
    const why = whyNot(key, name, 'its key') ?? whyNot(VALUES[kind], value, 'its value');
    if (why === undefined) return true;
    tally.count(kind, 'left');
    remarks.skip(`${kind.slice(0, -1)} ${JSON.stringify(name.slice(0, 100))} ${of}`, why);
    return false;
  });
  return Object.fromEntries(kept);
}

function whyNot(shape: z.ZodType, value: string, what: string): string | undefined {
  const parsed = shape.safeParse(value);
  return parsed.success ? undefined : `${what} ${parsed.error.issues[0]?.message ?? 'cannot be kept'}`;
}
