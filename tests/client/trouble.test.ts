// tests/client/trouble.test.ts
// Purpose: the Python client where things go wrong: signals, exceptions, no disk, a server that stalls, threads and forks.
// Why: a training must never see an exception or wait because of its tracker.
// Relevant files: clients/python/tracker.py, tests/client/python.ts

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { projectRoot } from '../../shared/lint/paths.js';
import { RunStatus } from '../../runs/models.ts';
import type { RunDetail } from '../../runs/schemas.ts';
import { useFolder, useTracker } from '../support/use.ts';
import { CLIENT, runScript, runSync, startPython, startScript } from './python.ts';

const tracker = useTracker();
const dir = useFolder();

const run = (text: string, env: NodeJS.ProcessEnv = {}, url = tracker.url): Promise<{ out: string; errors: string }> =>
  runScript(text, { url, dir, env });

/** The server makes the same of a text. */
const idOf = (experiment: string, id: string): string =>
  createHash('sha256').update(`${experiment}/${id}`).digest('hex').slice(0, 32);

const detail = async (experiment: string, id: string): Promise<RunDetail> =>
  (await tracker.api<RunDetail>('GET', `/api/runs/${idOf(experiment, id)}`)).body;

interface AttemptOut {
  number: number;
  status: RunStatus;
  reason: string;
  host: string;
  pid: number | null;
  superseded_points: number;
}
const attemptsOf = async (experiment: string, id: string): Promise<AttemptOut[]> =>
  (await tracker.api<{ items: AttemptOut[] }>('GET', `/api/runs/${idOf(experiment, id)}/attempts`)).body.items;

