// tests/lint/readme.test.ts
// Purpose: what README.md tells people to do works: commands and flags, settings, pages, the curl lines, the exports.
// Why: it is copied line by line; a line that fails is the first thing somebody sees of the tracker.
// Relevant files: README.md, manage.ts, shared/config.ts, tests/lint/docs.test.ts

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../exports/catalogue.ts';
import { parseScale } from '../../imports/seed-scale.ts';
import { DEFAULTS, readSettings, type Settings } from '../../shared/config.ts';
import { projectRoot } from '../../shared/lint/paths.js';
import { manage } from '../imports/write-support.ts';
import { startSeeded, type SeededTracker } from '../support/seeded.ts';
import { trackedFiles } from './tracked-files.ts';

const README = readFileSync(path.join(projectRoot, 'README.md'), 'utf8');

function section(title: string): string {
  return new RegExp(`^## ${title}\\n([^]*?)(?=^## |$(?![^]))`, 'm').exec(README)?.[1] ?? '';
}

describe('commands', () => {
  /** Options of each command, as its help lists them. */
  const options = new Map<string, string[]>();
  let general = '';
  beforeAll(async () => {
    general = (await manage('--help')).out;
    const names = [...general.matchAll(/^ {2}(\w+)(?:\|\w+)? .*\S {2,}\S/gm)].map(([, name = '']) => name);
    for (const name of names.filter((one) => one !== 'help')) {
      const { out } = await manage(name, '--help');
      options.set(
        name,
        [...out.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm)].map(([, option = '']) => option),
      );
    }
  });

  it('are all named, with their alias and their own options', () => {
    const text = section('Commands');
    const named = (text.split('. They exit')[0] ?? '').matchAll(/`([a-z]+)(?: [A-Z]+)?`(?: \(([^)]*)\))?/g);
    const told = new Map([...named].map(([, name = '', more = '']) => [name, more]));
    expect([...told.keys()]).toEqual([...options.keys()]);
    for (const [, name = '', alias = ''] of text.matchAll(/`(\w+)` \(alias `(\w+)`\)/g))
      expect(general).toContain(`${name}|${alias} `);
    for (const [name, more] of told) expect(options.get(name)).toEqual(expect.arrayContaining(optionsIn(more)));
    expect(told.get('migrate')).toContain('--status');
    expect(told.get('seed')).toContain('--scale');
  });

  it('are called everywhere as they are', () => {
    const files = trackedFiles().filter(({ file }) => /\.(md|html)$/.test(file));
    const calls = files.flatMap(({ file, text }) =>
      [...text.matchAll(/manage\.ts ([a-z]+)\b([^`\n#|&]*)/g)].map(([, name = '', rest = '']) => ({
        file,
        name,
        rest,
      })),
    );
    expect(calls.length).toBeGreaterThan(5);
    for (const { file, name, rest } of calls) {
      expect([...options.keys()], `${file}: ${name}`).toContain(name);
      expect(options.get(name), `${file}: ${name}${rest}`).toEqual(expect.arrayContaining(optionsIn(rest)));
    }
  });

  it('the example of a scale is one', () => {
    const [, scale = ''] = /`--scale (\S+)`/.exec(section('Commands')) ?? [];
    expect(parseScale(scale)).toEqual({ runs: 1000, metrics: 20, points: 500 });
  });

  function optionsIn(text: string): string[] {
    return text.match(/--[a-z][a-z-]*/g) ?? [];
  }

  describe('settings', () => {
    const rows = [...section('Commands').matchAll(/^\| `--(\w+)` \| `(\w+)` \| `(\S+)` \|$/gm)].map(
      ([, flag, variable, standard]) => [String(flag), String(variable), String(standard)] as const,
    );
    /** A value that no default has, and where it ends up. */
    const samples: Record<string, [sent: string, read: (settings: Settings) => unknown, expected: unknown]> = {
      host: ['::1', ({ host }) => host, '::1'],
      port: ['4321', ({ port }) => port, 4321],
      data: ['/else/where', ({ data }) => data, '/else/where'],
      database: ['/else/where.db', ({ database }) => database, '/else/where.db'],
      artifacts: ['s3://bucket/a/', ({ artifacts }) => artifacts, 's3://bucket/a'],
    };

    it('are these', () => {
      expect(rows.map(([flag]) => flag)).toEqual(Object.keys(samples));
    });

    it.each(rows)('--%s, %s, default %s', (flag, variable, standard) => {
      const [sent, read, expected] = samples[flag] ?? ['', () => undefined, null];
      expect(options.get('run')).toContain(`--${flag}`);
      expect(read(readSettings({}, { [variable]: sent }))).toBe(expected);
      expect(read(readSettings({ [flag]: sent }, { [variable]: 'not this' }))).toBe(expected);
      const told = standard.replace('<data>', DEFAULTS.data);
      expect(read(readSettings({}, {}))).toBe(read(readSettings({ [flag]: told }, {})));
    });
  });
});

describe('on a seeded tracker', () => {
  let tracker: SeededTracker;
  let ids: string[];
  beforeAll(async () => {
    tracker = await startSeeded();
    const path = `/api/runs?experiment=${tracker.digits}`;
    const { body } = await tracker.api<{ items: { id: string }[]; total: number }>('GET', path);
    ids = body.items.map(({ id }) => id);
  });
  afterAll(() => tracker.stop());

  it('the seed brings as many real runs as stated', () => {
    expect(ids).toHaveLength(Number(/# (\d+) real training runs/.exec(README)?.[1]));
  });

  it('the pages of the tour answer', async () => {
    const paths = [...section('A tour').matchAll(/`(\/[^`]*)`/g)].map(([, where = '']) =>
      where.replace('/1', `/${tracker.digits}`).replace(/\b(ID|A)\b/g, ids[0] ?? '').replace(/\bB\b/g, ids[1] ?? ''),
    ); // prettier-ignore
    expect(paths.length).toBeGreaterThanOrEqual(9);
    for (const where of paths) expect((await tracker.get(where)).status, where).toBe(200);
    const curves = paths.find((one) => one.startsWith('/curves?')) ?? '';
    for (const ending of ['.svg', '.csv'])
      expect((await tracker.get(curves.replace('?', `${ending}?`))).status, ending).toBe(200);
  });

  it('the five lines of curl work one after another', async () => {
    const lines = section('The API in five lines').match(/^curl .*$/gm) ?? [];
    expect(lines).toHaveLength(5);
    let run = '';
    for (const line of lines) {
      const answer = await curl(line.replaceAll('$RUN', run));
      expect(answer.status, line).toBeLessThan(300);
      run ||= ((await answer.json()) as { id: string }).id;
    }
    const { body } = await tracker.api('GET', `/api/runs/${run}`);
    expect(body).toMatchObject({ params: { lr: '0.01' }, tags: { baseline: '' } });
    expect((await fetch(`${tracker.url}/api/runs/${run}/artifacts/model.pt`)).status).toBe(200);
  });

  it('OpenAPI is of the version that is stated', async () => {
    const [, version = ''] = /as OpenAPI (\d\.\d) at `\/openapi\.json`/.exec(README) ?? [];
    expect((await tracker.api('GET', '/openapi.json')).body['openapi']).toMatch(new RegExp(`^${version}\\.`));
  });

  it('the exports that are named are there, in these formats', async () => {
    const paths = [
      ...section('Exports').matchAll(/(?<=`|export )\/?((?:exports\/)?(?:experiments|runs)[/.]\S*?)(?=`| )/g),
    ];
    expect(paths.length).toBeGreaterThanOrEqual(5);
    for (const [, name = ''] of paths) {
      const where = `/${name.startsWith('exports/') ? '' : 'exports/'}${name}`.replace('ID', ids[0] ?? '');
      expect((await fetch(tracker.url + where)).status, where).toBe(200);
    }
    const formats = new Set(CATALOGUE.flatMap((kind) => kind.formats));
    expect(new Set(paths.map(([, name = '']) => name.split('.').at(-1)))).toEqual(formats);
  });

  /** As curl would send it. */
  function curl(line: string): Promise<Response> {
    const [words = []] = [line.match(/'[^']*'|\S+/g)?.map((word) => word.replace(/^'|'$/g, '')) ?? []];
    const after = (flag: string): string | undefined =>
      words.includes(flag) ? words[words.indexOf(flag) + 1] : undefined;
    const upload = after('-T');
    const [name, value] = after('-H')?.split(': ') ?? [];
    const where = words.find((word) => word.startsWith('localhost:')) ?? '';
    const body = after('-d') ?? upload;
    return fetch(where.replace(/^localhost:\d+/, tracker.url), {
      method: after('-X') ?? (upload === undefined ? 'GET' : 'PUT'),
      headers: name && value ? { [name]: value } : {},
      ...(body === undefined ? {} : { body }),
    });
  }
});
