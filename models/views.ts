// models/views.ts
// Purpose: registered models and versions as their pages show them: the list, one model, one version, their forms.
// Why: rows → ready text; templates hold no logic.
// Relevant files: models/pages.ts, models/registry-queries.ts, models/file-views.ts, models/templates/model.html

import { formatCount, middle, plural, showTime } from '../shared/format.ts';
import { formatTags, type FieldMessages } from '../shared/http/forms.ts';
import { link, showPager } from '../shared/http/links.ts';
import type { PageContext } from '../shared/http/types.ts';
import { LIMITS } from '../shared/limits.ts';
import { plainLine, renderMarkdown } from '../shared/markdown.ts';
import type { FileView } from './file-views.ts';
import { Stage, type LoggedModelRow, type RegisteredModelRow } from './models.ts';
import type { Registered, Version } from './registry-queries.ts';

export const PAGE_SIZE = 100;

export function modelPath(name: string): string {
  return `/models/${encodeURIComponent(name)}`;
}

export function versionPath(name: string, version: number): string {
  return `${modelPath(name)}/versions/${version}`;
}

export function loggedPath(id: string): string {
  return `/logged-models/${id}`;
}

interface Linked {
  label: string;
  title: string;
  href: string;
}

/** `@champion`, which leads to its version. */
function showAlias(name: string, alias: string, version: number): Linked {
  return { label: `@${middle(alias, 40)}`, title: `@${alias}: version ${version}`, href: versionPath(name, version) };
}

/** `baseline`, `model=mlp`: only shown, these tags filter nothing. */
function showPairs(tags: Record<string, string>): { label: string; title: string }[] {
  return Object.entries(tags).map(([key, value]) => {
    const text = value === '' ? key : `${key}=${value}`;
    return { label: middle(text, 60), title: text };
  });
}

export interface ListPageData {
  items: Registered[];
  total: number;
}

export function showListPage(
  { items, total }: ListPageData,
  { q, page }: { q?: string | undefined; page: number },
  now: number,
): PageContext {
  const at = (change: Record<string, string | number | null>): string => link('/models', { q, ...change });
  return {
    title: 'Models',
    summary: `${plural(total, 'registered model')}${q ? ' found' : ''}`,
    q: q ?? '',
    empty: total === 0 && !q,
    nothing: total === 0,
    rows: items.map((model) => showRow(model, now)),
    pager: {
      ...showPager({ page, size: PAGE_SIZE, total, what: total === 1 ? 'model' : 'models' }, (to) => at({ page: to })),
      formats: [{ label: 'json', href: link('/api/models', { q }) }],
    },
  };
}

function showRow(model: Registered, now: number): Record<string, unknown> {
  const newest = Math.max(0, ...model.latest.map(({ version }) => version));
  return {
    name: middle(model.name, 80),
    title: model.name,
    href: modelPath(model.name),
    description: middle(plainLine(model.description), 100),
    latest: newest === 0 ? null : { label: formatCount(newest), href: versionPath(model.name, newest) },
    versions: formatCount(model.versions),
    aliases: Object.entries(model.aliases).map(([alias, version]) => ({
      ...showAlias(model.name, alias, version),
      version: formatCount(version),
    })),
    tags: showPairs(model.tags),
    updated: showTime(model.updated_at, now),
  };
}

export interface ModelPageData {
  model: Registered;
  versions: { items: Version[]; total: number };
  page: number;
}

/** What was typed, and what is wrong with it. */
export interface Typed {
  values: Record<string, string>;
  errors: FieldMessages;
}

export function showModelPage({ model, versions, page }: ModelPageData, now: number, typed?: Typed): PageContext {
  const path = modelPath(model.name);
  const aliases = Object.entries(model.aliases);
  const [alias] = aliases[0] ?? [];
  const newest = versions.items[0]?.version;
  return {
    title: `Model ${middle(model.name, 60)}`,
    name: model.name,
    path,
    updated: showTime(model.updated_at, now),
    description: renderMarkdown(model.description),
    tags: showPairs(model.tags),
    aliases: aliases.map(([one, version]) => ({ ...showAlias(model.name, one, version), version })),
    versions: versions.items.map((version) => showVersionRow(version, now)),
    load: newest === undefined ? null : alias ? `models:/${model.name}@${alias}` : `models:/${model.name}/${newest}`,
    pager: {
      ...showPager(
        { page, size: PAGE_SIZE, total: versions.total, what: versions.total === 1 ? 'version' : 'versions' },
        (to) => link(path, { page: to }),
      ),
      formats: [{ label: 'json', href: `/api${path}/versions` }],
    },
    fields: modelFields(typed ?? { values: valuesOf(model), errors: {} }),
    isWrong: typed !== undefined,
  };
}

