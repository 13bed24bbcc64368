// runs/params/param-views.ts
// Purpose: the params of an experiment as their page and the API show them, each remark as a sentence with the runs it is about.
// Why: what looks odd is of use when one click shows the runs.
// Relevant files: runs/params/param-queries.ts, runs/templates/params.html, runs/params/param-routes.ts

import { z } from 'zod';
import type { ExperimentRow } from '../../experiments/models.ts';
import { showTabs } from '../../experiments/tabs.ts';
import { formatCount, middle, plural } from '../../shared/format.ts';
import { link, showPager } from '../../shared/http/links.ts';
import type { PageContext } from '../../shared/http/types.ts';
import { LIMITS } from '../../shared/limits.ts';
import { fieldText, valueText } from '../query/fields.ts';
import type { CheckedParam } from './param-queries.ts';
import { LOOKED_AT, RemarkKind, ValueKind, type OfKind, type Remark } from './param-remarks.ts';

const PARAMS_PAGE = 100;

export const checkedParamsOut = z.object({
  items: z.array(
    z.object({
      key: z.string(),
      runs: z.int().describe('Runs that have it; those in the trash are not counted.'),
      values: z.int().describe('Different values.'),
      kinds: z
        .partialRecord(z.enum(ValueKind), z.int())
        .describe(`Runs by kind of value; empty for params with more than ${LOOKED_AT.values} values.`),
      remarks: z.array(
        z.object({
          kind: z.enum(RemarkKind).describe('typo, spelling (another key is the same word), mixed or none.'),
          text: z.string(),
          where: z.string().describe('A filter that finds the runs it is about.'),
        }),
      ),
    }),
  ),
  total: z.int(),
});

export function checkedParamJson({
  key,
  runs,
  values,
  kinds,
  remarks,
}: CheckedParam): z.infer<typeof checkedParamsOut>['items'][number] {
  return {
    ...{ key, runs, values },
    kinds: Object.fromEntries(Object.entries(kinds).map(([kind, of]) => [kind, of.runs])),
    remarks: remarks.map((remark) => ({ kind: remark.kind, ...inWords(key, runs, remark) })),
  };
}

/** `A few runs say "auto" where others have numbers.` and a filter for these runs. */
function inWords(key: string, runs: number, { kind, other, odd }: Remark): { text: string; where: string } {
  const field = fieldText('param', key);
  const some = `${formatCount(odd?.runs ?? 0)} of ${plural(runs, 'run')}`;
  const example = odd?.example ?? '';
  const where = odd ? oneOf(field, odd) : `${field} is not null`;
  switch (kind) {
    case RemarkKind.Typo:
      return { text: `In ${plural(runs, 'run')} only: is ${middle(other?.key ?? '')} meant?`, where };
    case RemarkKind.Spelling:
      return { text: `Also written ${middle(other?.key ?? '')}, in ${plural(other?.runs ?? 0, 'run')}.`, where };
    case RemarkKind.Mixed:
      return { text: `Numbers and texts: ${some} have such as ${JSON.stringify(middle(example, 40))}.`, where };
    case RemarkKind.None:
      return { text: `No number in ${some}, but ${JSON.stringify(middle(example, 40))}.`, where };
  }
}

/** All of the values, or those of most runs as far as a filter is long. */
function oneOf(field: string, { example, others = [] }: OfKind): string {
  for (let count = others.length; count > 0; count -= 1) {
    const where = `${field} in (${[example, ...others.slice(0, count)].map(valueText).join(', ')})`;
    if (where.length <= LIMITS.query) return where;
  }
  return `${field} = ${valueText(example)}`;
}

const KIND_WORDS: Record<ValueKind, string> = { number: 'numbers', text: 'texts', none: 'none' };

/** `3 of 6 params look odd.` */
export function oddText(params: readonly CheckedParam[]): string {
  const odd = params.filter(({ remarks }) => remarks.length > 0).length;
  if (odd > 0) return `${formatCount(odd)} of ${plural(params.length, 'param')} ${odd === 1 ? 'looks' : 'look'} odd.`;
  return `Nothing looks odd about ${params.length === 1 ? 'the one param' : `the ${plural(params.length, 'param')}`}.`;
}

export function showParams(
  experiment: ExperimentRow,
  { params, runs }: { params: CheckedParam[]; runs: number },
  page: number,
): PageContext {
  const path = `/experiments/${experiment.id}`;
  return {
    title: `Params of ${middle(experiment.name, 60)}`,
    experiment: { id: experiment.id, name: middle(experiment.name, 60), title: experiment.name },
    tabs: showTabs(experiment.id, '/params'),
    empty: params.length === 0,
    lead: oddText(params),
    isOdd: params.some(({ remarks }) => remarks.length > 0),
    looked: LOOKED_AT.values,
    rows: params.slice((page - 1) * PARAMS_PAGE, page * PARAMS_PAGE).map((param) => ({
      key: middle(param.key),
      title: param.key,
      runs: `${formatCount(param.runs)} of ${formatCount(runs)}`,
      href: link(path, { where: `${fieldText('param', param.key)} is not null` }),
      values: formatCount(param.values),
      kinds: Object.keys(param.kinds).map((kind) => KIND_WORDS[kind as ValueKind]).join(', ') || '–', // prettier-ignore
      remarks: param.remarks.map((remark) => {
        const { text, where } = inWords(param.key, param.runs, remark);
        return { text, href: link(path, { where }) };
      }),
    })),
    pager: {
      ...showPager(
        { page, size: PARAMS_PAGE, total: params.length, what: params.length === 1 ? 'param' : 'params' },
        (to) => link(`${path}/params`, { page: to === 1 ? null : to }),
      ),
      formats: [{ label: 'json', href: `/api${path}/params` }],
    },
  };
}
