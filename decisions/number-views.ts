// decisions/number-views.ts
// Purpose: the numbers that a decision keeps as its page shows them: groups as a small table, comparisons as sentences, all else as JSON.
// Why: what somebody decided by is read, not unfolded; decisions of earlier versions lack what is newer, and are shown as far as they go.
// Relevant files: decisions/views.ts, decisions/numbers-at.ts, decisions/templates/decision.html

import { z } from 'zod';
import { deviation, meanText, valueWords } from '../runs/groups/group-text.ts';
import { middle, plural } from '../shared/format.ts';

/** Of more the first: the rest is in the JSON. */
const SENTENCES_MAX = 50;
const GROUPS_MAX = 50;
const METRICS_MAX = 4;

const stats = z.looseObject({ n: z.number(), mean: z.number().nullable(), std: z.number().nullable() });
type Kept = z.infer<typeof stats>;
const metrics = z.record(z.string(), stats);
const rank = z.number().nullish();

/** What conclusions, comparisons and groups have in common, as far as it is kept. */
const numbers = z.looseObject({
  sentence: z.string().optional().catch(undefined),
  sentences: z.array(z.string()).optional().catch(undefined),
  comparisons: z.array(z.looseObject({ sentence: z.string() })).optional().catch(undefined),
  metric: z.string().nullish().catch(undefined),
  metrics: z.array(z.looseObject({ key: z.string() })).optional().catch(undefined),
  group_metrics: z.array(z.looseObject({ key: z.string() })).optional().catch(undefined),
  groups: z.array(z.looseObject({ label: z.string(), letters: z.string().nullish(), rank, rank_to: rank, ...stats.partial().shape, metrics: metrics.optional() })).optional().catch(undefined),
  items: z.array(z.looseObject({ values: z.record(z.string(), z.string().nullable()), runs: z.array(z.string()), metrics })).optional().catch(undefined),
}); // prettier-ignore
type Numbers = z.infer<typeof numbers>;

export interface NumbersView {
  sentences: string[];
  table: { heads: string[]; rows: { label: string; cells: { text: string; title: string }[] }[]; more: string } | null;
  raw: string;
  size: string;
}

export function showNumbers(kept: string): NumbersView {
  if (kept === '') return { sentences: [], table: null, raw: '', size: '' };
  const said: unknown = JSON.parse(kept);
  const known = numbers.safeParse(said).data;
  const sentences = [known?.sentence, ...(known?.sentences ?? []), ...(known?.comparisons ?? []).map((one) => one.sentence)]; // prettier-ignore
  return {
    sentences: sentences.filter((one) => one !== undefined).slice(0, 1 + SENTENCES_MAX),
    table: known ? showGroups(known) : null,
    raw: JSON.stringify(said, null, 1),
    size: plural(kept.length, 'character'),
  };
}

interface Line {
  label: string;
  letters?: string | null | undefined;
  rank?: string;
  metrics: Record<string, Kept>;
}

function showGroups(known: Numbers): NumbersView['table'] {
  const lines = linesOf(known);
  if (lines.length === 0) return null;
  const named = (known.group_metrics ?? known.metrics ?? []).map(({ key }) => key);
  const keys = (named.length > 0 ? named : [...new Set(lines.flatMap((line) => Object.keys(line.metrics)))]).slice(0, METRICS_MAX); // prettier-ignore
  const isRanked = lines.some(({ rank = '' }) => rank !== '');
  return {
    heads: ['group', ...(isRanked ? ['letters', 'rank'] : []), ...keys.map((key) => middle(key, 40))],
    rows: lines.slice(0, GROUPS_MAX).map((line) => ({
      label: line.label,
      cells: [
        ...(isRanked ? [line.letters ?? '–', line.rank ?? '–'].map((text) => ({ text, title: '' })) : []),
        ...keys.map((key) => showStats(line.metrics[key])),
      ],
    })),
    more: lines.length > GROUPS_MAX ? `The first ${GROUPS_MAX} of ${plural(lines.length, 'group')}.` : '',
  };
}

/** Conclusions have one metric, named beside; comparisons and groups have several. */
function linesOf({ groups, items, metric }: Numbers): Line[] {
  if (items) return items.map((one) => ({ label: nameOf(one.values), metrics: one.metrics }));
  return (groups ?? []).map(({ label, letters, rank: from, rank_to: to, n, mean, std, metrics: several }) => ({
    ...{ label, letters, rank: spanText(from, to) },
    metrics: several ?? (metric && n !== undefined ? { [metric]: { n, mean: mean ?? null, std: std ?? null } } : {}),
  }));
}

/** `to` is newer than `from`. */
function spanText(from: number | null | undefined, to: number | null | undefined): string {
  if (typeof from !== 'number') return '';
  return typeof to === 'number' && to !== from ? `${from}–${to}` : String(from);
}

function nameOf(values: Record<string, string | null>): string {
  const parts = Object.entries(values).map(([key, value]) => valueWords(key.replace(/^(params|tags)\./, ''), value));
  return middle(parts.join(' · '), 120) || 'all runs';
}

/** `0.9753 ± 0.0028 (3)` */
function showStats(kept: Kept | undefined): { text: string; title: string } {
  if (!kept || kept.mean === null) return { text: '–', title: '' };
  const { n, mean, std } = kept;
  const full = { n, mean, std, min: mean, max: mean };
  return {
    text: `${meanText(full)}${std === null ? '' : ` ± ${deviation(full)}`} (${n})`,
    title: `${mean}${std === null ? '' : ` ± ${std}`}`,
  };
}
