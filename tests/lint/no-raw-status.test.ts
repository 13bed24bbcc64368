// tests/lint/no-raw-status.test.ts
// Purpose: the rule no-raw-status: where a raw word stands for a status, and where the same word does not.
// Why: a rule that cries at innocent words would be switched off.
// Relevant files: shared/lint/no-raw-status.js, runs/models.ts, experiments/models.ts

import { expect, it } from 'vitest';
import { EXPERIMENT_STATUSES } from '../../experiments/models.ts';
import { RUN_STATUSES } from '../../runs/models.ts';
import { noRawStatus, STATUS_WORDS } from '../../shared/lint/no-raw-status.js';
import { at, tester } from './rule-tester.ts';

const filename = at('tests/runs/x.test.ts');

it('knows the words of the models', () => {
  expect(STATUS_WORDS.get('RunStatus')).toEqual(RUN_STATUSES);
  expect(STATUS_WORDS.get('ExperimentStatus')).toEqual(EXPERIMENT_STATUSES);
});

tester.run('no-raw-status', noRawStatus, {
  valid: [
    `run.status === RunStatus.Finished`,
    `const status = RunStatus.Failed`,
    `const message = 'failed'`,
    `log('finished')`,
    `if (word === 'active') show()`,
    `const tab = { name: 'active', class: 'completed' }`,
    `const counts = { running: 3, failed: 1 }; counts['failed']`,
    `response.status === 404`,
    `expect(response.status).toBe(200)`,
    `run.status === 'FINISHED'`,
    `const body = { status: 'sleeping' }`,
    `expect(page.text).toContain('running')`,
    `const statusText = 'failed'`,
    `describe('status', () => { it('failed', () => {}) })`,
    `const status = describeState(run, 'running')`,
    `type Tab = 'active' | 'archived'`,
    `const title = run.status === RunStatus.Failed ? 'failed' : 'fine'`,
  ]
    .map((code) => ({ code, filename }))
    .concat({
      code: `export const RunStatus = { Running: 'running' }; let s = { status: 'running' }`,
      filename: at('runs/models.ts'),
    }),
  invalid: [
    [`run.status === 'finished'`, 1],
    [`'finished' !== run?.status`, 1],
    [`row['status'] == 'killed'`, 1],
    [`(body.status as string) === 'failed'`, 1],
    [`const runStatus = done ? 'finished' : 'running'`, 2],
    [`let run_status = \`killed\``, 1],
    [`run.status = given ?? 'draft'`, 1],
    [`update({ status: 'archived' })`, 1],
    [`update({ 'status': 'archived' as const })`, 1],
    [`const filter = { statuses: ['running', 'failed'] }`, 2],
    [`function list(status = 'active') {}`, 1],
    [`class Run { status = 'scheduled' }`, 1],
    [`switch (run.status) { case 'running': case 'killed': break; case RunStatus.Failed: }`, 2],
    [`eq(runs.status, 'finished')`, 1],
    [`inArray(runs.status, ['finished', 'failed'])`, 2],
    [`['running', 'scheduled'].includes(run.status)`, 2],
    [`await setStatus(run.id, 'failed')`, 1],
    [`expect(run.status).toBe('finished')`, 1],
    [`expect(run.status).not.toEqual('finished')`, 1],
    [`const schema = z.object({ status: z.enum(['draft', 'active']).optional() })`, 2],
    [`interface Row { status: 'running' | 'failed' }`, 2],
    [`type RunStatus = 'running'`, 1],
  ].map(([code, errors]) => ({ code: String(code), errors: Number(errors), filename })),
});

tester.run('no-raw-status says what to write', noRawStatus, {
  valid: [],
  invalid: [
    {
      code: `experiment.status === 'archived'`,
      filename,
      errors: [
        {
          message:
            "Say ExperimentStatus.Archived instead of 'archived': import the object from the feature's models.ts.",
        },
      ],
    },
  ],
});
