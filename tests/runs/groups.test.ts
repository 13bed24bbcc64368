// tests/runs/groups.test.ts
// Purpose: groups of runs: who belongs together, what counts, in which order; page, JSON, CSV, Markdown and LaTeX.
// Why: mean ± std (n) is what conclusions stand on: nothing may be counted that should not, and nothing be missing.
// Relevant files: runs/groups/groups.ts, runs/groups/group-views.ts, runs/groups/group-formats.ts

import { beforeAll, describe, expect, it } from 'vitest';
import { RunStatus } from '../../runs/models.ts';
import type { GroupsOut } from '../../runs/groups/group-schemas.ts';
import { faultsInLatex } from '../support/latex.ts';
import { startSeeded } from '../support/seeded.ts';
import { randomFrom } from '../support/random.ts';
import { useTracker } from '../support/use.ts';
import { addRun, hrefOf, openPage, readPage, tablesOf, textOf, type NewRun } from './page-support.ts';

const tracker = useTracker();
let path: string;
let experiment: number;

const LR = ['0.1', '0.01', '1e-2'];

interface Made {
  params: Record<string, string>;
  accuracy: number | 'NaN' | null;
  status: RunStatus;
  tag: string | null;
}

const made: Made[] = [];

beforeAll(async () => {
  const random = randomFrom(11);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  for (let seed = 0; seed < 60; seed++) {
    const optimizer = pick(['adam', 'sgd', 'it_is 100% "odd" & | <b>']);
    const params = { seed: String(seed), lr: pick(LR), ...(random() < 0.9 && { optimizer }), epochs: '15' };
    const accuracy = random() < 0.1 ? null : random() < 0.1 ? ('NaN' as const) : random();
    const status = pick([RunStatus.Finished, RunStatus.Finished, RunStatus.Finished, RunStatus.Failed, RunStatus.Running]);
    const tag = pick(['a', 'b', null]);
    made.push({ params, accuracy, status, tag });
    const run = await addRun(tracker, {
      ...{ experiment: 'grid', params, tags: tag === null ? {} : { team: tag } },
      metrics: { ...(accuracy !== null && { accuracy: [0, accuracy] }), loss: [1, 0.5] },
    });
    experiment = run.experiment_id;
    if (status !== RunStatus.Running) await tracker.api('PATCH', `/api/runs/${run.id}`, { status });
  }
  path = `/experiments/${experiment}/groups`;
}); // prettier-ignore

async function groups(query = ''): Promise<GroupsOut> {
  const { status, body } = await tracker.api<GroupsOut>('GET', `/api${path}${query}`);
  expect(status, query).toBe(200);
  return body;
}

/** What the groups must be, counted the plain way. */
function expected(keysOf: (run: Made) => (string | null)[]): Map<string, { runs: number; counted: number[]; unfinished: number }> {
  const all = new Map<string, { runs: number; counted: number[]; unfinished: number }>();
  for (const run of made) {
    const name = JSON.stringify(keysOf(run));
    const group = all.get(name) ?? { runs: 0, counted: [], unfinished: 0 };
    all.set(name, group);
    group.runs += 1;
    if (run.status !== RunStatus.Finished) group.unfinished += 1;
    else if (typeof run.accuracy === 'number') group.counted.push(run.accuracy);
  }
  return all;
} // prettier-ignore

