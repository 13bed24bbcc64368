// mlflow/declined.ts
// Purpose: what of MLflow's API is left out on purpose, each with what it is.
// Why: whoever asks gets a clear 404, which no client tries again; its scripts go on.
// Relevant files: mlflow/problems.ts, README.md

/** The beginning of the path after the prefix (`/api`, `/ajax-api`), and what lies there. */
export const DECLINED: readonly [start: RegExp, what: string][] = [
  [/^\/[23]\.0\/mlflow\/(traces|unified-traces|get-online-trace-details|get-trace-artifact)(\/|$)/, 'Traces'],
  [/^\/[23]\.0\/mlflow\/assessments(\/|$)/, 'Assessments'],
  [/^\/3\.0\/mlflow\/datasets(\/|$)/, 'Evaluation datasets'],
  [/^\/3\.0\/mlflow\/scorers(\/|$)/, 'Scorers'],
  [/^\/[23]\.0\/mlflow\/(gateway|gateway-proxy)(\/|$)/, 'The AI gateway'],
  [/^\/[23]\.0\/mlflow\/(prompts|prompt-optimization)(\/|$)/, 'Prompts'],
  [/^\/[23]\.0\/mlflow\/webhooks(\/|$)/, 'Webhooks'],
  [/^\/[23]\.0\/mlflow\/workspaces(\/|$)/, 'Workspaces'],
  [/^\/[23]\.0\/mlflow\/jobs(\/|$)/, 'Jobs'],
  [/^\/[23]\.0\/mlflow\/issues(\/|$)/, 'Issues'],
  [/^\/[23]\.0\/mlflow\/(review-queues|label-schemas)(\/|$)/, 'Review queues'],
  [/^\/2\.0\/mlflow\/users(\/|$)/, 'User accounts'],
  [/^\/2\.0\/mlflow\/artifacts\/presigned-(upload|download)-url(\/|$)/, 'Presigned addresses'],
  [
    /^\/[23]\.0\/mlflow\/(upload-artifact|ui-telemetry|runs\/create-promptlab-run)(\/|$)/,
    "What only MLflow's own pages ask for",
  ],
];

/** Outside of the prefixes. */
export const DECLINED_ROOTS: readonly [path: string, what: string][] = [
  ['/v1/traces', 'Traces (OTLP)'],
  ['/graphql', "GraphQL of MLflow's own pages"],
];

export function reasonDeclined(path: string): string | undefined {
  const below = path.replace(/^\/(ajax-)?api/, '');
  const what = DECLINED.find(([start]) => start.test(below))?.[1] ?? DECLINED_ROOTS.find(([one]) => one === path)?.[1];
  return what && declinedText(what);
}

export function declinedText(what: string): string {
  return `${what}: this tracker does not have it. Runs, metrics, artifacts and models are served.`;
}
