// runs/compare/left-out.ts
// Purpose: what a page says of runs that its address names and that are in the trash or gone.
// Why: the others are still worth a look, and who looks must know what is missing and how it comes back.
// Relevant files: runs/compare/selection.ts, runs/compare/compare-views.ts, runs/curves/curve-routes.ts, runs/templates/_left-out.html

import { middle, plural } from '../../shared/format.ts';
import { grouped } from '../../shared/grouped.ts';
import type { HiddenRun } from '../queries.ts';

/** More lines than these are folded. */
const LINES = 5;
/** Names in one line. */
const NAMES = 3;

export interface LeftOut {
  /** One for each form: a run, or an experiment with those of its runs that are asked for. */
  trashed: { text: string; what: string; title: string; restore: string }[];
  /** '': few enough to be seen. */
  folded: string;
  gone: { text: string; title: string } | null;
}

export function showLeftOut(out: readonly HiddenRun[]): LeftOut {
  const trashed = out.flatMap((one) => one.trashed ?? []);
  const gone = out.filter((one) => one.trashed === null).map(({ id }) => id);
  const forms = [...grouped(trashed, ({ restore }) => restore)].map(([restore, some]) => {
    const names = some.map(({ name }) => name);
    const isAll = some.some(({ withExperiment }) => withExperiment);
    const where = `${names.length === 1 ? 'is' : 'are'} in the trash${isAll ? ` with ${names.length === 1 ? 'its' : 'their'} experiment` : ''}`;
    const what = shortly(names.map((name) => middle(name, 40)));
    return {
      text: `${what} ${where}`,
      what: isAll ? `the experiment of ${what}` : what,
      title: names.join(', '),
      restore,
    };
  });
  return {
    trashed: forms,
    folded: forms.length > LINES ? `Left out: ${plural(trashed.length, 'run')} in the trash` : '',
    gone: gone.length === 0 ? null : { text: goneText(gone), title: gone.join(', ') },
  };
}

function goneText(ids: readonly string[]): string {
  const words = ids.length === 1 ? 'is not here any more' : 'are not here any more';
  return `${plural(ids.length, 'run')} that the address names ${words} (${shortly(ids.map((id) => id.slice(0, 8)))})`;
}

function shortly(names: readonly string[]): string {
  const first = names.slice(0, NAMES).join(', ');
  return names.length > NAMES ? `${first} and ${names.length - NAMES} more` : first;
}

/** The same address without them: a script or a picture that named one would be refused. */
export function withoutLeftOut<Q extends { run: string[] }>(query: Q, out: readonly HiddenRun[]): Q {
  if (out.length === 0) return query;
  const ids = new Set(out.map(({ id }) => id));
  return { ...query, run: query.run.filter((id) => !ids.has(id)) };
}
