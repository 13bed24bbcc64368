// mlflow/artifact-place.ts
// Purpose: a path of MLflow's artifact proxy as whose file it is: `<anything>/<id of a run or model>/artifacts/<path>`.
// Why: the one way from a path to files; it names rows by an id and a checked name, so nothing outside can be meant.
// Relevant files: mlflow/artifacts-routes.ts, runs/artifacts/artifact-path.ts, models/owner-changes.ts

import { pathMistake } from '../runs/artifacts/artifact-path.ts';
import { invalid } from './errors.ts';

export interface ArtifactPlace {
  /** Id of a run or a logged model. */
  owner: string;
  /** '' is the folder of all its files. */
  path: string;
}

/** The first id in front of `artifacts`: its files may lie in folders that look the same. */
const PLACE = /^(?:.*?\/)?([0-9a-f]{32}|m-[0-9a-f]{32})\/artifacts(?:\/(.*))?$/s;

/** Undefined: nobody's. Errors: 400 for a path that leads up or out. */
export function placeOf(asked: string): ArtifactPlace | undefined {
  const [, owner, path = ''] = PLACE.exec(checkSafe(asked)) ?? [];
  return owner === undefined ? undefined : { owner, path: checkName(path) };
}

/** The same for a path within a run or model. */
export function safePath(asked: string): string {
  return checkName(checkSafe(asked));
}

function checkName(path: string): string {
  const name = path.replace(/\/$/, '');
  const mistake = name === '' ? undefined : pathMistake(name);
  if (mistake !== undefined) throw invalid(`Invalid path: it ${mistake}.`);
  return name;
}

/** Also where it is encoded, once or more: a proxy in front may decode again. */
function checkSafe(path: string): string {
  for (let [text, before] = [path, '']; text !== before; [before, text] = [text, decoded(text)]) {
    const isOut = text.startsWith('/') || text.split(/[/\\]/).some((part) => part === '..');
    if (isOut || text.includes('#')) throw invalid('Invalid path: it must be relative, without .. and #.');
  }
  return path;
}

function decoded(text: string): string {
  return text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}
