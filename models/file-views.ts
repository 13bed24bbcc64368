// models/file-views.ts
// Purpose: the files of a logged model as the pages of models list them.
// Why: one look for files on the page of the model and on that of a version.
// Relevant files: models/pages.ts, models/logged-pages.ts, models/templates/_files.html

import type { ArtifactFile } from '../runs/artifacts/artifact-queries.ts';
import { formatBytes } from '../shared/format.ts';

export interface FileView {
  path: string;
  size: string;
  href: string;
  download: string;
}

export function showFile(id: string, { path, size }: ArtifactFile): FileView {
  const place = `/logged-models/${id}/artifacts/${path.split('/').map(encodeURIComponent).join('/')}`;
  return { path, size: formatBytes(size), href: place, download: `/api${place}?download=1` };
}
