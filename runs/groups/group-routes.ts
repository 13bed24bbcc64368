// runs/groups/group-routes.ts
// Purpose: the runs of an experiment grouped by configuration: page, JSON, CSV, Markdown, LaTeX, each at its own address.
// Why: HTTP only: parse, call, answer. The address of the page with another ending is the same table.
// Relevant files: runs/groups/groups.ts, runs/groups/group-views.ts, runs/groups/group-formats.ts, runs/templates/groups.html

import { z } from 'zod';
import { experimentAsked, onExperiment } from '../../experiments/depends.ts';
import type { App } from '../../shared/http/types.ts';
import { dataOf, pageOf } from '../../shared/http/unchanged.ts';
import { experimentId } from '../../shared/schemas.ts';
import { unlessMoving } from '../depends.ts';
import { keptKeys, keptVariety } from '../kept-facts.ts';
import { groupsFileQuery, groupsPageQuery, groupsQuery, type GroupsQuery } from '../page-schemas.ts';
import { groupsOut } from './group-schemas.ts';
import { whereOf } from '../table/filter-views.ts';
import { groupsCsv, groupsLatex, groupsMarkdown } from './group-formats.ts';
import { groupsAsked } from './group-asked.ts';
import { readGroupBase, type GroupBase } from './group-baseline.ts';
import type { RunGroups } from './groups.ts';
import { installGroupForms } from './group-forms.ts';
import { readOpen } from './group-members.ts';
import { groupsJson } from './group-json.ts';
import { showGroups } from './group-views.ts';
import { openGroups } from '../view/open-view.ts';

const params = z.object({ id: experimentId });

interface FileRequest {
  params: { id: number };
  query: z.infer<typeof groupsFileQuery>;
  url: string;
}

const TEXTS: { ending: string; type: string; text: (data: RunGroups, base: GroupBase | null) => string }[] = [
  { ending: 'csv', type: 'text/csv; charset=utf-8', text: groupsCsv },
  { ending: 'md', type: 'text/markdown; charset=utf-8', text: groupsMarkdown },
  { ending: 'tex', type: 'application/x-tex; charset=utf-8', text: groupsLatex },
];

export function installGroups(app: App): void {
  const { store } = app;
  installGroupForms(app);

  const depends = unlessMoving(onExperiment(store), (request) => fileQuery(request as unknown as FileRequest));

  /** Files show what the page at their address shows; the API knows no views. */
  async function fileQuery({ params: { id }, query, url }: FileRequest): Promise<GroupsQuery> {
    return url.startsWith('/api') ? query : (await openGroups(store.read, id, query, url)).query;
  }

  app.get(
    '/experiments/:id/groups',
    { schema: { hide: true, params, querystring: groupsPageQuery }, config: pageOf(onExperiment(store)) },
    async (request, reply) => {
      const experiment = await experimentAsked(store, request);
      const opened = await openGroups(store.read, experiment, request.query, request.url);
      const { query } = opened;
      const { where, isWrong } = whereOf(query, request.now);
      if (isWrong) reply.code(400);
      const data = await groupsAsked(store.read, experiment, query, where);
      const base = await readGroupBase(store.read, experiment, data);
      const open = await readOpen(store.read, data, query.open ?? []);
      const keys = {
        metric: await keptKeys(store.read, experiment),
        param: (await keptVariety(store.read, experiment)).map(({ key }) => key),
      };
      return reply.page('runs/groups.html', showGroups({ data, base, open, experiment, keys }, opened, request.now));
    },
  );

  for (const { ending, type, text } of TEXTS)
    app.get(
      `/experiments/:id/groups.${ending}`,
      { schema: { hide: true, params, querystring: groupsFileQuery }, config: dataOf(depends) },
      async (request, reply) => {
        const experiment = await experimentAsked(store, request);
        const query = await fileQuery(request);
        const data = await groupsAsked(store.read, experiment, query, query.where);
        const base = await readGroupBase(store.read, experiment, data);
        return reply.type(type).serializer(String).send(text(data, base));
      },
    );

  for (const path of ['/api/experiments/:id/groups', '/experiments/:id/groups.json'])
    app.get(
      path,
      {
        schema: {
          ...(path.startsWith('/api')
            ? {
                tags: ['runs'],
                summary: 'Runs grouped by configuration.',
                description:
                  'Runs that are equal in `by` are a group; mean, standard deviation (n − 1), n, min and max of what each metric ended with in its finished runs.',
              }
            : { hide: true }),
          params,
          querystring: path.startsWith('/api') ? groupsQuery : groupsFileQuery,
          response: { 200: groupsOut },
        },
        config: dataOf(depends),
      },
      async (request) => {
        const experiment = await experimentAsked(store, request);
        const query = await fileQuery(request);
        const data = await groupsAsked(store.read, experiment, query, query.where);
        return groupsJson(data, await readGroupBase(store.read, experiment, data));
      },
    );
}
