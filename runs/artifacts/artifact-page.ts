// runs/artifacts/artifact-page.ts
// Purpose: one artifact as its page shows it: facts, preview, download.
// Why: rows → what the template shows.
// Relevant files: runs/templates/artifact.html, runs/artifacts/artifact-preview.ts, runs/artifacts/artifact-routes.ts

import { formatBytes, formatCount, plural, showTime, type ShownTime } from '../../shared/format.ts';
import type { Contents } from './contents.ts';
import { contentsUrl, PREVIEW, previewArtifact, type OwnedFile, type Preview } from './artifact-preview.ts';

export interface ArtifactPage extends Record<string, unknown> {
  title: string;
  name: string;
  /** What it belongs to, from the outside in. */
  crumbs: { name: string; href: string }[];
  facts: { label: string; value?: string; time?: ShownTime }[];
  preview: Preview;
  /** What the preview leaves out, or null. */
  more: string | null;
  download: string;
}

export async function showArtifact(
  contents: Contents,
  owner: { name: string; crumbs: ArtifactPage['crumbs'] },
  row: OwnedFile,
  now: number,
): Promise<ArtifactPage> {
  const preview = await previewArtifact(contents, row);
  return {
    title: `${row.path} · ${owner.name}`,
    name: row.path,
    crumbs: owner.crumbs,
    facts: [
      { label: 'Size', value: `${formatBytes(row.size)} (${formatCount(row.size)} bytes)` },
      { label: 'sha256', value: row.sha256 },
      { label: 'Stored', time: showTime(row.created_at, now) },
    ],
    preview,
    more: 'cut' in preview && preview.cut ? leftOut(preview) : null,
    download: `${contentsUrl(row)}?download`,
  };
}

function leftOut(preview: Preview): string {
  if (preview.kind !== 'csv') return `The first ${formatBytes(PREVIEW.bytes)} are shown; download it for the rest.`;
  const { rows, header, of } = preview;
  if (!of) return `The first ${plural(rows.length, 'row')} are shown; download it for the rest.`;
  const parts = [
    of.rows > rows.length && `${rows.length} of ${plural(of.rows, 'row')}`,
    of.columns > header.length && `${header.length} of ${plural(of.columns, 'column')}`,
  ];
  return `${parts.filter(Boolean).join(' and ')} are shown; download it for the rest.`;
}
