// tests/runs/compare-words.test.ts
// Purpose: what a comparison of groups says at its edges: shared runs, groups without a value, a single run, no variance.
// Why: a mark or a sentence that is missing is read as a claim; none may be made that no test bears.
// Relevant files: runs/compare/group-sentences.ts, runs/compare/like-best.ts, runs/conclusions/lead.ts, runs/conclusions/caption.ts

import { beforeAll, expect, test } from 'vitest';
import { RunStatus } from '../../runs/models.ts';
import { useTracker } from '../support/use.ts';
import { addRun, openPage, paragraphOf, textOf } from './page-support.ts';

const tracker = useTracker();
const ids = new Map<string, number>();

const GROUPS: Record<string, Record<string, (number | 'NaN')[]>> = {
  ends: { a: [0.5, 0.52, 0.55], b: [0.51, 0.56, 0.6], one: [0.55], lost: ['NaN', 'NaN'] },
  flat: { a: [0.5, 0.5, 0.5], c: [0.6, 0.6, 0.6], d: [0.55, 0.56, 0.57] },
  still: { a: [0.5, 0.5], c: [0.6, 0.6] },
};

beforeAll(async () => {
  for (const [experiment, groups] of Object.entries(GROUPS))
    for (const [model, values] of Object.entries(groups))
      for (const [seed, value] of values.entries()) {
        const run = { experiment, params: { model, seed }, status: RunStatus.Finished, metrics: { acc: [0.1, value] } };
        ids.set(experiment, (await addRun(tracker, run)).experiment_id);
      }
}); // prettier-ignore

const group = (experiment: string, filter: string): string =>
  `group=${encodeURIComponent(`${ids.get(experiment)}:${filter}`)}`;
const models = (experiment: string, ...names: string[]): string =>
  names.map((name) => group(experiment, `params.model = ${name}`)).join('&');
const sentencesOf = async (query: string): Promise<string[]> =>
  (await tracker.api<{ sentences: string[] }>('GET', `/api/compare?${query}`)).body.sentences;

test('where no test is made none is named', async () => {
  const shared = `${models('ends', 'a')}&${group('ends', 'params.model in (a, b)')}`;
  expect(await sentencesOf(shared)).toEqual(['Some runs are in several of these groups: no test is made of them.']);
  expect(textOf(await openPage(tracker, `/compare?${shared}`))).not.toContain('Welch');
  const single = models('ends', 'a', 'one');
  expect((await sentencesOf(single))[0]).toContain('no claim can be made');
  expect(textOf(await openPage(tracker, `/compare?${single}`))).not.toContain('Welch');
  expect(textOf(await openPage(tracker, `/compare?${models('ends', 'a', 'b')}`))).toContain('Welch’s test with the best mean, Holm-corrected'); // prettier-ignore
});

test('that groups have no value to be compared by is said', async () => {
  expect((await sentencesOf(models('ends', 'b', 'lost')))[0]).toBe('By acc nothing can be compared: only b has a finished run with a finite value.'); // prettier-ignore
  const none = `${models('ends', 'lost')}&${group('ends', 'params.model = nobody')}`;
  expect((await sentencesOf(none))[0]).toBe('No group has a finished run with a finite acc: nothing can be compared.');
  expect((await sentencesOf(group('ends', 'params.model = lost')))[0]).not.toContain('compared');
});

test('a file says of what is not underlined that it may have no test', async () => {
  const NOTE = 'Not underlined, either: what has no test against the best mean';
  const tested = (await tracker.get(`/compare.md?${models('ends', 'a', 'b')}`)).body;
  expect([tested.includes('<u>0.523 ± 0.025</u> (3)'), tested.includes(NOTE)]).toEqual([true, false]);
  const single = (await tracker.get(`/compare.md?${models('ends', 'a', 'b', 'one')}`)).body;
  expect(single).toContain('| <u>0.523 ± 0.025</u> (3) | **0.557 ± 0.045** (3) | 0.5500 (1) |');
  expect(single).toContain(NOTE);
  expect(single).not.toContain('best in bold, where two at least have a value');
});

test('single runs and groups of few are warned of apart, each with how many comparisons it is of', async () => {
  const { notes } = (await tracker.api<{ notes: string[] }>('GET', `/api/experiments/${ids.get('ends')}/conclusions`)).body; // prettier-ignore
  expect(notes.map((note) => note.slice(0, 60))).toEqual([
    'In 1 of 2 comparisons: With a single run in a group no claim',
    'In 1 of 2 comparisons: With n = 3 each no claim is safe: wha',
  ]);
});

test('groups that never vary are not called alike: nothing can be said of them', async () => {
  const at = `/experiments/${ids.get('flat')}/conclusions`;
  const html = await openPage(tracker, at);
  expect(paragraphOf(html, 'lead')).toContain('All 2 pairs with a test tested at once, it stands apart from 1, nothing can be said of it and 1 of 2 others, as neither varies; if'); // prettier-ignore
  expect(textOf(html)).not.toContain('−0.1000 to −0.1000');
  const md = (await tracker.get(`${at}.md`)).body;
  expect([md.includes('**0.6000 ± 0**'), md.includes('<u>0.')]).toEqual([true, false]);
  expect(md).toContain('Nor is a group without a test against it underlined');
  const still = await openPage(tracker, `/experiments/${ids.get('still')}/conclusions`);
  expect(paragraphOf(still, 'lead')).toContain('neither group varies, so nothing is known of the noise');
});
