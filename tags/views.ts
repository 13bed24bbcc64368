// tags/views.ts
// Purpose: a tag as a chip: label, link, colour; the list of tags and one tag's forms as their pages show them.
// Why: one look for a tag wherever it hangs; templates hold no logic.
// Relevant files: tags/queries.ts, tags/pages.ts, shared/templates/_parts.html

import { formatTags } from '../shared/http/forms.ts';
import { formatCount, middle, plural, showTime, type ShownTime } from '../shared/format.ts';
import type { FieldMessages } from '../shared/http/forms.ts';
import { link, showPager } from '../shared/http/links.ts';
import type { PageContext } from '../shared/http/types.ts';
import { LIMITS } from '../shared/limits.ts';
import { TAG_COLORS, type TagColor, type TagRow } from './models.ts';
import type { CountedTag, HungTag, TagValue } from './queries.ts';

export interface TagView {
  label: string;
  title: string;
  href: string;
  color: string | null;
}

/** `baseline` or `model=mlp`: what filters understand. (Forms: formatTags of shared/http/forms.ts, which quotes.) */
function tagText({ key, value }: Pick<HungTag, 'key' | 'value'>): string {
  return value === '' ? key : `${key}=${value}`;
}

/** A chip that leads to everything on `path` with the same tag. */
export function showTag(tag: HungTag, path: string): TagView {
  const text = tagText(tag);
  return { label: middle(text, 40), title: text, href: link(path, { tag: text }), color: tag.color };
}

const COLOR_NAMES: Record<TagColor, string> = {
  c0: 'blue',
  c1: 'orange',
  c2: 'green',
  c3: 'magenta',
  c4: 'ochre',
  c5: 'violet',
  c6: 'red',
  c7: 'teal',
  c8: 'olive',
  c9: 'brown',
};

interface TagRowView {
  chip: TagView;
  key: string;
  experiments: Count;
  runs: Count;
  values: string;
  edit: string;
  restore: string;
  trashed: ShownTime | null;
}

interface Count {
  text: string;
  href: string | null;
}

/** `1 experiment and 4 runs`, `4 runs`; '' when nothing carries it. */
export function carriersText({ experiments, runs }: Pick<CountedTag, 'experiments' | 'runs'>): string {
  return [experiments > 0 && plural(experiments, 'experiment'), runs > 0 && plural(runs, 'run')]
    .filter(Boolean)
    .join(' and ');
}

function showRow(tag: CountedTag, now: number): TagRowView {
  const to = (path: string, n: number): Count => ({
    text: formatCount(n),
    href: n > 0 && tag.trashed_at === null ? link(path, { tag: tag.key }) : null,
  });
  return {
    chip: { label: middle(tag.key), title: tag.key, href: `/tags/${tag.id}`, color: tag.color },
    key: middle(tag.key),
    experiments: to('/experiments', tag.experiments),
    runs: to('/runs', tag.runs),
    values: tag.values === 0 ? '–' : formatCount(tag.values),
    edit: `/tags/${tag.id}`,
    restore: `/tags/${tag.id}/restore`,
    trashed: tag.trashed_at === null ? null : showTime(tag.trashed_at, now),
  };
}

export interface TagsPageData {
  /** One page of the tags that people made. */
  own: { items: CountedTag[]; total: number };
  /** What MLflow wrote by itself. */
  system: { items: CountedTag[]; total: number };
  totals: { own: number; system: number; trashed: number };
}

export interface TagsPageQuery {
  q?: string | undefined;
  status?: 'trash' | undefined;
  page: number;
}

export const PAGE_SIZE = 100;

export function showTagsPage(
  { own, system, totals }: TagsPageData,
  { q, status, page }: TagsPageQuery,
  now: number,
): PageContext {
  const at = (change: Record<string, string | number | null>): string => link('/tags', { q, status, ...change });
  const trashed = status === 'trash';
  return {
    title: 'Tags',
    summary: plural(totals.own, 'tag'),
    q: q ?? '',
    trashed,
    empty: totals.own + totals.system + totals.trashed === 0,
    nothing: own.total + system.total === 0,
    rows: own.items.map((tag) => showRow(tag, now)),
    system: { label: plural(system.total, 'system tag'), rows: system.items.map((tag) => showRow(tag, now)) },
    segments:
      totals.trashed > 0 || trashed
        ? [
            { label: 'All', href: at({ status: null }), on: !trashed },
            { label: `trash (${formatCount(totals.trashed)})`, href: at({ status: 'trash' }), on: trashed },
          ]
        : [],
    pager: {
      ...showPager({ page, size: PAGE_SIZE, total: own.total, what: own.total === 1 ? 'tag' : 'tags' }, (to) =>
        at({ page: to }),
      ),
      formats: [{ label: 'json', href: link('/api/tags', { q, status }) }],
    },
  };
}

