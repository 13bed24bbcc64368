// shared/lint/directions.js
// Purpose: who may import whom, as one function over two paths; its answer says what to do instead.
// Why: the house's direction is written once, apart from ESLint's machinery.
// Relevant files: shared/lint/import-direction.js, ARCHITECTURE.md

/** Top-level folders that are not features. Every other folder is one, also the next that somebody adds. */
const NOT_FEATURES = new Set(['shared', 'tests', 'bench', 'clients', 'data', '.claude', '.ci']);

/** The rooms through which other features come in: reading and writing, both under the caller's transaction. */
const DOORS = new Set(['queries', 'changes']);

/** Modules of a feature, besides its doors, that other features may import. Add one only with a reason in review. */
export const NAMED_MODULES = new Set([
  'runs/artifacts/artifact-page.ts', // one file with its preview, of a run or a model
  'runs/artifacts/artifact-path.ts', // which names a file may have, for every way in
  'runs/artifacts/artifact-receiving.ts', // one way in for uploads of any size, of runs and of models
  'runs/artifacts/artifact-sending.ts', // one way out: ranges, no scripts
  'runs/artifacts/artifact-store.ts', // contents by their sha256: uploads and imports keep them in one place
  'runs/artifacts/contents.ts', // what such a place can do
  'runs/groups/group-text.ts', // a mean with as many digits as its deviation bears: a decision shows it so, too
  'decisions/views.ts', // a decision in a line, also on the page of its experiment
  'experiments/depends.ts', // what says whether a page is still true, for every page that shows experiments
  'experiments/tabs.ts', // the pages of an experiment, on each of them
  'experiments/experiment-state.ts', // statuses and run counts in words
  'runs/depends.ts', // the same for runs
  'runs/ingest.ts', // every way in (HTTP, MLflow's API, imports) logs through it
  'runs/purge.ts', // the one worker that removes for ever, woken by whoever asks for it
  'runs/purge-views.ts', // a removal in words, the same for runs and experiments
  'runs/rules/rule.ts', // the rule of a metric: which way is better, which value counts
  'runs/rules/rule-json.ts', // the same as files carry it
  'runs/metric-rules.ts', // which metric is the main one, and which way is better
  'runs/query/where.ts', // a filter read, or refused with its place, before an export begins
  'runs/run-filter.ts', // table, API, exports and CLI mean the same runs by the same words
  'runs/run-state.ts', // a run's state in words, the same on every page
  'runs/wide-points.ts', // places beyond 2^53, which only MLflow's API takes and gives
  'runs/points.ts', // points one by one or in buckets, for curves and exports
  'runs/status.ts', // which state may follow which, and when a run counts as stalled
  'runs/values.ts', // NaN, infinities and −0, exact in a column, in JSON and in CSV
  'models/logged-views.ts', // a logged model in a line, also on the page of its run
  'tags/views.ts', // one look for a tag, wherever it hangs
]);

/** Rooms that speak SQL, and so may join another feature's tables. */
const SQL_ROOMS = new Set(['models', 'queries', 'changes', 'run-filter']);

/** The files that start manage.ts in their own process. */
const STARTERS = /^(?:shared\/setup\/|bench\/writer-home\.ts$)/;

/** A status object may be named anywhere: the alternative is the raw string, which no-raw-status refuses. */
const STATUS_OBJECT = /(?:Status|_STATUSES)$/;

/**
 * @param {string} file the importing file, from the root
 * @param {string} target the imported file, from the root
 * @param {string[]} names what is imported by name; '*' for the whole module
 * @param {boolean} [typeOnly] whether the import is gone at run time
 * @returns {string | undefined} why not, and what to do instead; nothing when it is allowed
 */
