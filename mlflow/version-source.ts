// mlflow/version-source.ts
// Purpose: what MLflow's server refuses as the source of a new model version.
// Why: a version that says the files of one run and the id of another misleads; tools match on the same refusals.
// Relevant files: mlflow/version-routes.ts, mlflow/locations.ts, models/version-changes.ts, tests/mlflow/version-source.test.ts

import { findLoggedModel } from '../models/logged-queries.ts';
import { findNamed, isLoggedUri } from '../models/version-queries.ts';
import { findRun } from '../runs/queries.ts';
import type { Db } from '../shared/db/store.ts';
import { invalid, type MlflowError } from './errors.ts';
import { oneModelUri, runUri } from './locations.ts';
import { namesHost } from './storage-place.ts';

export interface Source {
  source: string;
  run_id?: string | undefined;
  model_id?: string | undefined;
}

/** `scheme:`, `//host` if any, and the path. */
const ADDRESS = /^(?<scheme>[a-z][a-z0-9+.-]*):(?<host>\/\/[^/?#]*)?(?<path>[^?#]*)/i;

/** Errors: 400 where the source is no plain address, or where run and model that come with it are not its own. */
export async function checkSource(db: Db, asked: Source): Promise<void> {
  const { source, run_id, model_id } = asked;
  const { scheme = '', host, path = '' } = ADDRESS.exec(source)?.groups ?? {};
  if (namesHost(source)) throw wrong(source, `a server does not go to the host of an address ${scheme}://…`);
  if (scheme === 'models') return checkModels(db, asked, host);
  if (!isWholePath(decoded(path))) throw wrong(source, 'its path must be whole: begin with /, and have no . or ..');
  if (scheme === 'runs' && (host !== undefined || model_id || path.split('/')[1] !== run_id))
    throw wrong(source, 'run_id must be that of the source');
  if (scheme === 'mlflow-artifacts' && !isBelow(decoded(source).replace(/\/+/g, '/'), await ownUri(db, asked)))
    throw wrong(source, `${model_id ? 'model_id' : 'run_id'} must be that of the source`);
}

/** `models:/m-…` with its own id, or another version, by its number, alias or stage. */
async function checkModels(db: Db, { source, run_id, model_id }: Source, host: string | undefined): Promise<void> {
  if (host !== undefined) throw wrong(source, 'it must be in this registry');
  if (isLoggedUri(source)) {
    if (source !== `models:/${model_id ?? ''}`) throw wrong(source, 'model_id must be that of the source');
    return;
  }
  const named = await findNamed(db, source);
  if (!named) throw wrong(source, 'it must be like models:/m-…, models:/name/1 or models:/name@alias');
  const isOther = (asked: string | undefined, own: string | null): boolean =>
    asked !== undefined && asked !== (own ?? '');
  if (isOther(run_id, named.row.run_id) || isOther(model_id, named.row.model_id))
    throw wrong(source, 'run_id and model_id must be those of that version');
}

/** Where the files of the model, or else of the run, are; undefined: neither is there. */
async function ownUri(db: Db, { run_id, model_id }: Source): Promise<string | undefined> {
  if (!model_id) return run_id && (await findRun(db, run_id)) ? runUri(db, run_id) : undefined;
  const model = await findLoggedModel(db, model_id);
  return model && oneModelUri(db, model);
}

function isBelow(uri: string, folder: string | undefined): boolean {
  return folder !== undefined && `${uri}/`.startsWith(`${folder}/`);
}

function isWholePath(path: string): boolean {
  const parts = path.replace(/\/+$/, '').split(/\/+/);
  return (
    parts.length > 1 && parts[0] === '' && !parts.some((part) => part === '.' || part === '..' || part.includes('\0'))
  );
}

/** Also what is encoded more than once. */
function decoded(text: string): string {
  const once = text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return once === text ? text : decoded(once);
}

function wrong(source: string, why: string): MlflowError {
  return invalid(`Invalid model version source: '${source}': ${why}.`);
}
