// runs/params/param-command.ts
// Purpose: `manage.ts params EXPERIMENT`: its params as lines or JSON, those that look odd first.
// Why: a sweep's script can look before it goes on, and a terminal says what the page says.
// Relevant files: manage.ts, runs/params/param-views.ts, runs/list-command.ts

import { requireExperiment } from '../../experiments/queries.ts';
import type { Settings } from '../../shared/config.ts';
import { openStore } from '../../shared/db/open.ts';
import { requireDatabase, experimentNamed } from '../list-command.ts';
import { alignedLines } from '../list-command-views.ts';
import { checkedParams } from './param-queries.ts';
import { checkedParamJson, oddText } from './param-views.ts';

/** The params go to standard output, how many look odd to the other one. Errors: UserError. */
export async function paramsCommand(settings: Settings, name: string, { json }: { json?: boolean }): Promise<void> {
  requireDatabase(settings);
  const store = await openStore(settings);
  try {
    const { id } = await requireExperiment(store.read, await experimentNamed(store.read, name));
    const checked = await checkedParams(store.read, id);
    const items = checked.map(checkedParamJson);
    if (json) console.log(JSON.stringify({ items, total: items.length }, null, 2));
    else
      console.log(
        alignedLines([
          ['param', 'runs', 'values', 'kinds', 'remarks'],
          ...items.map(({ key, runs, values, kinds, remarks }) => [
            ...[key, String(runs), String(values), Object.keys(kinds).join(', ') || '–'],
            remarks.map(({ text }) => text).join(' '),
          ]),
        ]).join('\n'),
      );
    console.error(oddText(checked));
  } finally {
    await store.close();
  }
}
