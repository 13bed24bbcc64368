// imports/artifact-folder.ts
// Purpose: finds the folder of a run's artifacts from MLflow's artifact_uri.
// Why: stores get moved; the path written at the time is often no longer right, the layout still is.
// Relevant files: imports/folder.ts, imports/mlflow-files.ts, imports/mlflow-sqlite.ts

import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { filesBelow, IS_LINK, isFolder, isLink } from './folder.ts';
import type { SourceArtifact } from './records.ts';
import type { Note, Remarks } from './remarks.ts';

export interface ArtifactPlace {
  runId: string;
  experimentId: string;
  /** As MLflow kept it: a path, file://…, mlflow-artifacts:/…, s3://… */
  uri: string | null;
  /** The folder relative paths start from, and where a moved store is looked for. */
  base: string;
}

const NO_ARTIFACTS: Note = (count) =>
  `${count} ${count === 1 ? 'run has' : 'runs have'} no artifact folder here, which MLflow makes with the first artifact.`;

/** Artifacts of one run, from the first folder that is there: those given, the stored one, the usual ones. */
export async function* artifactsOf(
  place: ArtifactPlace,
  remarks: Remarks,
  first: string[] = [],
): AsyncGenerator<SourceArtifact> {
  for (const folder of new Set([...first, ...storedFolder(place, remarks), ...usualFolders(place)])) {
    // Both must be real folders: a link in place of the run's would lead out of the store.
    for (const path of [dirname(folder), folder]) if (await isLink(path)) remarks.skip(path, IS_LINK);
    if (!(await isFolder(folder)) || !(await isFolder(dirname(folder)))) continue;
    yield* filesBelow(folder, remarks);
    return;
  }
  remarks.note(NO_ARTIFACTS);
}

/**
 * MLflow always stores `…/<run id>/artifacts`. Anything else is not opened: a store from a stranger
 * could name any folder of this machine.
 */
function storedFolder({ runId, uri, base }: ArtifactPlace, remarks: Remarks): string[] {
  if (!uri) return [];
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(uri)?.[1]?.toLowerCase();
  if (scheme === 'mlflow-artifacts') return [];
  const path = scheme === undefined ? uri : scheme === 'file' ? pathOfUrl(uri) : null;
  if (path === null) remarks.skip(`artifacts kept at ${scheme ?? uri}:`, 'only folders of this machine can be read');
  if (!path?.replace(/\/$/, '').endsWith(`/${runId}/artifacts`)) return [];
  return [resolve(base, path)];
}

function pathOfUrl(url: string): string | null {
  try {
    return fileURLToPath(url);
  } catch {
    return null;
  }
}

function usualFolders({ runId, experimentId, base }: ArtifactPlace): string[] {
  return [
    join(base, 'artifacts', runId, 'artifacts'),
    join(base, 'mlartifacts', experimentId, runId, 'artifacts'),
    join(base, 'mlruns', experimentId, runId, 'artifacts'),
  ];
}