describe('who belongs together', () => {
  it.each<[string, (run: Made) => (string | null)[]]>([
    ['', ({ params }) => [params['lr'] ?? null, params['optimizer'] ?? null]],
    ['?by=params.optimizer', ({ params }) => [params['optimizer'] ?? null]],
    ['?by=tags.team&by=params.lr', ({ tag, params }) => [tag, params['lr'] ?? null]],
    ['?by=params.nowhere', () => [null]],
    ['?by=', () => []],
  ])('%s', async (query, keysOf) => {
    const { items, by, runs } = await groups(query);
    const want = expected(keysOf);
    expect(runs).toBe(made.length);
    expect(items.length).toBe(want.size);
    for (const item of items) {
      const group = want.get(JSON.stringify(by.map((name) => item.values[name])));
      const accuracy = item.metrics['accuracy'];
      expect([item.runs.length, item.unfinished, accuracy?.n]).toEqual([group?.runs, group?.unfinished, group?.counted.length]);
      const counted = group?.counted ?? [];
      const mean = counted.reduce((sum, value) => sum + value, 0) / counted.length;
      if (counted.length > 0) expect(accuracy?.mean).toBeCloseTo(mean, 12);
      const finished = (group?.runs ?? 0) - (group?.unfinished ?? 0);
      expect(accuracy?.without).toBe(finished - counted.length);
    }
  }); // prettier-ignore

  it('seeds are what repeats, said so; a filter leaves the others out', async () => {
    const all = await groups();
    expect(all.by).toEqual(['params.lr', 'params.optimizer']);
    expect(all.ignored).toEqual(['seed']);
    const some = await groups(`?where=${encodeURIComponent('params.optimizer = adam and status = finished')}`);
    expect(some.runs).toBe(made.filter(({ params, status }) => params['optimizer'] === 'adam' && status === RunStatus.Finished).length);
    expect(some.items.every(({ unfinished }) => unfinished === 0)).toBe(true);
  }); // prettier-ignore

  it('ordered by the best mean first, or as asked; what has no value comes last', async () => {
    const means = ({ items }: GroupsOut): number[] => items.flatMap(({ metrics }) => metrics['accuracy']?.mean ?? []);
    const best = means(await groups());
    expect(best).toEqual([...best].sort((a, b) => b - a));
    const worst = means(await groups('?order=metrics.accuracy'));
    expect(worst).toEqual([...best].reverse());
    const byLr = (await groups('?order=params.lr')).items.map(({ values }) => Number(values['params.lr']));
    expect(byLr).toEqual([...byLr].sort((a, b) => a - b));
    expect((await tracker.api('GET', `/api${path}?order=params.none`)).status).toBe(400);
    expect((await tracker.api('GET', `/api${path}?by=lr`)).status).toBe(400);
  });
});

describe('the page', () => {
  it('has a row for each group, says what is left out, and leads to the members', async () => {
    const html = await openPage(tracker, path);
    const { items } = await groups();
    expect(tablesOf(html)[0]?.rows.length).toBe(items.length);
    expect(textOf(html)).toContain('Equal but for seed.');
    // What they are ranked by stands beside the rank, however many params follow.
    const heads = tablesOf(html)[0]?.heads.map(({ text }) => text) ?? [];
    expect(heads.slice(1, 4)).toEqual(['rank', expect.stringMatching(/ [↑↓]$/), 'each run, mean']);
    const unfinished = made.filter(({ status }) => status !== RunStatus.Finished).length;
    expect(textOf(html)).toContain(`${unfinished} runs that did not finish left out of all values`);
    const links = [...html.matchAll(/href="([^"]+)" aria-label="runs of/g)].map(([, href = '']) => href);
    expect(links.length).toBe(items.length);
    for (const [place, link] of links.entries()) {
      const members = await readPage(tracker, link.replaceAll('&amp;', '&'));
      const count = items[place]?.runs.length;
      expect(textOf(members)).toMatch(count === 1 ? /\s1 run\./ : `All ${count} runs.`);
    }
  });

  it('ranks by the main metric, however the table is ordered, and not what has no value of it', async () => {
    const rank = async (query: string): Promise<Map<string, string>> => {
      const rows = tablesOf(await readPage(tracker, path + query))[0]?.rows ?? [];
      return new Map(rows.map((row) => [row.map(({ text }) => text).slice(2).join(' | '), row[1]?.text ?? '']));
    };
    const usual = await rank('');
    const means = (await groups()).items.map(({ metrics }) => metrics['accuracy']?.mean ?? null);
    const better = (mean: number): number => means.filter((one) => one !== null && one > mean).length;
    expect([...usual.values()]).toEqual(means.map((mean) => (mean === null ? '–' : String(better(mean) + 1))));
    for (const order of ['params.lr', 'metrics.accuracy', '-runs']) {
      const other = await rank(`?order=${order}`);
      expect([...other.keys()]).not.toEqual([...usual.keys()]);
      expect(new Map([...other].sort())).toEqual(new Map([...usual].sort()));
    }
    const equal = (lr: number): NewRun => ({ experiment: 'equal', params: { lr }, status: RunStatus.Finished, metrics: { accuracy: [1] } });
    await addRun(tracker, equal(1));
    const tied = await readPage(tracker, `/experiments/${(await addRun(tracker, equal(2))).experiment_id}/groups`);
    expect(tablesOf(tied)[0]?.rows.map((row) => row[1]?.text)).toEqual(['1', '1']);
    expect(textOf(tied)).toContain('Best by accuracy: lr 1, 1 (1) (shared by 2 groups)');
    const failed = { experiment: 'all failed', params: { lr: 1 }, status: RunStatus.Failed, metrics: { accuracy: [1] } };
    const { experiment_id } = await addRun(tracker, failed);
    const alone = tablesOf(await readPage(tracker, `/experiments/${experiment_id}/groups`))[0]?.rows[0]?.[1]?.text;
    expect(alone).toBe('–');
  }); // prettier-ignore

  it('shows a mistake in the filter with its place, and nothing else', async () => {
    const html = await openPage(tracker, `${path}?where=lr+%3D+1`, 400);
    expect(hrefOf(html, 'Use that')).toBe(`${path}?where=params.lr+%3D+1`);
    expect(tablesOf(html)).toEqual([]);
  });

  it('is there without runs, without metrics, with one run', async () => {
    const { body } = await tracker.api<{ id: number }>('POST', '/api/experiments', { name: 'empty' });
    expect(textOf(await openPage(tracker, `/experiments/${body.id}/groups`))).toContain('No runs yet');
    const one = await addRun(tracker, { experiment: 'one', params: { lr: 1 } });
    const html = await openPage(tracker, `/experiments/${one.experiment_id}/groups`);
    expect(tablesOf(html)[0]?.rows.length).toBe(1);
    await openPage(tracker, `/experiments/${one.experiment_id}`);
  });
});