function valuesOf({ name, description, tags }: Registered): Record<string, string> {
  return { name, description, tags: textOf(tags) };
}

function textOf(tags: Record<string, string>): string {
  return formatTags(Object.entries(tags).map(([key, value]) => ({ key, value })));
}

function modelFields({ values, errors }: Typed): Record<string, unknown>[] {
  return [
    { name: 'name', label: 'Name', value: values['name'], max: LIMITS.name, required: true, error: errors['name'] },
    ...commonFields({ values, errors }),
  ];
}

function commonFields({ values, errors }: Typed): Record<string, unknown>[] {
  const tagError = Object.entries(errors).find(([path]) => path === 'tags' || path.startsWith('tags.'))?.[1];
  return [
    {
      ...{ name: 'description', label: 'Description', value: values['description'], rows: 4, max: LIMITS.notes },
      ...{ error: errors['description'], hint: 'Markdown.' },
    },
    {
      ...{ name: 'tags', label: 'Tags', value: values['tags'], max: LIMITS.notes, error: tagError },
      hint: 'For example: reviewed, task=digits',
    },
  ];
}

function showVersionRow(version: Version, now: number): Record<string, unknown> {
  return {
    version: version.version,
    href: versionPath(version.name, version.version),
    aliases: version.aliases.map((alias) => showAlias(version.name, alias, version.version)),
    stage: version.stage === Stage.None ? '' : version.stage,
    description: middle(plainLine(version.description), 80),
    tags: showPairs(version.tags),
    source: showSource(version),
    created: showTime(version.created_at, now),
  };
}

/** Where it comes from: a link to the logged model or the run, else the address as it was said. */
function showSource({ source, model_id, run_id }: Version): { label: string; title: string; href: string | null } {
  if (model_id !== null) return { label: `${model_id.slice(0, 10)}…`, title: source, href: loggedPath(model_id) };
  if (run_id !== null) return { label: `run ${run_id.slice(0, 8)}…`, title: source, href: `/runs/${run_id}` };
  return { label: middle(source, 60), title: source, href: null };
}

export interface VersionPageData {
  model: RegisteredModelRow;
  version: Version;
  logged: LoggedModelRow | undefined;
  run: { id: string; name: string; href: string | null } | null;
  files: FileView[];
}

export function showVersionPage(
  { model, version, logged, run, files }: VersionPageData,
  now: number,
  typed?: Typed,
): PageContext {
  const values = {
    description: version.description,
    aliases: version.aliases.join(', '),
    tags: textOf(version.tags),
  };
  return {
    title: `${middle(model.name, 60)} version ${version.version}`,
    version: version.version,
    model: { name: middle(model.name, 80), href: modelPath(model.name) },
    path: versionPath(model.name, version.version),
    stage: version.stage === Stage.None ? '' : version.stage,
    aliases: version.aliases.map((alias) => showAlias(model.name, alias, version.version)),
    tags: showPairs(version.tags),
    description: renderMarkdown(version.description),
    source: version.source,
    logged: logged && { name: middle(logged.name, 60), href: loggedPath(logged.id), id: logged.id },
    run,
    created: showTime(version.created_at, now),
    load: loadText(version),
    files,
    fields: versionFields(typed ?? { values, errors: {} }),
    isWrong: typed !== undefined,
  };
}

function loadText({ name, version, aliases }: Version): string {
  return aliases[0] === undefined ? `models:/${name}/${version}` : `models:/${name}@${aliases[0]}`;
}

function versionFields(typed: Typed): Record<string, unknown>[] {
  const { values, errors } = typed;
  return [
    {
      ...{ name: 'aliases', label: 'Aliases', value: values['aliases'], max: LIMITS.notes },
      error: errors['aliases'] ?? errors['alias'],
      hint: 'For example: champion, staging. One that leads to another version moves here.',
    },
    ...commonFields(typed),
  ];
}
