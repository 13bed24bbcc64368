// runs/table/bulk-views.ts
// Purpose: what is done with many runs in words: the question before, the message after, how far it is.
// Why: people must see how many runs, of which states, before they say yes.
// Relevant files: runs/table/bulk-routes.ts, runs/templates/bulk.html, runs/templates/bulk-progress.html

import { countsInWords } from '../../experiments/experiment-state.ts';
import { formatCount, middle, plural } from '../../shared/format.ts';
import { link } from '../../shared/http/links.ts';
import type { PageContext } from '../../shared/http/types.ts';
import { tagsInWords } from '../../tags/views.ts';
import { BulkStatus, type BulkActionRow } from '../models.ts';
import { STALLED, type RunState } from '../run-state.ts';
import { isStalled } from '../status.ts';
import type { Asked } from './bulk-kinds-changes.ts';
import type { Picked, PickedRun } from './bulk-queries.ts';
import type { BulkForm } from './bulk-schemas.ts';

/** Names that a question lists. */
const NAMES_SHOWN = 20;

/** An undo's address has to fit into the flash cookie. */
const BACK_MAX = 1000;

interface Words {
  question: (runs: string, asked: Asked) => string;
  button: string;
  after: string;
  done: (count: number, asked: Asked) => string;
  none: (asked: Asked) => string;
  undone: (count: number) => string;
}

const asBefore = (count: number): string =>
  count === 1 ? '1 run is as it was before.' : `${plural(count, 'run')} are as they were before.`;
const inTrash = (count: number): string =>
  count === 1 ? '1 run is in the trash.' : `${plural(count, 'run')} are in the trash.`;
const areBack = (count: number): string => (count === 1 ? '1 run is back.' : `${plural(count, 'run')} are back.`);

const WORDS: Record<Asked['action'], Words> = {
  tag: {
    question: (runs, { tags }) => `Tag ${runs}: ${middle(tagsInWords(tags), 80)}?`,
    button: 'Tag',
    after: 'A tag that hangs there with another value gets the new one.',
    done: (count, { tags }) => `Tagged ${plural(count, 'run')}: ${tagsInWords(tags)}.`,
    none: ({ tags }) => `All of these runs carry ${tagsInWords(tags)} already.`,
    undone: asBefore,
  },
  untag: {
    question: (runs, { tags }) => `Take off ${runs}: ${middle(tagsInWords(tags), 80)}?`,
    button: 'Take off',
    after: 'Runs that do not carry it stay as they are.',
    done: (count, { tags }) => `Taken off ${plural(count, 'run')}: ${tagsInWords(tags)}.`,
    none: ({ tags }) => `None of the ticked runs carries ${tagsInWords(tags)}.`,
    undone: asBefore,
  },
  trash: {
    question: (runs) => `Move ${runs} to the trash?`,
    button: 'Move to the trash',
    after: 'Restoring brings back all that was logged.',
    done: inTrash,
    none: () => 'These runs are in the trash already.',
    undone: areBack,
  },
  restore: {
    question: (runs) => `Bring ${runs} back from the trash?`,
    button: 'Restore',
    after: 'All that was logged comes back, too.',
    done: areBack,
    none: () => 'These runs are not in the trash.',
    undone: inTrash,
  },
  state: {
    question: (runs, { status }) => `Set ${runs} to ${status}?`,
    button: 'Set the state',
    after: 'Runs that have ended stay as they are. Stalled ones ended when they were last heard of, others now.',
    done: (count, { status }) => `${plural(count, 'run')} set to ${status}.`,
    none: () => 'These runs have all ended already.',
    undone: asBefore,
  },
};

export function noneText(asked: Asked): string {
  return WORDS[asked.action].none(asked);
}

export function doneText(asked: Asked, changed: number, matched: number): string {
  const { done } = WORDS[asked.action];
  const others = matched - changed;
  if (others === 0) return done(changed, asked);
  return `${done(changed, asked)} ${formatCount(others)} ${others === 1 ? 'was' : 'were'} so already, or not there any more.`;
}

export function undoneText(action: Asked['action'], undone: number, changed: number): string {
  const others = changed - undone;
  const rest = ` ${formatCount(others)} ${others === 1 ? 'was' : 'were'} changed since and ${others === 1 ? 'stays' : 'stay'} so.`;
  return `${WORDS[action].undone(undone)}${others > 0 ? rest : ''}`;
}

