// imports/tensorboard/runs-below.ts
// Purpose: which folders below a folder are runs: those with event files in which something was logged.
// Why: TensorBoard has no list of runs, only folders; a run must be the same one when it is imported again.
// Relevant files: imports/tensorboard/events-of.ts, imports/folder.ts, imports/tensorboard/tensorboard.ts

import { createHash } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { filesBelow } from '../folder.ts';
import { idOf } from '../random.ts';
import { Remarks } from '../remarks.ts';
import { Damage } from './damage.ts';
import { eventsOf } from './events-of.ts';

export interface EventFile {
  file: string;
  /** It holds hparams beside the run: what it logs takes nobody's place. */
  isAside: boolean;
}

export interface FoundRun {
  id: string;
  /** The folder below the one that is imported; for that one itself, its name. */
  name: string;
  parentId: string | null;
  /** ms since the epoch, by its first event. */
  start: number;
  /** In the order in which they were begun, as their names say it. */
  files: EventFile[];
}

const NO_VALUES = 'its event files have no values in them';
/** The folder that add_hparams of PyTorch and tensorboardX makes: the time, in seconds. */
const HPARAMS_FOLDER = /^\d{9,11}(\.\d+)?$/;
/** Names end in seconds, host, process and a running number: 9 comes before 10. */
const byNumber = new Intl.Collator('en', { numeric: true });

export function isEventFile(path: string): boolean {
  return basename(path).includes('tfevents');
}

/** Is there an event file anywhere below? */
export async function holdsEvents(folder: string): Promise<boolean> {
  for await (const { path } of filesBelow(folder, new Remarks())) if (isEventFile(path)) return true;
  return false;
}

/** In order of their start. */
export async function runsBelow(root: string, remarks: Remarks): Promise<FoundRun[]> {
  const folders = await eventFolders(root, remarks);
  takeHparamsIn(folders);
  const found = new Map<string, FoundRun>();
  for (const [folder, files] of folders) {
    const head = await headOf(files);
    const name = folder === '.' ? basename(root) : folder;
    const id = idOf(JSON.stringify(['tensorboard', name, basename(files[0]?.file ?? ''), head?.sum]));
    if (head) found.set(folder, { id, name, parentId: null, start: head.start, files });
    else remarks.skip(join(root, folder), NO_VALUES);
  }
  for (const [folder, run] of found) run.parentId = above(folder, found)?.id ?? null;
  return [...found.values()].sort((a, b) => a.start - b.start || byNumber.compare(a.name, b.name));
}

/** Folders by their path below `root`, '.' for itself. */
async function eventFolders(root: string, remarks: Remarks): Promise<Map<string, EventFile[]>> {
  const folders = new Map<string, EventFile[]>();
  for await (const { path, file } of filesBelow(root, remarks)) {
    if (!isEventFile(path)) continue;
    const folder = dirname(path);
    folders.set(folder, [...(folders.get(folder) ?? []), { file, isAside: false }]);
  }
  for (const files of folders.values()) files.sort((a, b) => byNumber.compare(basename(a.file), basename(b.file)));
  return folders;
}

/** add_hparams writes into a folder of its own below the run's. One such folder is the run's; several are runs of their own. */
function takeHparamsIn(folders: Map<string, EventFile[]>): void {
  const below = new Map<string, string[]>();
  for (const folder of folders.keys()) {
    const parent = dirname(folder);
    if (folder !== '.' && folders.has(parent) && HPARAMS_FOLDER.test(basename(folder)))
      below.set(parent, [...(below.get(parent) ?? []), folder]);
  }
  for (const [parent, [only = '', ...more]] of below) {
    if (more.length > 0) continue;
    folders.get(parent)?.push(...(folders.get(only) ?? []).map(({ file }) => ({ file, isAside: true })));
    folders.delete(only);
  }
}

/** The first event, and the first in which something is logged: its bytes stay the same however long the run goes on. */
async function headOf(files: EventFile[]): Promise<{ start: number; sum: string } | undefined> {
  let start: number | undefined;
  for (const { file } of files) {
    for await (const events of eventsOf(file, new Damage())) {
      for (const { event, data } of events) {
        start ??= event.wallTime > 0 ? Math.round(event.wallTime * 1000) : undefined;
        if (event.values.length === 0) continue;
        return { start: start ?? 0, sum: createHash('sha256').update(data).digest('hex') };
      }
    }
  }
  return undefined;
}

function above(folder: string, runs: Map<string, FoundRun>): FoundRun | undefined {
  if (folder === '.') return undefined;
  const parent = dirname(folder);
  return runs.get(parent) ?? above(parent, runs);
}
