// runs/pictures/fields.ts
// Purpose: what a picture can be made of: params, metrics, tags, duration, start, configuration; which of them it begins with.
// Why: a picture without any choice shows what matters most, and every choice has a name that the URL keeps.
// Relevant files: runs/pictures/column-queries.ts, runs/pictures/pictures.ts, runs/query/fields.ts

import type { ExperimentRow } from '../../experiments/models.ts';
import { metricKeys } from '../../experiments/queries.ts';
import type { Db } from '../../shared/db/store.ts';
import { byImportance, mainMetric } from '../metric-rules.ts';
import { repeatRule } from '../repeat-keys.ts';
import { rulesOf } from '../rules/rule-queries.ts';
import { directionsIn, type RuleBook } from '../rules/rule.ts';
import { isSystemTag } from '../table/table.ts';
import { paramsOfExperiment, tagKeysOfExperiment } from '../tally-queries.ts';

export type FieldKind = 'params' | 'metrics' | 'tags' | 'duration' | 'started' | 'configuration';

export interface Field {
  /** As in the URL: `params.lr`. */
  text: string;
  of: FieldKind;
  key: string;
  /** `lr` */
  label: string;
}

const PLAIN: Partial<Record<string, Omit<Field, 'text'>>> = {
  duration: { of: 'duration', key: '', label: 'duration' },
  started: { of: 'started', key: '', label: 'start' },
  configuration: { of: 'configuration', key: '', label: 'configuration' },
};

/** Of a text that the schema has let through. */
export function fieldOf(text: string): Field {
  const plain = PLAIN[text];
  if (plain) return { text, ...plain };
  const [, of = 'params', key = ''] = /^(params|metrics|tags)\.([^]+)$/.exec(text) ?? [];
  return { text, of: of as FieldKind, key, label: key };
}

export interface Choices {
  /** Metrics, the most telling first. */
  metrics: string[];
  /** All params, those that differ first. */
  params: string[];
  /** Params that differ and do not only tell repeats apart, those with most values first. */
  varied: { key: string; values: number }[];
  /** Tags that people hung on runs. */
  tags: string[];
  main: string | null;
  rules: RuleBook;
}

export async function choicesOf(db: Db, experiment: ExperimentRow): Promise<Choices> {
  const rules = await rulesOf(db, experiment.id);
  const way = directionsIn(rules);
  const keys = await metricKeys(db, experiment.id);
  const main = mainMetric(keys, experiment.main_metric, way);
  const params = await paramsOfExperiment(db, experiment.id);
  const { isRepeat } = repeatRule(experiment);
  const differ = params.filter(({ values }) => values > 1);
  return {
    metrics: byImportance(keys, main, way),
    params: [...differ, ...params.filter(({ values }) => values <= 1)].map(({ key }) => key),
    varied: differ
      .filter(({ key }) => !isRepeat(key))
      .sort((a, b) => b.values - a.values || (a.key < b.key ? -1 : 1))
      .map(({ key, values }) => ({ key, values })),
    tags: (await tagKeysOfExperiment(db, experiment.id)).filter((key) => !isSystemTag({ key })),
    main,
    rules,
  };
}
