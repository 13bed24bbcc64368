// runs/metric-rules.ts
// Purpose: which way a metric is better, and which metric of an experiment matters most, guessed from names.
// Why: lists, tables and comparisons mark "best" by one rule, and the guess is stated where it is used.
// Relevant files: experiments/views.ts, runs/table/table.ts, runs/compare/compare.ts

export const Direction = { Max: 'max', Min: 'min' } as const;
export type Direction = (typeof Direction)[keyof typeof Direction];

const HIGHER =
  /(^|[^a-z])(acc|accuracy|auc|auroc|ap|map|f1|f\d|precision|recall|bleu|rouge|r2|iou|dice|score|reward|return|win_?rate|throughput|psnr|ssim|ndcg|mrr|hit|top\d*|kappa|mcc|correct|success)([^a-z]|$)/;
const LOWER =
  /(^|[^a-z])(loss|error|err|mse|mae|rmse|nll|perplexity|ppl|bpc|bpb|wer|cer|fid|kl|regret|cost|latency|distance|divergence|time|seconds|ms|memory|ece|brier|mape|logloss|cross[^a-z]?entropy)([^a-z]|$)/;

/** Metrics that only say how far a run is. */
export function isProgress(key: string): boolean {
  return /(^|[/._-])(epoch|step|global_step|iteration|iter|lr|learning_rate)$/i.test(key);
}

/** What was guessed already: a page of 100 metrics sorts and asks for each of them many times. */
const guessed = new Map<string, Direction | null>();
const GUESSED_MAX = 10_000;

/** From the words of the key; null where they say nothing (`epoch`, `lr`). */
export function directionOf(key: string): Direction | null {
  let direction = guessed.get(key);
  if (direction === undefined) {
    direction = guessDirection(key);
    if (guessed.size >= GUESSED_MAX) guessed.clear();
    guessed.set(key, direction);
  }
  return direction;
}

function guessDirection(key: string): Direction | null {
  const words = key.replace(/([a-z])([A-Z])/g, '$1_$2').toLowerCase();
  if (LOWER.test(words)) return Direction.Min;
  return HIGHER.test(words) ? Direction.Max : null;
}

/** Which way a metric is better: guessed, or as the experiment's rules say (runs/rules/rule.ts). */
export type WayOf = (key: string) => Direction | null;

/** The metric to show first: the chosen one, else held-out scores before held-out losses before training ones. */
export function mainMetric(keys: string[], chosen: string | null = null, wayOf: WayOf = directionOf): string | null {
  if (chosen !== null && keys.includes(chosen)) return chosen;
  const ranked = keys
    .filter((key) => wayOf(key) !== null)
    .sort((a, b) => rank(a, wayOf) - rank(b, wayOf) || a.length - b.length || (a < b ? -1 : 1));
  return ranked[0] ?? null;
}

/** Metrics that say how good a run is come first, then the others by name. */
export function byImportance(keys: string[], main: string | null, wayOf: WayOf = directionOf): string[] {
  const place = (key: string): number =>
    key === main ? -1 : isProgress(key) ? 101 : wayOf(key) === null ? 100 : rank(key, wayOf);
  const placed = keys.map((key) => ({ key, at: place(key) }));
  return placed.sort((a, b) => a.at - b.at || (a.key < b.key ? -1 : 1)).map(({ key }) => key);
}

/**
 * The metrics worth a column or a chart without being asked for: those that say how good a run is; where they are few,
 * the others too, but never those that only say how far it is.
 */
export function telling(keys: string[], main: string | null, wayOf: WayOf = directionOf): string[] {
  const ordered = byImportance(keys, main, wayOf).filter((key) => key === main || !isProgress(key));
  const directed = ordered.filter((key) => wayOf(key) !== null);
  return directed.length >= ENOUGH ? directed : ordered;
}

/** Metrics with a direction that fill a table by themselves. */
const ENOUGH = 3;

function rank(key: string, wayOf: WayOf): number {
  const words = key.toLowerCase();
  const split = /val|valid|eval|dev/.test(words) ? 0 : /test/.test(words) ? 1 : /train/.test(words) ? 3 : 2;
  return split * 2 + (wayOf(key) === Direction.Max ? 0 : 1);
}
