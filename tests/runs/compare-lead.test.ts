// tests/runs/compare-lead.test.ts
// Purpose: what a comparison leads with where runs or groups have different metrics, and labels that name the key where a value alone is unclear.
// Why: "best" of one is no comparison, and `50%` is of nothing.
// Relevant files: runs/compare/lead-metric.ts, runs/compare/labels.ts, runs/compare/compare.ts, runs/compare/group-numbers.ts

import { beforeAll, expect, test } from 'vitest';
import { labelsFrom } from '../../runs/compare/labels.ts';
import { leadMetric, type Had } from '../../runs/compare/lead-metric.ts';
import type { ExperimentRow } from '../../experiments/models.ts';
import { directionOf } from '../../runs/metric-rules.ts';
import { RunStatus } from '../../runs/models.ts';
import { useTracker } from '../support/use.ts';
import { addRun, idOf, openPage, paragraphOf, tableOf, textOf } from './page-support.ts';

const path = (...short: string[]): string => `/compare?${short.map((id) => `run=${idOf(id)}`).join('&')}`;

const tracker = useTracker();
let [digits, letters] = [0, 0];
beforeAll(async () => {
  const [status, first, second] = [RunStatus.Finished, { experiment: 'digits' }, { experiment: 'letters' }];
  const a = { id: 'a', name: 'diverged', params: { opt: 'adam' } };
  digits = (await addRun(tracker, { ...first, ...a, status, metrics: { 'val/accuracy': [0.1], loss: [2, 3] } })).experiment_id; // prettier-ignore
  const b = { id: 'b', name: 'beta', params: { opt: 'sgd' } };
  letters = (await addRun(tracker, { ...second, ...b, status, metrics: { loss: [2, 1], 'test/f1': [0.5] } })).experiment_id; // prettier-ignore
  await addRun(tracker, { ...second, id: 'c', name: 'gamma', status, metrics: { loss: [4], 'test/f1': [0.25] } });
  await addRun(tracker, { ...first, id: 'd', name: 'delta', status, metrics: { 'val/accuracy': ['NaN'], other: [1] } });
  await addRun(tracker, { ...second, id: 'e', name: 'epsilon', status, metrics: { wer: [0.5] } });
});

const lead = async (...short: string[]): Promise<string> =>
  paragraphOf(await openPage(tracker, path(...short)), 'lead');

test('runs of two experiments are led by a metric that two of them have', async () => {
  expect(await lead('a', 'b')).toBe('Best loss 1: beta, 2 below diverged (lowest last value)');
  const html = await openPage(tracker, path('a', 'b'));
  expect(tableOf(html, 1).rows[0]?.[0]?.text, 'its line comes first').toBe('loss ↓');
  expect(await lead('a', 'b', 'c'), 'the main metric of the second experiment').toBe(
    'Best test/f1 0.5000: beta, 0.2500 above gamma (highest last value)',
  );
  expect(await lead('a', 'd'), 'a value that is not finite is none').toBe('');
  expect(await lead('a', 'e'), 'they share nothing').toBe('');
});

test('a main metric that was chosen leads only where two have it', async () => {
  await tracker.api('PATCH', `/api/experiments/${digits}`, { main_metric: 'val/accuracy' });
  await tracker.api('PATCH', `/api/experiments/${letters}`, { main_metric: 'loss' });
  expect(await lead('a', 'b', 'c')).toBe('Best loss 1: beta, 2 below diverged (lowest last value)');
  await tracker.api('PATCH', `/api/experiments/${letters}`, { main_metric: 'test/f1' });
  expect(await lead('a', 'b', 'c')).toMatch(/^Best test\/f1 0.5000: beta/);
  for (const id of [digits, letters]) await tracker.api('PATCH', `/api/experiments/${id}`, { main_metric: null });
});

test('groups, too, and what is said of them is of that metric', async () => {
  const groups = [`${digits}:`, `${letters}:`].map((text) => `group=${encodeURIComponent(text)}`).join('&');
  const html = await openPage(tracker, `/compare?${groups}`);
  expect(tableOf(html).rows[0]?.[0]?.text).toBe('loss');
  expect(textOf(html)).toContain('By loss ');
});

