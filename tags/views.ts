// tags/views.ts
// Purpose: a tag as a chip: label, link, colour.
// Why: one look for a tag wherever it hangs.
// Relevant files: tags/queries.ts, shared/templates/_parts.html

import { middle } from '../shared/format.ts';
import { link } from '../shared/http/links.ts';
import type { HungTag } from './queries.ts';

export interface TagView {
  label: string;
  title: string;
  href: string;
  color: string | null;
}

/** `baseline` or `model=mlp`: also what filters and forms understand. */
export function tagText({ key, value }: Pick<HungTag, 'key' | 'value'>): string {
  return value === '' ? key : `${key}=${value}`;
}

/** A chip that leads to everything on `path` with the same tag. */
export function showTag(tag: HungTag, path: string): TagView {
  const text = tagText(tag);
  return { label: middle(text, 40), title: text, href: link(path, { tag: text }), color: tag.color };
}
