// manage.ts
// Purpose: the front door: mounts the features on the server and runs the commands.
// Why: one file says what the product consists of and what can be done with it.
// Relevant files: shared/http/server.ts, shared/config.ts, shared/cli-errors.ts, shared/setup/start.js, README.md

import { pathToFileURL } from 'node:url';
import { Command, CommanderError } from 'commander';
import { bearClosedPipes, exitCodeOf, messageOf } from './shared/cli-errors.ts';
import { DEFAULTS, readSettings, type SettingFlags, type Settings } from './shared/config.ts';
import type { RunsFlags } from './runs/list-command.ts';
import type { App, Feature } from './shared/http/types.ts';

export interface RunningServer {
  app: App;
  url: string;
  close: () => Promise<void>;
}

/** Opens the database, mounts the features and listens. Also what the tests start. */
export async function startServer(settings: Settings): Promise<RunningServer> {
  const [{ openStore }, { createServer }, features] = await Promise.all([
    import('./shared/db/open.ts'),
    import('./shared/http/server.ts'),
    loadFeatures(),
  ]);
  const store = await openStore(settings);
  const app = await createServer(settings, store, features).catch(async (error: unknown) => {
    // A feature refuses its settings.
    await store.close();
    throw error;
  });
  try {
    await app.listen({ host: settings.host, port: settings.port });
  } catch (error) {
    await app.close();
    throw error;
  }
  const address = app.server.address();
  const port = typeof address === 'object' && address ? address.port : settings.port;
  const host = settings.host.includes(':') ? `[${settings.host}]` : settings.host;
  return { app, url: `http://${host}:${port}`, close: () => app.close() };
}

async function loadFeatures(): Promise<Feature[]> {
  const [{ experiments }, { runs }, { decisions }, { models }, { tags }, { exports }, { mlflow }] = await Promise.all([
    import('./experiments/routes.ts'),
    import('./runs/routes.ts'),
    import('./decisions/routes.ts'),
    import('./models/routes.ts'),
    import('./tags/routes.ts'),
    import('./exports/routes.ts'),
    import('./mlflow/routes.ts'),
  ]);
  return [experiments, runs, decisions, models, tags, exports, mlflow];
}

async function serve(flags: SettingFlags): Promise<void> {
  const settings = readSettings(flags);
  const { default: closeWithGrace } = await import('close-with-grace');
  const found = await leftBehind(settings);
  const server = await startServer(settings);
  for (const line of found) console.log(line);
  console.log(`Experiment Tracker is at ${server.url} (data in ${settings.data}). Ctrl+C stops it.`);
  closeWithGrace({ delay: 10_000, logger: false }, async ({ err, signal }) => {
    if (err) console.error(err);
    await server.close();
    if (signal) console.log(`Stopped by ${signal}; everything is on disk.`);
  });
}

/** What a crash left, in a line each. */
async function leftBehind({ database, artifacts }: Settings): Promise<string[]> {
  const [{ findLog }, { findParts }] = await Promise.all([
    import('./shared/db/left-behind.ts'),
    import('./runs/artifacts/folder-contents.ts'),
  ]);
  return [findLog(database), await findParts(artifacts)].filter((line) => line !== undefined);
}

function settingOptions(command: Command): Command {
  return command
    .option('--data <folder>', `folder of everything the tracker keeps (TRACKER_DATA, default ${DEFAULTS.data})`)
    .option('--database <address>', 'SQLite file or postgres://… (DATABASE_URL, default <data>/tracker.db)')
    .option('--artifacts <place>', 'folder or s3://bucket/prefix (ARTIFACTS_URL, default <data>/artifacts)');
}

function examples(...lines: string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ npx tsx manage.ts ${line}`).join('\n')}\n`;
}

function buildProgram(): Command {
  const program = new Command('manage.ts')
    .description('ML Experiment Tracker: one process, one file.')
    .exitOverride()
    .configureHelp({ sortSubcommands: false })
    // The models are bound to an engine by this when a command loads them.
    .hook('preAction', (_, command) => {
      const { database } = command.opts<SettingFlags>();
      if (database !== undefined) process.env['DATABASE_URL'] = database;
    })
    .showHelpAfterError('(add --help for how to use it)');
  // In the order in which help lists them.
  addServerCommands(program);
  addBringingIn(program);
  addLooking(program);
  addKeeping(program);
  addCheck(program);
  return program;
}

function addServerCommands(program: Command): void {
  settingOptions(program.command('run').alias('serve').description('start the server'))
    .option('--host <address>', `address to listen on (HOST, default ${DEFAULTS.host})`)
    .option('--port <number>', `port to listen on (PORT, default ${DEFAULTS.port}; 0 takes a free one)`)
    .addHelpText('after', examples('run', 'run --port 9000 --data ~/experiments'))
    .action((flags: SettingFlags) => serve(flags));

  settingOptions(program.command('migrate').description('bring the database up to date'))
    .option('--status', 'only say what is applied and what is not')
    .addHelpText('after', examples('migrate', 'migrate --status'))
    .action(async (flags: SettingFlags & { status?: boolean }) => {
      const { migrateCommand } = await import('./shared/db/migrate-command.ts');
      await migrateCommand(readSettings(flags), flags.status ?? false);
    });
}