test('of those that two have at least: the first experiment’s, else what most have', () => {
  const had = (key: string, n: number, ...experiments: number[]): Had => ({ key, n, experiments: new Set(experiments) }); // prettier-ignore
  const of = (...mains: (string | null)[]): ExperimentRow[] =>
    mains.map((main_metric, place) => ({ id: place + 1, main_metric }) as ExperimentRow);
  const all = [had('val/acc', 1, 1), had('loss', 3, 1, 2), had('f1', 2, 2), had('epoch', 4, 1, 2)];
  expect(leadMetric(all, of('f1', null), directionOf), 'not logged in the first: its own is guessed').toBe('f1');
  expect(leadMetric(all, of('val/acc', 'loss'), directionOf)).toBe('loss');
  expect(leadMetric(all, of('val/acc'), directionOf)).toBe('loss');
  expect(leadMetric([had('val/acc', 1, 1), had('epoch', 2, 1)], of(null), directionOf)).toBeNull();
});

test('a label is a value alone only where that says what it is', () => {
  const of = (name: string, params: Record<string, string>): { name: string; params: Map<string, string> } => ({
    name,
    params: new Map(Object.entries(params)),
  });
  expect(labelsFrom([of('a', { dropout: '50%' }), of('b', { dropout: '20%' })])).toEqual(['dropout 50%', 'dropout 20%']); // prettier-ignore
  expect(labelsFrom([of('a', { kernel: '3x3', amp: 'on' }), of('b', { kernel: '5x5', amp: 'off' })])).toEqual(['amp on, kernel 3x3', 'amp off, kernel 5x5']); // prettier-ignore
  // The same word under two keys: whose is it?
  expect(labelsFrom([of('a', { 'g/opt': 'adam', 'd/loss': 'hinge', enc: 'sgd' }), of('b', { 'g/opt': 'sgd', 'd/loss': 'bce', enc: 'adam' })])).toEqual(['hinge, enc sgd, opt adam', 'bce, enc adam, opt sgd']); // prettier-ignore
  // Had by one only, as of runs of two experiments.
  expect(labelsFrom([of('a', { opt: 'adam' }), of('b', {})])).toEqual(['opt adam', 'b']);
  // One that has none, as a run that crashed at once, makes the others' words no less clear.
  const some = [of('a', { opt: 'adam', lr: '0.1' }), of('b', { opt: 'sgd', lr: '0.1' }), of('c', { lr: '0.2' })];
  expect(labelsFrom(some)).toEqual(['adam, lr 0.1', 'sgd, lr 0.1', 'lr 0.2']);
});

test('what one of the compared lacks is named only where the rest leaves some alike', () => {
  const of = (name: string, params: Record<string, string>): { name: string; params: Map<string, string> } => ({
    name,
    params: new Map(Object.entries(params)),
  });
  // A group of one run has a seed; the groups beside it have several.
  expect(labelsFrom([of('one', { opt: 'sgd', seed: '0' }), of('many', { opt: 'adam' })])).toEqual(['sgd', 'adam']);
  expect(labelsFrom([of('one', { opt: 'adam', lr: '1', epochs: '15' }), of('b', { opt: 'sgd', lr: '1' }), of('c', { opt: 'sgd', lr: '2' })])).toEqual(['adam, lr 1', 'sgd, lr 1', 'sgd, lr 2']); // prettier-ignore
  // Nothing that all have tells two of them apart: one more key does.
  expect(labelsFrom([of('a', { lr: '0.1', seed: '1', opt: 'adam' }), of('b', { lr: '0.1', seed: '2', opt: 'adam' }), of('c', { lr: '9' })])).toEqual(['lr 0.1, seed 1', 'lr 0.1, seed 2', 'lr 9']); // prettier-ignore
  // A run that crashed before it said anything takes nothing from the others' labels.
  expect(labelsFrom([of('crashed', {}), of('b', { opt: 'sgd', lr: '1' }), of('c', { opt: 'adam', lr: '2' })])).toEqual(['crashed', 'sgd, lr 1', 'adam, lr 2']); // prettier-ignore
  // Of keys that do the same that one which the group's filter names.
  expect(labelsFrom([of('params.lr = 0.01', { batch: '64', lr: '0.01' }), of('params.opt = adam', { opt: 'adam' })])).toEqual(['lr 0.01', 'params.opt = adam']); // prettier-ignore
});
