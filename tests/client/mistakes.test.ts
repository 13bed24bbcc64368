// tests/client/mistakes.test.ts
// Purpose: the Python client used wrongly or in odd ways: names, states, addresses, spawned workers, files that grow or are broken.
// Why: what a person writes by mistake must not cost the run, and must be said in words that help.
// Relevant files: clients/python/tracker.py, tests/client/python.ts, tests/client/trouble.test.ts

import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { RunStatus } from '../../runs/models.ts';
import type { RunDetail } from '../../runs/schemas.ts';
import { freshFolder } from '../support/tracker.ts';
import { useFolder, useTracker } from '../support/use.ts';
import { runScript, runSync } from './python.ts';

const tracker = useTracker();
const dir = useFolder();

const run = (text: string, env: NodeJS.ProcessEnv = {}): Promise<{ out: string; errors: string }> =>
  runScript(text, { url: tracker.url, dir, env });

const idOf = (experiment: string, id: string): string =>
  createHash('sha256').update(`${experiment}/${id}`).digest('hex').slice(0, 32);

const detail = async (experiment: string, id: string): Promise<RunDetail> =>
  (await tracker.api<RunDetail>('GET', `/api/runs/${idOf(experiment, id)}`)).body;

test('a file that grows while it is sent: as much of it as there was, and nothing after it is lost', async () => {
  const { errors } = await run(`
file = os.path.join(os.environ["TRACKER_DIR"], "..", "grows %d" % os.getpid())
open(file, "w").write("x" * 3_000_000)
real = tracker.os.fstat
tracker.os.fstat = lambda fd: type("Stat", (), {"st_size": 1_000_000})()  # as it was a moment ago
with tracker.start("grows", id="1") as run:
    for k in range(3):
        run.log_artifact(file, "log %d" % k)
        for i in range(100): run.log({"loss": i}, step=k * 100 + i)
    assert run.flush(60)
tracker.os.fstat = real
os.unlink(file)`);
  expect(errors).toBe('');
  expect((await detail('grows', '1')).metrics['loss']?.count).toBe(300);
  const files = await tracker.api<{ items: object[] }>('GET', `/api/runs/${idOf('grows', '1')}/artifacts`);
  expect(files.body.items).toMatchObject(['log 0', 'log 1', 'log 2'].map((path) => ({ path, size: 1_000_000 })));
});

test('a state that there is not: the run ends all the same, and what was meant is its reason', async () => {
  const { errors } = await run(`
run = tracker.start("ends", id="1"); run.log({"x": 1}); run.finish("success")`);
  expect(errors).toBe("tracker: there is no state 'success': finished, failed or killed\n");
  expect((await detail('ends', '1')).status).toBe(RunStatus.Finished);
  const { body } = await tracker.api('GET', `/api/runs/${idOf('ends', '1')}/attempts`);
  expect(body).toMatchObject({ items: [{ status: RunStatus.Finished, reason: 'success' }] });
});

test('what is logged after the end is counted as lost, and the reason is said', async () => {
  const { errors, out } = await run(`
run = tracker.start("late", id="1"); run.log({"x": 1}); run.finish(); run.log({"x": 2}); print(run.lost)`);
  expect(out).toBe('1\n');
  expect(errors).toContain('is finished already');
  expect(errors).not.toContain('no room');
});

test('names of several lines, a parent by the text of its id, one tag as text, an address without http://', async () => {
  const { errors } = await run(
    `
tracker.start("named", id="sweep 7").finish()
with tracker.start("named", id="1", parent="sweep 7", name="first\\nline " + "x" * 900, tags="baseline") as run:
    run.log({"x": 1})`,
    { TRACKER_URL: tracker.url.replace('http://', '') },
  );
  expect(errors).toBe('');
  const { name, parent_id, tags } = await detail('named', '1');
  expect([name?.slice(0, 12), name?.length, parent_id]).toEqual(['first line x', 500, idOf('named', 'sweep 7')]);
  expect(Object.keys(tags)).toContain('baseline');
  expect(Object.keys(tags)).not.toContain('b');
});

