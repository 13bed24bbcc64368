// tests/runs/notes-search.test.ts
// Purpose: what is found in notes after every kind of change, and what the index holds beside what runs say.
// Why: an index that forgets a change loses results, and nobody would see it.
// Relevant files: runs/search/notes-search.ts, shared/db/migrations/sqlite/0012_notes_search.sql

import { beforeAll, describe, expect, it } from 'vitest';
import { onPostgres } from '../../shared/db/dialect.ts';
import { rowsOf } from '../support/database.ts';
import { randomFrom } from '../support/random.ts';
import { useTracker } from '../support/use.ts';

const tracker = useTracker();
/** Notes by id, of those that are not in the trash. */
const active = new Map<string, string>();
const trashed = new Map<string, string>();
const random = randomFrom(4);
const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;

const PIECES = ['Learning', 'RATE', ' ', '\n', '"', "'", '*', ' AND ', ' OR ', 'NEAR(', '日本語', 'ÜBER', 'İstanbul', 'straße', '🦄🦄🦄', '-', '%_', 'a', 'ab', 'x1']; // prettier-ignore

function someText(pieces: number): string {
  return Array.from({ length: Math.floor(random() * pieces) }, () => pick(PIECES)).join('');
}

beforeAll(async () => {
  for (let i = 0; i < 40; i++) await add();
});

async function add(notes = someText(8)): Promise<string> {
  const { status, body } = await tracker.api<{ id: string }>('POST', '/api/runs', { experiment: 'noted', name: 'ω', notes }); // prettier-ignore
  expect(status).toBe(201);
  active.set(body.id, notes);
  return body.id;
}

async function found(text: string): Promise<string[]> {
  const path = `/api/runs?limit=1000&q=${encodeURIComponent(text)}`;
  return (await tracker.api<{ items: { id: string }[] }>('GET', path)).body.items.map(({ id }) => id).sort();
}

function naive(text: string): string[] {
  const wanted = text.trim().toLowerCase();
  return [...active]
    .filter(([, notes]) => wanted === '' || notes.toLowerCase().includes(wanted))
    .map(([id]) => id)
    .sort();
}

const CHANGES: (() => Promise<unknown>)[] = [
  () => add(),
  async () => {
    const [id, notes] = [pick([...active.keys()]), someText(8)];
    active.set(id, notes);
    return tracker.api('PATCH', `/api/runs/${id}`, { notes });
  },
  () => tracker.api('PATCH', `/api/runs/${pick([...active.keys()])}`, { name: 'ω' }),
  async () => {
    const id = pick([...active.keys()]);
    trashed.set(id, active.get(id) ?? '');
    active.delete(id);
    return tracker.api('DELETE', `/api/runs/${id}`);
  },
  async () => {
    const [id] = [...trashed.keys()];
    if (id === undefined) return;
    active.set(id, trashed.get(id) ?? '');
    trashed.delete(id);
    await tracker.api('POST', `/api/runs/${id}/restore`);
  },
];

/** The runs that the index names, and those that have notes. */
async function inIndex(): Promise<{ indexed: number[]; noted: number[] }> {
  const seqs = async (sql: string): Promise<number[]> =>
    (await rowsOf<{ seq: number }>(tracker.folder, sql)).map(({ seq }) => Number(seq));
  return {
    indexed: await seqs(`select ${onPostgres ? 'seq' : 'rowid'} as seq from run_notes order by 1`),
    noted: await seqs("select seq from runs where notes <> '' order by 1"),
  };
}

describe('notes', () => {
  it('any part of them is found in any case of letters, after any change', async () => {
    let hits = 0;
    for (let i = 0; i < 150; i++) {
      await pick(CHANGES)();
      const text = pick([someText(3), [...pick([...active.values()])].slice(0, 12).join(''), pick(PIECES)]).trim();
      if (text === '') continue;
      const expected = naive(text);
      expect(await found(text), JSON.stringify(text)).toEqual(expected);
      expect(await found(text.toUpperCase()), JSON.stringify(text)).toEqual(naive(text.toUpperCase()));
      hits += expected.length;
    }
    expect(hits).toBeGreaterThan(300);
  });

  it('each run with notes is in the index, and no other', async () => {
    const { indexed, noted } = await inIndex();
    expect(indexed).toEqual(noted);
    expect(noted.length).toBeGreaterThan(20);
  });

  it('a run that is removed for ever leaves it', async () => {
    const id = await add('only here: quetzal');
    expect(await found('quetz')).toEqual([id]);
    await tracker.api('DELETE', `/api/runs/${id}`);
    expect((await tracker.api('POST', `/api/runs/${id}/purge`)).status).toBeLessThan(300);
    await expect.poll(async () => (await tracker.api('GET', `/api/runs/${id}`)).status).toBe(404);
    const { indexed, noted } = await inIndex();
    expect(indexed).toEqual(noted);
  });
});