function addBringingIn(program: Command): void {
  settingOptions(program.command('seed').description('load real example runs; twice adds nothing twice'))
    .option('--scale <RUNSxMETRICSxPOINTS>', 'make a large synthetic experiment instead, for measuring')
    .option('--params <count>', 'of each of its runs, 4 at least; with --scale only')
    .addHelpText('after', examples('seed', 'seed --scale 1000x20x500'))
    .action(async (flags: SettingFlags & { scale?: string; params?: string }) => {
      const { seedCommand } = await import('./imports/seed.ts');
      await seedCommand(readSettings(flags), flags);
    });

  settingOptions(program.command('import').description('bring runs in from MLflow or TensorBoard'))
    .argument(
      '<source>',
      "an mlruns/ folder, an MLflow SQLite file, a folder with TensorBoard's event files, or a .pack file",
    )
    .option('--experiment <name>', 'put all runs into this experiment instead of their own')
    .addHelpText('after', examples('import ./mlruns', 'import mlflow.db --experiment digits', 'import ./logs'))
    .action(async (source: string, flags: SettingFlags & { experiment?: string }) => {
      const { importCommand } = await import('./imports/command.ts');
      await importCommand(readSettings(flags), source, flags.experiment);
    });
}

/** Lists and exports: what the pages show, without a server. */
function addLooking(program: Command): void {
  settingOptions(program.command('runs').description('list runs, those that a filter finds'))
    .option('--where <filter>', 'in the language of the pages: "metrics.val/accuracy > 0.9 order by started desc"')
    .option('--experiment <name>', 'only this one, by its name or number')
    .option('--limit <number>', 'runs to show (default 50)')
    .option('--column <field...>', 'show these, too: params.lr metrics.val/loss')
    .option('--json', 'all that is known of each run, as the API answers')
    .addHelpText(
      'after',
      examples(
        'runs --experiment digits --where "status = finished order by metrics.val/accuracy desc"',
        'runs --where "params.optimizer = adam and started > -7d" --json',
        'runs --experiment digits --column params.lr metrics.val/loss',
      ),
    )
    .action(async (flags: SettingFlags & RunsFlags) => {
      const { runsCommand } = await import('./runs/list-command.ts');
      await runsCommand(readSettings(flags), flags);
    });

  settingOptions(program.command('params').description('list the params of an experiment, those that look odd first'))
    .argument('<experiment>', 'its number or its name')
    .option('--json', 'as the API answers')
    .addHelpText('after', examples('params digits', 'params 3 --json'))
    .action(async (experiment: string, flags: SettingFlags & { json?: boolean }) => {
      const { paramsCommand } = await import('./runs/params/param-command.ts');
      await paramsCommand(readSettings(flags), experiment, flags);
    });

  settingOptions(
    program.command('export').description('write an export to a file or to standard output, as the pages do'),
  )
    .argument(
      '<path>',
      'what the page would be asked for: experiments.csv, experiments/3/runs.csv, runs/ID/points.ndjson',
    )
    .option('--where <filter>', 'only the runs that it finds, in the language of the pages')
    .option('--output <file>', 'write to this file instead of standard output')
    .addHelpText(
      'after',
      examples(
        'export experiments.csv',
        'export experiments/1/runs.csv --output runs.csv',
        'export experiments/1/points.csv --where "status = finished and params.optimizer = adam"',
        'export experiments/1.json --output digits.json',
      ),
    )
    .action(async (path: string, flags: SettingFlags & { output?: string; where?: string }) => {
      const { exportCommand } = await import('./exports/command.ts');
      await exportCommand(readSettings(flags), path, flags.output, flags.where);
    });
}

/** What keeps the data well. */
function addKeeping(program: Command): void {
  settingOptions(program.command('doctor').description('examine the data: pages, references, summaries, artifacts'))
    .option('--deep', 'recount every series and read every artifact, not only a sample')
    .option('--salvage <file>', 'save what can be read of a damaged database into a new file')
    .addHelpText('after', examples('doctor', 'doctor --deep', 'doctor --salvage saved.db'))
    .action(async (flags: SettingFlags & { deep?: boolean; salvage?: string }) => {
      const { doctorCommand, salvageCommand } = await import('./shared/db/doctor-command.ts');
      const settings = readSettings(flags);
      if (flags.salvage !== undefined) {
        const { mendRuns } = await import('./runs/salvage-changes.ts');
        await salvageCommand(settings, flags.salvage, mendRuns);
      } else {
        const { examineRuns } = await import('./runs/doctor.ts');
        await doctorCommand(settings, flags, [examineRuns]);
      }
    });

  settingOptions(program.command('purge').description('remove for ever what is in the trash, also while a server runs'))
    .option('--older-than <time>', 'only what went there so long ago or longer: 12h, 30d, 4w')
    .option('--yes', 'do not ask')
    .addHelpText('after', examples('purge', 'purge --older-than 30d --yes'))
    .action(async (flags: SettingFlags & { olderThan?: string; yes?: boolean }) => {
      const { purgeCommand } = await import('./runs/purge-command.ts');
      await purgeCommand(readSettings(flags), flags);
    });

  settingOptions(program.command('backup').description('copy the database, also while a server runs'))
    .argument('<file>', 'the new file; artifacts are files in the data folder and are copied as such')
    .addHelpText('after', examples('backup tracker-2026-11-24.db'))
    .action(async (file: string, flags: SettingFlags) => {
      const { backupCommand } = await import('./shared/db/backup-command.ts');
      await backupCommand(readSettings(flags), file);
    });
}

function addCheck(program: Command): void {
  program
    .command('check')
    .description('lint, types, formatting and tests')
    .option('--no-tests', 'everything but the tests')
    .addHelpText('after', examples('check', 'check --no-tests'))
    .action(async (flags: { tests: boolean }) => {
      const { checkCommand } = await import('./shared/setup/check.ts');
      await checkCommand(flags.tests);
    });
}

export async function main(argv: string[]): Promise<void> {
  bearClosedPipes();
  try {
    await buildProgram().parseAsync(argv, { from: 'user' });
  } catch (error) {
    process.exitCode = exitCodeOf(error);
    if (!(error instanceof CommanderError)) console.error(messageOf(error));
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  void main(process.argv.slice(2));
}