test('a run that is handed to a spawned process logs from there, and its end is its first process’s', async () => {
  const folder = freshFolder();
  writeFileSync(
    path.join(folder, 'work.py'),
    'def work(run, n):\n    for i in range(100): run.log({"worker/%d" % n: i}, step=i)\n',
  );
  await run(`
import multiprocessing
sys.path.insert(0, ${JSON.stringify(folder)})
import work
run = tracker.start("spawned", id="1")
context = multiprocessing.get_context("spawn")
workers = [context.Process(target=work.work, args=(run, n)) for n in range(2)]
for one in workers: one.start()
for one in workers: one.join()
run.log({"main": 1})
run.finish(timeout=60)`);
  rmSync(folder, { recursive: true });
  const { metrics, status } = await detail('spawned', '1');
  expect(status).toBe(RunStatus.Finished);
  expect([metrics['worker/0']?.count, metrics['worker/1']?.count, metrics['main']?.count]).toEqual([100, 100, 1]);
  expect(readdirSync(dir)).toEqual([]);
});

test('a copy of what holds the run holds the same run', async () => {
  await run(`
import copy
run = tracker.start("copied", id="1")
config = copy.deepcopy({"tracker": run, "lr": 0.1})
config["tracker"].log({"x": 1})
assert config["tracker"] is run
run.finish(timeout=60)`);
  expect((await detail('copied', '1')).metrics['x']?.count).toBe(1);
  expect(readdirSync(dir)).toEqual([]);
});

test('a journal that cannot be read keeps nothing else back', async () => {
  const at = (name: string): string => path.join(dir, `${idOf('beside', '1')}.${name}`);
  // Of a process that died while it made its file; and something that is no file at all.
  writeFileSync(at('aaaaaaaaaaaa.lock'), '');
  writeFileSync(at('aaaaaaaaaaaa.000001'), '');
  mkdirSync(at('bbbbbbbbbbbb.lock'));
  const { errors } = await run(`
with tracker.start("beside", id="1") as run: run.log({"x": 1})`);
  expect(errors).toContain('IsADirectoryError');
  expect((await detail('beside', '1')).metrics['x']?.count).toBe(1);
  expect(await runSync(dir, tracker.url)).toMatchObject({
    code: 1,
    out: expect.stringContaining('1 refused') as string,
  });
  rmSync(at('bbbbbbbbbbbb.lock'), { recursive: true });
  expect(readdirSync(dir)).toEqual([]);
});

test('sync of a folder that is not there says so', async () => {
  expect(await runSync(path.join(dir, 'nowhere'), tracker.url)).toMatchObject({ code: 2, out: '' });
});

test.each([
  ['a redirect', 301, { location: 'https://elsewhere/' }, ''],
  ['a page to log in', 200, { 'content-type': 'text/html' }, '<html>'],
  ['nothing at all', 204, {}, ''],
  ['a time to wait that is no number', 503, { 'retry-after': 'nan' }, ''],
  ['a time to wait that is a date', 503, { 'retry-after': 'Wed, 21 Oct 2099 07:28:00 GMT' }, ''],
] as const)(
  'what answers is no tracker but %s: nothing counts as sent, all of it is sent later',
  async (what, status, headers, body) => {
    const server = createServer((request, response) => {
      request.resume().on('end', () => response.writeHead(status, headers).end(body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const own = freshFolder();
    const id = `not ${status} ${what}`;
    const { errors, out } = await runScript(
      `
run = tracker.start("proxy", id=${JSON.stringify(id)}, system=False)
run.log_artifact(tracker.__file__, "client.py")
run.log({"x": 1}); run.flush(2); run.log({"x": 2}); run.finish(timeout=2); print(run.lost)`,
      { url, dir: own },
    );
    expect(errors).not.toContain('Traceback');
    expect(errors).toContain('sends what is left');
    expect(out).toBe('0\n');
    expect(await runSync(own, tracker.url)).toMatchObject({
      code: 0,
      out: '1 journals sent, 0 refused, 0 in use by a process\n',
    });
    const found = await detail('proxy', id);
    expect([found.status, found.metrics['x']?.count]).toEqual([RunStatus.Finished, 2]);
    const files = await tracker.api<{ items: object[] }>('GET', `/api/runs/${idOf('proxy', id)}/artifacts`);
    expect(files.body.items).toMatchObject([{ path: 'client.py' }]);
  },
);

test('what the server refused is counted at the end, and nothing is said of a rest where there is none', async () => {
  const { errors } = await run(`
with tracker.start("some", id="1", system=False) as run: run.log({"": 1, "x": 2})`);
  expect(errors).toMatch(/1 calls are lost or refused\n$/);
});