describe('files', () => {
  it('CSV has every digit of every group', async () => {
    const { body } = await tracker.get(`${path}.csv`);
    const { items } = await groups();
    const lines = body.trim().split('\r\n');
    expect(lines[0]).toBe('lr,optimizer,runs,unfinished,accuracy mean,accuracy std,accuracy n,accuracy min,accuracy max,loss mean,loss std,loss n,loss min,loss max');
    expect(lines.length).toBe(items.length + 1);
    for (const { metrics } of items) expect(body).toContain(`,${metrics['accuracy']?.mean ?? ''},`);
  }); // prettier-ignore

  it('Markdown and LaTeX escape what means something there, and set the best in bold', async () => {
    const md = (await tracker.get(`${path}.md`)).body;
    expect(md).toContain('it\\_is 100% "odd" & \\| \\<b\\>');
    const rows = md.trim().split('\n');
    // Bars that are not escaped part the cells: as many in each line.
    const bars = rows.map((row) => row.replaceAll('\\|', '').split('|').length);
    expect(new Set(bars).size).toBe(1);
    expect(rows.filter((row) => row.includes('**')).length).toBeGreaterThan(0);
    const tex = (await tracker.get(`${path}.tex`)).body;
    expect(tex).toContain('it\\_is 100\\% "odd" \\& \\textbar{} \\textless{}b\\textgreater{}');
    // The loss is the same everywhere: nothing is the best of it.
    expect(tex.match(/\\textbf\{/g)?.length).toBe(1);
    expect(faultsInLatex(tex)).toEqual([]);
    const body = tex.split('\\midrule')[1]?.split('\\bottomrule')[0]?.trim().split('\n') ?? [];
    for (const line of body) {
      expect(line.endsWith(' \\\\')).toBe(true);
      expect(line.replaceAll('\\&', '').split('&').length).toBe(4);
    }
  });
});

it('the digits: eight configurations of three seeds, ranked by validation accuracy', async () => {
  const digits = await startSeeded();
  try {
    const { body } = await digits.api<GroupsOut>('GET', `/api/experiments/${digits.digits}/groups`);
    const valued = body.items.filter(({ metrics }) => (metrics['val/accuracy']?.n ?? 0) > 0);
    expect(valued.map(({ metrics }) => metrics['val/accuracy']?.n)).toEqual(Array(8).fill(3));
    const { values, metrics } = valued[0] as GroupsOut['items'][number];
    expect([values['params.optimizer'], values['params.lr'], values['params.width']]).toEqual(['adam', '0.01', '64']);
    // From an independent computation (Python's statistics module) on the same runs.
    expect(metrics['val/accuracy']?.mean).toBeCloseTo(0.9753086368242899, 15);
    expect(metrics['val/accuracy']?.std).toBeCloseTo(0.0028287578476783233, 14);
    const tex = (await digits.get(`/experiments/${digits.digits}/groups.tex`)).body;
    expect(tex).toContain('0.01 & adam & 64 & \\textbf{0.9753 $\\pm$ 0.0028} (3) &');
    expect(tex.split('\\midrule')[1]?.match(/ \\\\$/gm)?.length).toBe(8);
    expect(faultsInLatex(tex)).toEqual([]);
    const html = textOf(await openPage(digits, `/experiments/${digits.digits}/groups`));
    expect(html).toContain('Best by val/accuracy: lr 0.01 · adam · width 64, 0.9753 ± 0.0028 (3)');
  } finally {
    await digits.stop();
  }
});
