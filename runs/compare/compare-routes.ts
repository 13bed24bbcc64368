// runs/compare/compare-routes.ts
// Purpose: comparing runs as page and JSON, and the form of the run table that leads there.
// Why: HTTP only: parse, call, answer; the URL of the page is the comparison.
// Relevant files: runs/compare/compare.ts, runs/compare/compare-views.ts, runs/schemas.ts

import { experimentsById } from '../../experiments/queries.ts';
import type { App } from '../../shared/http/types.ts';
import { dataOf, pageOf } from '../../shared/http/unchanged.ts';
import { tickedIds } from '../table/bulk-queries.ts';
import { tickedForm } from '../table/bulk-schemas.ts';
import { chartDefaultsOf } from '../curves/default-queries.ts';
import { pageSettings } from '../curves/own-settings.ts';
import { readCompared } from './compared.ts';
import { groupEnds } from './group-ends.ts';
import { namesMore, readInSight, readSelection, refuseOne } from './selection.ts';
import { readGroupCurves } from '../curves/group-curves.ts';
import { showComparison } from './compare-views.ts';
import { chartKeysOf } from './curve-choices.ts';
import { baseJson, groupsJson, metricsJson } from './compare-json.ts';
import { Room, settingsFor } from '../curves/chart-views.ts';
import { onRunsAsked } from '../depends.ts';
import { readCurves, type Curve } from '../curves/curves.ts';
import { firstLines, type FirstLines } from './first-lines.ts';
import { describeRuns } from '../queries.ts';
import { listRuns } from '../list-queries.ts';
import { DEFAULT_ORDER } from '../run-filter.ts';
import { compareOut, compareQuery } from './compare-schemas.ts';
import { listViews } from '../view/saved-queries.ts';
import { compareLink } from '../table/table-views.ts';
import { comparePageQuery } from '../page-schemas.ts';
import { withoutRuns } from './compare-address.ts';

const hide = { hide: true } as const;

/** Runs offered to be added. */
const CANDIDATES = 100;

export function installCompare(app: App): void {
  const { store } = app;

  app.get(
    '/api/compare',
    {
      schema: {
        tags: ['compare'],
        summary: 'What differs between runs.',
        description:
          'What the compare page shows: params, tags and metric summaries side by side. Takes what that page takes: ' +
          'single runs (`run`), groups (`group`, once for each), all that match (`experiment` with `where`), or any of them ' +
          'together; two runs at least where nothing else is named. Of groups: mean, standard deviation, n, least and ' +
          'greatest of each metric.',
        querystring: compareQuery,
        response: { 200: compareOut },
      },
      config: dataOf(onRunsAsked(store)),
    },
    async (request) => {
      const { query } = request;
      refuseOne(query);
      const selection = await readSelection(store.read, query);
      const { comparison, groups, lines, base } = await readCompared(store.read, selection);
      const { runs, params, tags, metrics } = comparison;
      return {
        runs: await describeRuns(store.read, runs),
        params,
        tags,
        metrics: await metricsJson(store.read, runs, metrics),
        ...groupsJson(selection, { groups, lines, base, isAsked: namesMore(query) }),
        ...baseJson(selection, runs, base),
      };
    },
  );

  const compared = { schema: { ...hide, querystring: comparePageQuery }, config: pageOf(onRunsAsked(store)) };
  app.get('/compare', compared, async (request, reply) => {
    const { query } = request;
    const shorter = withoutRuns(query);
    if (shorter !== null) return reply.redirect(shorter, 303);
    // A saved comparison outlives one of its runs. Scripts are told by an error: they count on what they asked for.
    const { selection, out } = await readInSight(store.read, query);
    const { runs } = selection;
    const home = [...runs, ...selection.groups.flatMap((group) => group.runs)][0]?.experiment_id;
    if (home === undefined)
      return reply.page('runs/compare-none.html', {
        title: 'Compare runs',
        isEmpty: query.where !== undefined || (query.group?.length ?? 0) > 0,
      });
    const { comparison, drawn, groups: whole, lines, kept, base, members } = await readCompared(store.read, selection);
    const settings = pageSettings(query, await chartDefaultsOf(store.read, members));
    const { groups, owners } = drawn;
    const ends = groupEnds(whole, lines, base);
    const keys = chartKeysOf(comparison, query.metric ?? [], ends?.keys ?? []);
    const always = new Set(kept.runs.map(({ id }) => id));
    const ownerOf = new Map(owners.map((owner) => [owner.id, owner]));
    const [curves, firsts] = [new Map<string, Curve[]>(), new Map<string, FirstLines>()];
    for (const key of keys) {
      const line = comparison.metrics.find((one) => one.key === key);
      const first = query.lines === 'all' ? { runs, said: '' } : firstLines(runs, line, always);
      const own = settingsFor(settings.of(key), 'normal', first.runs.length + groups.length, Room.Page);
      const some = await readCurves(store.read, first.runs, key, own);
      const named = some.map((curve) => ({ ...curve, run: ownerOf.get(curve.run.id) ?? curve.run }));
      const grouped = groups.length > 0 ? await readGroupCurves(store.read, groups, key, own) : [];
      curves.set(key, [...named, ...grouped]);
      firsts.set(key, first);
    }
    const others = await listRuns(store.read, { experiment: home, order: DEFAULT_ORDER }, { limit: CANDIDATES });
    return reply.page(
      'runs/compare.html',
      showComparison(
        {
          ...comparison,
          // Those of groups, too: the way back and a decision belong to them.
          experiments: await experimentsById(store.read, [...new Set(members.map((run) => run.experiment_id))]),
          curves,
          firsts,
          settings,
          kept,
          base,
          ends,
          selection,
          out,
          others: others.items,
          views: await listViews(store.read, home),
          home,
        },
        query,
        request.now,
      ),
    );
  });

  // The ticked rows of a table: their comparison has a URL of its own.
  app.post('/runs/compare', { schema: { ...hide, body: tickedForm } }, async ({ body }, reply) => {
    const { back } = body;
    const run = await tickedIds(store.read, body, false);
    if (run.length >= 2) return reply.redirect(compareLink(run), 303);
    return reply.redirectWith(back, { kind: 'problem', text: 'Tick at least two runs to compare them.' });
  });
}
