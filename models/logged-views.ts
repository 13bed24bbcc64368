// models/logged-views.ts
// Purpose: a logged model as its page shows it, and as the page of its run lists it.
// Why: rows → ready text; templates hold no logic.
// Relevant files: models/logged-pages.ts, models/logged-queries.ts, models/templates/logged.html, runs/run/run-views.ts

import { formatNumber, formatStep, middle, plural, showTime } from '../shared/format.ts';
import type { FieldMessages } from '../shared/http/forms.ts';
import { link } from '../shared/http/links.ts';
import type { PageContext } from '../shared/http/types.ts';
import { LIMITS } from '../shared/limits.ts';
import type { FileView } from './file-views.ts';
import type { LoggedModel, LoggedModelPoint } from './logged-queries.ts';
import { LoggedModelStatus } from './models.ts';
import { loggedPath, versionPath, type Typed } from './views.ts';

export interface StateView {
  label: string;
  tone: string;
}

const STATES: Record<LoggedModelStatus, StateView> = {
  [LoggedModelStatus.Pending]: { label: 'uploading', tone: 'run' },
  [LoggedModelStatus.Ready]: { label: 'ready', tone: 'ok' },
  [LoggedModelStatus.Failed]: { label: 'upload failed', tone: 'fail' },
};

/** A line in the list of a run's models. */
export function showLoggedRow(model: LoggedModel, step?: number): Record<string, unknown> {
  return {
    name: middle(model.name, 60),
    title: model.name,
    href: loggedPath(model.id),
    type: middle(model.model_type, 40),
    state: STATES[model.status],
    step: step === undefined ? '' : formatStep(step),
    registered: model.registrations.map(showRegistration),
  };
}

function showRegistration({ name, version }: { name: string; version: number }): Record<string, string> {
  return {
    label: `${middle(name, 40)} ${version}`,
    title: `${name}, version ${version}`,
    href: versionPath(name, version),
  };
}

export interface LoggedPageData {
  model: LoggedModel;
  experiment: { name: string; href: string } | null;
  run: { name: string; href: string | null } | null;
  files: FileView[];
}

export function showLoggedPage(
  { model, experiment, run, files }: LoggedPageData,
  now: number,
  typed: Typed = { values: { name: '' }, errors: {} },
): PageContext {
  return {
    title: `Logged model ${middle(model.name, 60)}`,
    name: model.name,
    id: model.id,
    path: loggedPath(model.id),
    state: STATES[model.status],
    type: model.model_type,
    created: showTime(model.created_at, now),
    experiment,
    run,
    params: showPairs(model.params),
    tags: showPairs(model.tags),
    tagsText: plural(Object.keys(model.tags).length, 'tag'),
    metrics: model.metrics.map(showPoint),
    registered: model.registrations.map(showRegistration),
    files,
    register: registerField(typed.values, typed.errors),
    json: `/api${loggedPath(model.id)}`,
  };
}

function showPairs(record: Record<string, string>): { key: string; value: string; long: boolean }[] {
  return Object.entries(record).map(([key, value]) => ({
    key,
    value: value === '' ? '""' : value,
    long: value.length > 200,
  }));
}

function showPoint({ key, value, step, run_id, dataset_name, dataset_digest }: LoggedModelPoint): object {
  return {
    key,
    value: formatNumber(value),
    exact: String(value),
    broken: !Number.isFinite(value),
    step: formatStep(step),
    dataset: middle(dataset_name, 40),
    digest: dataset_digest,
    href: link('/curves', { run: run_id, key }),
  };
}

function registerField(values: Record<string, string>, errors: FieldMessages): Record<string, unknown> {
  return {
    ...{ name: 'name', label: 'Name', value: values['name'], max: LIMITS.name, required: true },
    error: errors['name'],
    hint: 'A new name, or one that is there: then this is its next version.',
  };
}
