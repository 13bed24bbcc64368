// shared/db/doctor-command.ts
// Purpose: `manage.ts doctor`: examines the data and reports; `--salvage` saves what can be read into a new file.
// Why: after a crash or a failing disk people want to know what is wrong, not that something is.
// Relevant files: manage.ts, shared/db/doctor.ts, shared/db/salvage.ts, shared/db/findings.ts

import { existsSync } from 'node:fs';
import { flagsGiven, type SettingFlags, type Settings } from '../config.ts';
import { UserError } from '../errors.ts';
import { plural } from '../format.ts';
import { examineFile } from './doctor.ts';
import { findingOf, Level, PLACES_MAX, type Examination, type ExamineOptions, type Finding } from './findings.ts';
import { salvage, type Mend } from './salvage.ts';
import { requireFile } from './require-file.ts';
import { openSqlite } from './sqlite.ts';
import type { Store } from './store.ts';

/** Prints a line for each thing that was looked at. Exit code 1 when one of them is bad. */
export async function doctorCommand(
  settings: Settings,
  flags: SettingFlags & { deep?: boolean | undefined },
  examinations: Examination[],
): Promise<void> {
  const deep = flags.deep ?? false;
  requireFile(settings.database);
  console.log(settings.database);
  let bad = 0;
  for await (const finding of examine({ settings, deep }, examinations)) {
    if (finding.level === Level.Bad) bad += 1;
    print(finding);
  }
  if (bad === 0) return console.log('All is well.');
  console.log(
    `${plural(bad, 'check')} failed. Restore a backup, or save what can be read into a new file: ` +
      `npx tsx manage.ts doctor${flagsGiven(flags)} --salvage FILE`,
  );
  process.exitCode = 1;
}

async function* examine(options: ExamineOptions, examinations: Examination[]): AsyncGenerator<Finding> {
  const { database } = options.settings;
  yield* examineFile(database);
  let store: Store | undefined;
  try {
    store = await openSqlite(database, { migrate: false });
    const missing = (await store.status()).migrations.filter(({ applied_at }) => applied_at === null);
    yield findingOf(
      'migrations',
      'all are applied',
      'not applied: run "migrate", then ask again',
      missing.map(({ name }) => name),
    );
    if (missing.length > 0) return;
    for (const examination of examinations) yield* withSnapshot(store, examination, options);
  } catch (error) {
    yield unreadable('data', error);
  } finally {
    await store?.close();
  }
}

async function* withSnapshot(store: Store, examination: Examination, options: ExamineOptions): AsyncGenerator<Finding> {
  const snapshot = await store.snapshot();
  try {
    yield* examination(snapshot.db, options);
  } catch (error) {
    yield unreadable('data', error);
  } finally {
    await snapshot.close();
  }
}

function unreadable(what: string, error: unknown): Finding {
  const { cause, message } = error as Error;
  return { level: Level.Bad, what, text: `cannot be read: ${cause instanceof Error ? cause.message : message}` };
}

function print({ level, what, text, places = [] }: Finding): void {
  console.log(`${level.padEnd(4)}  ${what.padEnd(12)}  ${text}`);
  for (const place of places) console.log(`${' '.repeat(20)}${place}`);
}

/** `mend`: what features put right in the new file. The old one is only read. */
export async function salvageCommand({ database }: Settings, target: string, mend: Mend): Promise<void> {
  requireFile(database);
  if (existsSync(target)) throw new UserError(`${target} is there already: name a new file.`);
  const { tables, mended } = await salvage(database, target, mend);
  for (const { name, saved, isWhole } of tables) {
    const lost = isWhole ? 'all of it' : 'SOME ROWS ARE LOST: a part of it cannot be read';
    console.log(`${name.padEnd(20)}  ${plural(saved, 'row').padStart(14)}  ${lost}`);
  }
  for (const line of mended.slice(0, PLACES_MAX * 10)) console.log(line);
  if (mended.length > PLACES_MAX * 10) console.log(`… and ${mended.length - PLACES_MAX * 10} lines more`);
  console.log(`What could be read is in ${target}. Stop the server, put that file in the place of ${database}`);
  console.log(`(keep the old file and its -wal), and start again. Artifacts stay where they are.`);
}