async function stepsOf(experiment: string, id: string, key: string): Promise<number[]> {
  const at = `/api/runs/${idOf(experiment, id)}/points?limit=10000&key=${encodeURIComponent(key)}`;
  return (await tracker.api<{ items: { step: number }[] }>('GET', at)).body.items.map(({ step }) => step);
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

test('the whole of a run: params, tags, numbers of all kinds, an artifact, its end; nothing is left in the folder', async () => {
  const { out, errors } = await run(`
with tracker.start("whole", id="job 1", name="first", params={"lr": 0.1, "opt": {"name": "adam", "n": 10**40}, "off": None},
                   tags=["baseline", "model=mlp"]) as run:
    class Tensor:
        def __float__(self): return 2.5
    for i in range(100):
        run.log({"loss": 1 / (i + 1), "ok": True}, step=i)
    run.log({"loss": float("nan"), "tensor": Tensor(), "ä \\"quoted\\"": float("-inf")}, step=100)
    run.log({"auto": 1}); run.log({"auto": 2})
    run.log({"good": 1, "bad": "text", 7: 7}, step=3.0)
    run.log(None, step=1); run.log({"a": 1}, step="x"); run.log({"a": 1}, step=2**70)
    run.set_tags({"stage": "done"})
    open(os.path.join(os.environ["TRACKER_DIR"], "..", "weights %d" % os.getpid()), "w").write("w" * 1000)
    run.log_artifact(os.path.join(os.environ["TRACKER_DIR"], "..", "weights %d" % os.getpid()), "a b/weights #1")
    run.log_artifact("/nowhere/at/all")
    assert run.flush(30)
    os.unlink(os.path.join(os.environ["TRACKER_DIR"], "..", "weights %d" % os.getpid()))
    print(run.url)
`);
  expect(out).toBe(`${tracker.url}/runs/${idOf('whole', 'job 1')}\n`);
  expect(errors).toContain("'bad' is not logged");
  expect(errors).not.toContain('Traceback');
  const { name, status, params, tags, metrics } = await detail('whole', 'job 1');
  expect({ name, status }).toEqual({ name: 'first', status: RunStatus.Finished });
  expect(params).toEqual({ lr: '0.1', 'opt.name': 'adam', 'opt.n': String(10n ** 40n), off: 'null' });
  expect(tags).toMatchObject({ baseline: '', model: 'mlp', stage: 'done' });
  expect(tags['sys.python']).toMatch(/^3\./);
  expect(metrics['loss']).toMatchObject({ count: 101, nonfinite_count: 1, last: { step: 100, value: 'NaN' } });
  expect(metrics['tensor']?.last.value).toBe(2.5);
  expect(metrics['ä "quoted"']?.last.value).toBe('-Infinity');
  expect(metrics['auto']).toMatchObject({ count: 2, first: { step: 101 }, last: { step: 102 } });
  expect(metrics['good']?.last.step).toBe(3);
  expect(metrics['7']?.last.value).toBe(7);
  expect(metrics['a']).toBeUndefined();
  const files = await tracker.api<{ items: object[] }>('GET', `/api/runs/${idOf('whole', 'job 1')}/artifacts`);
  expect(files.body.items).toMatchObject([{ path: 'a b/weights #1', size: 1000 }]);
  expect(readdirSync(dir)).toEqual([]);
});

test('SIGTERM, exceptions, exit codes: state and reason are sent; what Python does with them stays', async () => {
  const script = startScript(
    `run = tracker.start("ends", id="term"); run.log({"x": 1}, step=0)
try:
    print("ready", flush=True)
    while True: time.sleep(0.01)
finally: print("cleaned up", flush=True)`,
    { url: tracker.url, dir },
  );
  await expect.poll(() => script.out()).toContain('ready');
  script.process.kill('SIGTERM');
  expect(await script.ended).toBe(143);
  expect(script.out()).toContain('cleaned up');
  expect(await attemptsOf('ends', 'term')).toMatchObject([{ status: RunStatus.Killed, reason: 'SIGTERM' }]);

  const failed = startScript(`run = tracker.start("ends", id="raised"); raise ValueError("no such loss")`, {
    url: tracker.url,
    dir,
  });
  expect(await failed.ended).toBe(1);
  expect(failed.errors()).toContain('ValueError: no such loss');
  expect(await attemptsOf('ends', 'raised')).toMatchObject([
    { status: RunStatus.Failed, reason: 'ValueError: no such loss' },
  ]);

  const inside = startScript(`with tracker.start("ends", id="exit"): sys.exit(3)`, { url: tracker.url, dir });
  expect(await inside.ended).toBe(3);
  expect(await attemptsOf('ends', 'exit')).toMatchObject([{ status: RunStatus.Failed, reason: 'exit 3' }]);

  // A handler of the script's own still has its say.
  const own = startScript(
    `import signal
signal.signal(signal.SIGTERM, lambda *_: print("own handler", flush=True))
run = tracker.start("ends", id="own"); os.kill(os.getpid(), signal.SIGTERM); run.finish(status="finished", reason="checkpoint written")`,
    { url: tracker.url, dir },
  );
  expect(await own.ended).toBe(0);
  expect(own.out()).toContain('own handler');
  expect(await attemptsOf('ends', 'own')).toMatchObject([{ status: RunStatus.Finished, reason: 'checkpoint written' }]);
});

test('started again with the same id it is another attempt; the newer points are shown', async () => {
  await run(`
with tracker.start("again", id="42") as run:
    for i in range(100): run.log({"loss": 1}, step=i)`);
  await run(
    `
with tracker.start("again") as run:
    for i in range(60, 120): run.log({"loss": 2}, step=i)`,
    { TRACKER_RUN_ID: '42' },
  );
  expect(await attemptsOf('again', '42')).toMatchObject([
    { number: 1, superseded_points: 40 },
    { number: 2, superseded_points: 0 },
  ]);
  expect(await stepsOf('again', '42', 'loss')).toEqual(upTo(120));
  expect((await detail('again', '42')).metrics['loss']).toMatchObject({ count: 120, last: { value: 2 } });
});

test('killed, then started again: the next start sends what the first left, and says how it ended', async () => {
  const script = startScript(
    `run = tracker.start("left", id="1")
for i in range(5000): run.log({"loss": i}, step=i)
os.kill(os.getpid(), 9)`,
    { url: 'http://127.0.0.1:9', dir },
  );
  expect(await script.ended).toBeNull();
  await run(`
with tracker.start("left", id="1") as run: run.log({"loss": 1}, step=5000)`);
  expect(await stepsOf('left', '1', 'loss')).toEqual(upTo(5001));
  expect(await attemptsOf('left', '1')).toMatchObject([
    { status: RunStatus.Killed, reason: 'the process ended without a word' },
    { status: RunStatus.Finished },
  ]);
  expect(readdirSync(dir)).toEqual([]);
});

test('no room on the disk: training goes on, it is said once, points reach the server from memory', async () => {
  const { errors, out } = await run(`
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
with tracker.start("no disk", id="1") as run:
    for i in range(3000): run.log({"loss": i}, step=i)
print(run.lost)`);
  expect(out).toBe('0\n');
  expect(errors.match(/cannot go on/g)).toHaveLength(1);
  expect(await stepsOf('no disk', '1', 'loss')).toEqual(upTo(3000));
});

test('no room on the disk and no server: what memory cannot hold is lost, counted, and said once', async () => {
  const { errors, out } = await run(
    `
import resource
tracker.SEGMENT, tracker.MEMORY_SEGMENTS = 65536, 2
resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
run = tracker.start("nothing", id="1")
for i in range(10000): run.log({"loss": i}, step=i)
lost = run.lost
run.finish()
print(0 < lost < 10000, run.lost >= 10000)`,
    {},
    'http://127.0.0.1:9',
  );
  expect(out).toBe('True True\n');
  expect(errors.match(/it is lost, and counted/g)).toHaveLength(1);
  expect(errors).toMatch(/run \w+: 1000\d calls are lost/);
});

test('a folder that cannot be written, and one that is a file: the same', async () => {
  const { errors } = await run(`
with tracker.start("no folder", id="1", dir=${JSON.stringify(path.join(CLIENT, 'below'))}) as run:
    for i in range(50): run.log({"loss": i}, step=i)`);
  expect(errors).toContain('cannot go on');
  expect(await stepsOf('no folder', '1', 'loss')).toEqual(upTo(50));
});

/** Passes connections on to the tracker, once it is let. */
async function startStallingProxy(port: number): Promise<{ url: string; asked: () => number; letGo: () => void }> {
  const waiting: (() => void)[] = [];
  let isOpen = false;
  const pass = (client: Socket): void => {
    const server = new (client.constructor as typeof Socket)();
    server.connect(port, '127.0.0.1');
    client.pipe(server).pipe(client);
    client.on('error', () => server.destroy());
    server.on('error', () => client.destroy());
  };
  const sockets = new Set<Socket>();
  const proxy: Server = createServer((client) => {
    sockets.add(client);
    client.on('error', () => undefined);
    if (isOpen) pass(client);
    else waiting.push(() => pass(client));
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    proxy.close();
  });
  return {
    url: `http://127.0.0.1:${(proxy.address() as { port: number }).port}`,
    asked: () => waiting.length,
    letGo: () => {
      isOpen = true;
      for (const go of waiting.splice(0)) go();
    },
  };
}

test('a server that takes requests and does not answer: logging does not wait for it, and all arrives when it goes on', async () => {
  const proxy = await startStallingProxy(Number(new URL(tracker.url).port));
  const script = startScript(
    `run = tracker.start("stalls", id="1"); run.log({"loss": 0}, step=0)
sys.stdin.readline()
for i in range(1, 9000): run.log({"loss": i}, step=i)
print("logged", flush=True)
sys.stdin.readline()
run.finish(timeout=60)`,
    { url: proxy.url, dir },
  );
  // It has asked and gets no answer.
  await expect.poll(() => proxy.asked()).toBeGreaterThan(0);
  script.process.stdin?.write('\n');
  await expect.poll(() => script.out()).toContain('logged');
  proxy.letGo();
  script.process.stdin?.write('\n');
  expect(await script.ended, script.errors()).toBe(0);
  expect(await stepsOf('stalls', '1', 'loss')).toEqual(upTo(9000));
});

test('finish waits for a silent server no longer than it is told; sync sends what is left', async () => {
  const proxy = await startStallingProxy(Number(new URL(tracker.url).port));
  const { errors } = await run(
    `run = tracker.start("silent", id="1"); run.log({"loss": 0}, step=0); run.finish(timeout=0.2)`,
    {},
    proxy.url,
  );
  expect(errors).toContain(`sync '${dir}'`);
  expect(await runSync(dir, tracker.url)).toMatchObject({
    code: 0,
    out: '1 journals sent, 0 refused, 0 in use by a process\n',
  });
  expect(await attemptsOf('silent', '1')).toMatchObject([{ status: RunStatus.Finished }]);
  expect((await runSync(dir, tracker.url)).out).toMatch(/^0 journals sent/);
});

test('a run in the trash is refused: it stays in the journal until it is restored', async () => {
  await run(`
with tracker.start("trashed", id="1") as run: run.log({"loss": 0}, step=0)`);
  const id = idOf('trashed', '1');
  await tracker.api('DELETE', `/api/runs/${id}`);
  const { errors } = await run(`
with tracker.start("trashed", id="1") as run: run.log({"loss": 1}, step=1)`);
  expect(errors).toContain('in the trash');
  expect(await runSync(dir, tracker.url)).toMatchObject({
    code: 1,
    out: '0 journals sent, 1 refused, 0 in use by a process\n',
  });
  await tracker.api('POST', `/api/runs/${id}/restore`);
  expect((await runSync(dir, tracker.url)).code).toBe(0);
  expect(await stepsOf('trashed', '1', 'loss')).toEqual([0, 1]);
});

test('values that the server refuses cost nothing else, are said once, and are counted', async () => {
  const { errors, out } = await run(`
with tracker.start("refused", id="1", params={"x" * 600: 1, "fine": 1}) as run:
    for i in range(10): run.log({"loss": i, "y" * 600: i}, step=i)
    run.log_params({"fine": 2, "also": 3})
print(run.lost)
with tracker.start("refused", id="2", params={"__proto__": 1, "constructor": 2}, tags={"__proto__": "x"}) as run:
    run.log({"__proto__": 1, "toString": 2}, step=0)
    run.flush(30)
    print(run.lost)`);
  // One param and ten points; fine = 2 comes too late. Then a param, a tag and a point.
  expect(out).toBe('12\n3\n');
  expect(errors.match(/refuses some/g)).toHaveLength(2);
  expect(errors).toContain('params.__proto__: must not be named __proto__');
  const named = await detail('refused', '2');
  expect([named.params, Object.keys(named.metrics)]).toEqual([{ constructor: '2' }, ['toString']]);
  const { params, metrics } = await detail('refused', '1');
  expect(params).toEqual({ fine: '1', also: '3' });
  expect(Object.keys(metrics)).toEqual(['loss']);
});

test('from several threads, from forked children and from a signal handler: each point once', async () => {
  await run(`
import signal, threading
run = tracker.start("many", id="1")
def work(n):
    for i in range(2000): run.log({"thread/%d" % n: i}, step=i)
threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
import itertools
handled = itertools.count()
def on_alarm(*_): run.log({"signal": 1}, step=next(handled))  # one may come into another
signal.signal(signal.SIGALRM, on_alarm)
signal.setitimer(signal.ITIMER_REAL, 0.01, 0.05)
for thread in threads: thread.start()
for i in range(5000):
    run.log({"main": i}, step=i)
    if i % 500 == 0: time.sleep(0.02)
signal.setitimer(signal.ITIMER_REAL, 0)
children = []
for n in range(3):
    pid = os.fork()
    if pid == 0:
        for i in range(500): run.log({"child/%d" % n: i}, step=i)
        # Two end as multiprocessing's children do, without a word: their parent sends what they left.
        os._exit(0) if n else sys.exit(0)
    children.append(pid)
for thread in threads: thread.join()
for pid in children: os.waitpid(pid, 0)
run.finish(timeout=60)
open(os.path.join(os.environ["TRACKER_DIR"], "handled"), "w").write(str(next(handled)))`);
  const handled = Number(readFileSync(path.join(dir, 'handled'), 'utf8'));
  rmSync(path.join(dir, 'handled'));
  expect(handled).toBeGreaterThan(0);
  expect(await stepsOf('many', '1', 'signal')).toEqual(upTo(handled));
  expect(await stepsOf('many', '1', 'main')).toEqual(upTo(5000));
  for (const n of [0, 1, 2, 3]) expect(await stepsOf('many', '1', `thread/${n}`)).toEqual(upTo(2000));
  for (const n of [0, 1, 2]) expect(await stepsOf('many', '1', `child/${n}`)).toEqual(upTo(500));
  expect(await attemptsOf('many', '1')).toMatchObject([{ status: RunStatus.Finished, reason: '' }]);
  expect(readdirSync(dir)).toEqual([]);
});

test('facts about the machine are left out when that is asked for', async () => {
  await run(
    `
with tracker.start("private", id="1", system=False): pass
with tracker.start("private", id="2"): pass`,
    { TRACKER_SYSTEM: '0' },
  );
  for (const id of ['1', '2']) {
    expect((await detail('private', id)).tags).toEqual({});
    expect(await attemptsOf('private', id)).toMatchObject([{ host: '', pid: null }]);
  }
});

test('a proxy that asks who comes, below a path: name and password or a token, in no journal, message or address', async () => {
  const asked: (string | undefined)[] = [];
  const proxy = http.createServer((request, response) => {
    asked.push(request.headers.authorization);
    const { host: _, ...headers } = request.headers;
    const on = http.request(new URL(String(request.url).replace('/ml/x', ''), tracker.url), { method: request.method, headers }, (answer) => answer.pipe(response.writeHead(answer.statusCode ?? 0, answer.headers))); // prettier-ignore
    request.pipe(on);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void proxy.close().closeAllConnections());
  const host = `127.0.0.1:${(proxy.address() as AddressInfo).port}/ml/x`;
  const logs = (experiment: string): string => `
r = tracker.start("${experiment}", id="one")
r.log({"a": 1})
if os.fork() == 0:
    r.log({"b": 1})
    r.finish()
    os._exit(0)
os.wait()
print(r.flush(30), r.url)`;
  const byAddress = await run(logs('asked'), {}, `http://us%40r:p%3Aw@${host}/`);
  expect(byAddress.out).toBe(`True http://${host}/runs/${idOf('asked', 'one')}\n`);
  expect(byAddress.errors).not.toContain('tracker:');
  const basic = `Basic ${Buffer.from('us@r:p:w').toString('base64')}`;
  expect(new Set(asked.splice(0))).toEqual(new Set([basic]));
  expect(Object.keys((await detail('asked', 'one')).metrics)).toEqual(['a', 'b']);
  await run(logs('token'), { TRACKER_AUTH: 'abc.def' }, host);
  expect(new Set(asked)).toEqual(new Set(['Bearer abc.def']));
  // What could not be sent has it neither; nor has what is said of it.
  const away = await run('tracker.start("away").finish(timeout=0.2)', {}, 'http://who:secret@127.0.0.1:9/');
  expect(away.errors).toContain('http://127.0.0.1:9 ');
  expect(away.errors + readdirSync(dir).map((file) => readFileSync(path.join(dir, file))).join('')).not.toContain('secret'); // prettier-ignore
  const journal = readdirSync(dir).find((file) => file.endsWith('.lock'));
  expect(journal).toBeDefined();
  expect((await runSync(dir, `http://a:b@${host}`)).out).toContain('1 journals sent');
});

test('the example of the README runs as it stands there', async () => {
  const example = /```python\n([^]*?)```/.exec(readFileSync(path.join(projectRoot, 'README.md'), 'utf8'))?.[1] ?? '';
  await run(`os.chdir(os.environ["TRACKER_DIR"]); open("model.pt", "w").write("w")\n${example}`);
  rmSync(path.join(dir, 'model.pt'));
  const { status, metrics, params } = await detail('digits', 'job-17');
  expect({ status, params }).toEqual({ status: RunStatus.Finished, params: { lr: '0.01' } });
  expect(metrics['loss']?.count).toBe(100);
});

test('it is served as it is, one file of at most 600 lines for Python 3.9, with nothing but the standard library', async () => {
  const answer = await fetch(`${tracker.url}/client/tracker.py`);
  expect(answer.status).toBe(200);
  expect(await answer.text()).toBe(readFileSync(CLIENT, 'utf8'));
  const again = await fetch(`${tracker.url}/client/tracker.py`, {
    headers: { 'if-none-match': answer.headers.get('etag') ?? '' },
  });
  expect(again.status).toBe(304);
  const check = startPython(['-c', CHECK, CLIENT]);
  expect(await check.ended, check.errors()).toBe(0);
});

const CHECK = `
import ast, sys
text = open(sys.argv[1]).read()
assert len(text.splitlines()) <= 600, len(text.splitlines())
tree = ast.parse(text, feature_version=(3, 9))
imported = {alias.name.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
imported |= {node.module.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
assert len(imported) > 10
assert not imported - set(sys.stdlib_module_names), imported
for node in ast.walk(tree):
    if isinstance(node, ast.FunctionDef):
        arguments = [*node.args.args, *node.args.kwonlyargs]
        assert node.returns is not None and all(a.annotation or a.arg == "self" for a in arguments), node.name
`;