export function undoAction(id: number, back: string): string {
  return link(`/runs/bulk/${id}/undo`, { back: back.length > BACK_MAX ? null : back });
}

/** Runs by their state, `stalled` among them. */
export function countByState(runs: PickedRun[], now: number): Partial<Record<RunState, number>> {
  const counts: Partial<Record<RunState, number>> = {};
  for (const run of runs) {
    const state = isStalled(run, now) ? STALLED : run.status;
    counts[state] = (counts[state] ?? 0) + 1;
  }
  return counts;
}

/** `seen`: the fingerprint of these runs. */
export function showQuestion(picked: Picked, asked: Asked, form: BulkForm, seen: string, now: number): PageContext {
  const { runs, newest } = picked;
  const words = WORDS[asked.action];
  const before = Number((form.seen ?? '').split(' ')[0]);
  const chosen = form.all
    ? [
        { name: 'all', value: 'yes' },
        { name: 'filter', value: link('', form.filter).slice(1) },
        { name: 'newest', value: newest },
      ]
    : runs.map(({ id }) => ({ name: 'run', value: id }));
  return {
    title: words.question(plural(runs.length, 'run'), asked).replace(/\?$/, ''),
    question: words.question(plural(runs.length, 'run'), asked),
    differs:
      form.confirm && form.seen !== undefined
        ? `These are not the runs you were asked about: ${before === runs.length ? 'as many, but others' : `${plural(runs.length, 'run')} instead of ${formatCount(before)}`}. Nothing was done yet.`
        : '',
    all: Boolean(form.all),
    filter: filterInWords(form),
    states: countsInWords(countByState(runs, now)),
    after: words.after,
    button: words.button,
    danger: asked.action === 'trash',
    action: `/runs/${asked.action}`,
    names: runs.slice(0, NAMES_SHOWN).map(({ id, name }) => ({ name: middle(name), title: name, href: `/runs/${id}` })),
    more: runs.length > NAMES_SHOWN ? formatCount(runs.length - NAMES_SHOWN) : '',
    fields: [
      ...chosen,
      { name: 'tags', value: form.tags },
      { name: 'state', value: form.state },
      { name: 'back', value: form.back },
      { name: 'seen', value: seen },
      { name: 'confirm', value: 'yes' },
    ],
    back: form.back,
  };
}

/** What finds them; '' where nothing is asked for. */
function filterInWords({ filter: { q, where, status = [], tag = [] } }: BulkForm): string {
  return [
    ...(where?.trim() ? [where.trim()] : []),
    ...(q?.trim() ? [`with “${middle(q.trim(), 60)}”`] : []),
    ...(status.length > 0 ? [status.map((one) => (one === 'trash' ? 'in the trash' : one)).join(' or ')] : []),
    ...tag.map((one) => `with the tag ${one}`),
  ].join(', ');
}

/** `isGoing`: this process is at it. */
export function showProgress(row: BulkActionRow, left: number, isGoing: boolean, back: string): PageContext {
  const asked = JSON.parse(row.asked) as Asked;
  const undoing = isGoing && row.status === BulkStatus.Done;
  const all = formatCount(row.total);
  return {
    title: undoing ? 'Undoing' : isGoing ? `${formatCount(row.visited)} of ${all} runs` : 'Done',
    going: isGoing,
    refresh: link(`/runs/bulk/${row.id}`, { back }),
    value: undoing ? row.changed - left : row.visited,
    max: undoing ? row.changed : row.total,
    text: undoing
      ? `Taking it back: ${plural(left, 'run')} left.`
      : isGoing
        ? `${formatCount(row.visited)} of ${plural(row.total, 'run')} done. Others can log meanwhile.`
        : row.status === BulkStatus.Undone
          ? 'This was undone.'
          : doneText(asked, row.changed, row.visited),
    stopped: !isGoing && row.status === BulkStatus.Going ? `It came to ${formatCount(row.visited)} of ${all} runs when the server stopped.` : '',
    undo: !isGoing && row.status !== BulkStatus.Undone && row.changed > 0 ? undoAction(row.id, back) : null,
    back,
  }; // prettier-ignore
}
