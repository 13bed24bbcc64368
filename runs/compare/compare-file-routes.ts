// runs/compare/compare-file-routes.ts
// Purpose: the comparison at an address as CSV, Markdown and LaTeX.
// Why: what is on the page is had as a file, under the same words with another ending.
// Relevant files: runs/compare/compare-formats.ts, runs/compare/compare-routes.ts, runs/compare/selection.ts

import type { App } from '../../shared/http/types.ts';
import { dataOf } from '../../shared/http/unchanged.ts';
import { onRunsAsked } from '../depends.ts';
import { compareQuery } from './compare-schemas.ts';
import { comparisonCsv, comparisonLatex, comparisonMarkdown } from './compare-formats.ts';
import { readCompared, type Compared } from './compared.ts';
import { readSelection, refuseOne } from './selection.ts';

const FILES: readonly { ending: string; type: string; text: (compared: Compared) => string }[] = [
  { ending: 'csv', type: 'text/csv; charset=utf-8', text: comparisonCsv },
  { ending: 'md', type: 'text/markdown; charset=utf-8', text: comparisonMarkdown },
  { ending: 'tex', type: 'application/x-tex; charset=utf-8', text: comparisonLatex },
];

export function installCompareFiles(app: App): void {
  const { store } = app;
  for (const { ending, type, text } of FILES)
    app.get(
      `/compare.${ending}`,
      { schema: { hide: true, querystring: compareQuery }, config: dataOf(onRunsAsked(store)) },
      async ({ query }, reply) => {
        refuseOne(query);
        const compared = await readCompared(store.read, await readSelection(store.read, query));
        return reply.type(type).serializer(String).send(text(compared));
      },
    );
}
