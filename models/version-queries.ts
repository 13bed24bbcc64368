// models/version-queries.ts
// Purpose: `models:/…` addresses: of a logged model, or of a version by its number, alias or stage.
// Why: what a new version is made of is named so; one reading of it for our API and MLflow's.
// Relevant files: models/version-changes.ts, mlflow/version-source.ts, models/registry-queries.ts

import type { Db } from '../shared/db/store.ts';
import { notFound } from '../shared/errors.ts';
import type { ModelVersionRow } from './models.ts';
import {
  describeOneRegistered,
  findAliased,
  requireRegistered,
  requireVersion,
  stageNamed,
} from './registry-queries.ts';

const NAMED = /^models:\/(?<name>[^/@]+)(?:\/(?<version>[^/@]+)|@(?<alias>[^/@]+))$/;

export function isLoggedUri(uri: string): boolean {
  return loggedIn(uri) !== undefined;
}

/** The id of the logged model; undefined: it is something else. */
export function loggedIn(uri: string): string | undefined {
  return /^models:\/(m-[0-9a-f]{32})$/.exec(uri)?.[1];
}

export interface Named {
  row: ModelVersionRow;
  /** By number: an alias and a stage move on. */
  uri: string;
}

/**
 * The version that `models:/name/3`, `models:/name/latest`, `models:/name/Production` or `models:/name@alias` names;
 * undefined: it is no such address. Errors: 404.
 */
export async function findNamed(db: Db, uri: string): Promise<Named | undefined> {
  const { name, version = '', alias } = NAMED.exec(uri)?.groups ?? {};
  if (name === undefined) return undefined;
  const row =
    alias !== undefined
      ? await findAliased(db, name, alias)
      : /^\d{1,9}$/.test(version)
        ? await requireVersion(db, name, Number(version))
        : await newestOf(db, name, version);
  if (!row) throw notFound(`The version ${uri}`);
  return { row, uri: `models:/${name}/${row.version}` };
}

/** Of all with `latest`, else of a stage. */
async function newestOf(db: Db, name: string, stage: string): Promise<ModelVersionRow | undefined> {
  const { latest } = await describeOneRegistered(db, await requireRegistered(db, name));
  return stage.toLowerCase() === 'latest' ? latest[0] : latest.find((one) => one.stage === stageNamed(stage));
}