export function whyRefused(file, target, names, typeOnly = false) {
  const from = place(file);
  const to = place(target);
  if (from.layer === 'tests') return undefined;
  if (to.layer === 'tests') return `Only tests import from tests/: move what ${file} needs out of ${target}.`;
  if (target === 'manage.ts' && !STARTERS.test(file)) {
    return 'Nothing imports manage.ts: move what you need into a feature or shared/, where manage.ts can import it too.';
  }
  if (to.layer !== 'feature') return undefined;
  if (from.layer === 'shared') {
    return `shared/ imports no feature: pass what it needs from ${to.feature}/ as an argument, or move this code there.`;
  }
  const ownRoutes = from.feature === to.feature && from.room === 'routes';
  if (to.room === 'routes' && from.layer !== 'manage' && !ownRoutes) {
    return `Only manage.ts and tests import routes: move what you need from ${target} to ${to.feature}/queries.ts or a module beside it.`;
  }
  if (from.layer !== 'feature') return undefined;
  if (from.feature === to.feature) return withinFeature(from, to, typeOnly);
  const typesOrStatus = typeOnly || names.every((name) => STATUS_OBJECT.test(name));
  return betweenFeatures(from, to, target, typesOrStatus);
}

/**
 * @typedef {{ layer: 'manage' | 'feature' | 'shared' | 'tests' | 'bench', feature: string, room: string }} Place
 * @type {(file: string) => Place}
 */
function place(file) {
  const [top = '', ...rest] = file.split('/');
  const room = roomOf(rest);
  if (rest.length === 0) return { layer: 'manage', feature: '', room };
  if (top === 'shared') return { layer: 'shared', feature: '', room };
  if (top === 'tests') return { layer: 'tests', feature: '', room };
  return NOT_FEATURES.has(top) ? { layer: 'bench', feature: '', room } : { layer: 'feature', feature: top, room };
}

/** Rooms that may be a folder instead of a file: `queries/find.ts`. */
const ROOMS = new Set(['routes', 'api', 'pages', 'views', 'queries', 'changes', 'schemas', 'models']);

/**
 * The room is the file's name, whatever part of the feature it lies in: `routes.ts`, `compare/compare-routes.ts`,
 * `api.ts`, `series-api.ts` and `pages.ts` are all the room "routes"; so is everything in a folder `routes/`.
 * @type {(rest: string[]) => string}
 */
function roomOf(rest) {
  const folder = rest.slice(0, -1).find((part) => ROOMS.has(part));
  const file = (rest.at(-1) ?? '').replace(/\.[^.]*$/, '');
  const ending = file.split('-').at(-1) ?? '';
  const name = folder ?? (ROOMS.has(ending) ? ending : file);
  return name === 'pages' || name === 'api' ? 'routes' : name;
}

/** @type {(from: Place, to: Place, typeOnly: boolean) => string | undefined} */
function withinFeature(from, to, typeOnly) {
  if (from.room === 'views' && DOORS.has(to.room) && !typeOnly) {
    return `views.ts makes rows ready and reads nothing: let ${to.room}.ts be asked by the page's reader, and pass the rows.`;
  }
  if (from.room === 'models' && (DOORS.has(to.room) || to.room === 'views')) {
    return `models.ts stands below ${to.room}.ts: move what it needs into models.ts.`;
  }
  if (DOORS.has(from.room) && to.room === 'views') {
    return `${from.room}.ts returns plain rows and knows no views: let routes.ts call views.ts with the rows.`;
  }
  return undefined;
}

/** @type {(from: Place, to: Place, target: string, typesOrStatus: boolean) => string | undefined} */
function betweenFeatures(from, to, target, typesOrStatus) {
  if (DOORS.has(to.room) || NAMED_MODULES.has(target)) return undefined;
  if (to.room === 'models') {
    if (SQL_ROOMS.has(from.room) || typesOrStatus) return undefined;
    return `Only modules with SQL (models, queries, changes) import ${target}, types and status objects excepted: ask ${to.feature}/queries.ts for the rows you need.`;
  }
  if (to.room === 'schemas') {
    if (from.room === 'schemas') return undefined;
    return `Only schemas.ts imports ${target}: re-export the schema from ${from.feature}/schemas.ts.`;
  }
  return `${from.feature}/ uses ${to.feature}/ only through its queries.ts and changes.ts: put it there, or name ${target} in NAMED_MODULES (shared/lint/directions.js).`;
}
