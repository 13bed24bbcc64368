// runs/rules/rule-json.ts
// Purpose: a metric's rule as answers and files carry it.
// Why: whoever reads a number elsewhere must be able to tell which one it is.
// Relevant files: runs/rules/rule.ts, runs/rules/rule-schemas.ts, runs/groups/group-json.ts, exports/runs-writers.ts

import type { MetricRuleOut, RuleOut } from './rule-schemas.ts';
import type { MetricRule } from './rule.ts';

export function ruleJson({ direction, isGuessed, value, k, by, takes, unit, digits }: MetricRule): RuleOut {
  return { direction, direction_guessed: isGuessed, value, k, by, takes, unit, digits };
}

export function metricRuleJson(rule: MetricRule, main: string | null): MetricRuleOut {
  return {
    key: rule.key,
    ...ruleJson(rule),
    is_set: rule.isSet,
    is_main: rule.key === main,
    counting: rule.countedTo !== null,
  };
}