/**
 * The form of a new tag (`tag` null) or of one that is there, with what was typed and what is wrong with it.
 * `owner`: the tag that has the name already.
 */
export function showTagForm(
  tag: TagRow | null,
  values: Record<string, string>,
  errors: FieldMessages,
  owner?: TagRow,
): Record<string, unknown> {
  const taken = owner && {
    error: `There is already a tag ${middle(owner.key)}.`,
    see: tag
      ? { label: 'Merge into it…', href: link(`/tags/${tag.id}/merge`, { into: owner.id }) }
      : { label: 'Open it', href: `/tags/${owner.id}` },
  };
  const chosen = values['color'] ?? '';
  return {
    action: tag ? `/tags/${tag.id}` : '/tags',
    field: {
      name: 'key',
      label: 'Name',
      value: values['key'],
      max: LIMITS.key,
      required: true,
      error: errors['key'],
      ...taken,
    },
    colors: [
      { value: '', label: 'none', on: chosen === '' },
      ...TAG_COLORS.map((color) => ({ value: color, label: COLOR_NAMES[color], color, on: chosen === color })),
    ],
    colorError: errors['color'],
  };
}

export interface TagPageData {
  tag: CountedTag;
  values: TagValue[];
  others: TagRow[];
}

export function showTagPage(
  { tag, values, others }: TagPageData,
  now: number,
  typed: Record<string, string> = { key: tag.key, color: tag.color ?? '' },
  errors: FieldMessages = {},
  owner?: TagRow,
): PageContext {
  return {
    title: `Tag ${middle(tag.key, 40)}`,
    tag: showRow(tag, now),
    nouns: [tag.experiments === 1 ? 'experiment' : 'experiments', tag.runs === 1 ? 'run' : 'runs'],
    find: tag.runs > 0 && tag.trashed_at === null ? showFind(tag) : null,
    form: showTagForm(tag, typed, errors, owner),
    values: values.filter(({ value }) => value !== '').map((one) => showValue(tag, one)),
    more: Math.max(0, tag.values - values.filter(({ value }) => value !== '').length),
    merge: others.length > 0 && {
      action: `/tags/${tag.id}/merge`,
      carriers: carriersText(tag),
      field: {
        name: 'into',
        label: 'Into',
        value: typed['into'] ?? '',
        error: errors['into'],
        required: true,
        options: [
          { value: '', label: 'Choose a tag' },
          ...others.map(({ id, key }) => ({ value: String(id), label: middle(key) })),
        ],
      },
    },
    trash: `/tags/${tag.id}/trash`,
  };
}

/** The filter of the list of runs, which goes on with those that carry the tag. */
function showFind({ key, runs }: CountedTag): unknown {
  return {
    filter: {
      where: '',
      example: `Find among its ${plural(runs, 'run')}: name ~ adam`,
      text: null,
      mistake: null,
      hints: [],
    },
    query: { status: [], order: [], keep: [], tag: [key] },
  };
}

/** `both`: how many of what carries `tag` carry `into` too. */
export function showMerge(tag: CountedTag, into: TagRow, both: number): PageContext {
  return {
    title: `Merge tag ${middle(tag.key, 40)}`,
    id: tag.id,
    key: tag.key,
    into: { id: into.id, key: into.key },
    carriers: carriersText(tag),
    both: both > 0 && `${formatCount(both)} ${both === 1 ? 'carries' : 'carry'} both`,
  };
}

function showValue(tag: TagRow, { value, experiments, runs }: TagValue): Record<string, unknown> {
  const text = tagText({ key: tag.key, value });
  const to = (path: string, n: number): Count => ({
    text: formatCount(n),
    href: n > 0 ? link(path, { tag: text }) : null,
  });
  return {
    label: middle(value, 80),
    title: value,
    experiments: to('/experiments', experiments),
    runs: to('/runs', runs),
  };
}

/** `baseline, model=mlp` for a message, shortened. */
export function tagsInWords(tags: Record<string, string>): string {
  return middle(formatTags(Object.entries(tags).map(([key, value]) => ({ key, value }))), 100);
}
