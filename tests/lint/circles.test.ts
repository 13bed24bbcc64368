// tests/lint/circles.test.ts
// Purpose: no module imports itself by way of others.
// Why: ESLint looks at one import at a time and cannot see a circle; type-only imports are gone at run time.
// Relevant files: shared/lint/directions.js, shared/lint/import-direction.js

import path from 'node:path';
import { expect, it } from 'vitest';
import { trackedFiles } from './tracked-files.ts';

const IMPORTS = /^(?:import|export)\s(?!type\s)(?:[^'"`;]*?\sfrom\s+)?'(\.[^']+)'/gm;

/** Each module with the modules it imports, as paths from the root. */
type Graph = Map<string, string[]>;

function graphOf(files: { file: string; text: string }[]): Graph {
  return new Map(
    files.map(({ file, text }) => [
      file,
      [...text.matchAll(IMPORTS)].map((match) => path.posix.join(path.posix.dirname(file), match[1] ?? '')),
    ]),
  );
}

/** The first circle found, as `a → b → a`. */
function findCircle(graph: Graph): string | undefined {
  const done = new Set<string>();
  const visit = (file: string, way: string[]): string | undefined => {
    if (way.includes(file)) return [...way.slice(way.indexOf(file)), file].join(' → ');
    if (done.has(file)) return undefined;
    done.add(file);
    for (const next of graph.get(file) ?? []) {
      const circle = visit(next, [...way, file]);
      if (circle) return circle;
    }
    return undefined;
  };
  for (const file of graph.keys()) {
    const circle = visit(file, []);
    if (circle) return circle;
  }
  return undefined;
}

it('there is no circle of imports', () => {
  const graph = graphOf(trackedFiles().filter(({ file }) => /\.[jt]s$/.test(file)));
  expect([...graph.values()].flat().length).toBeGreaterThan(graph.size);
  expect(findCircle(graph)).toBeUndefined();
});

it('a circle is found, over several files and whatever the form of the import', () => {
  const circle = [
    { file: 'runs/a.ts', text: "import { b } from './b.ts';" },
    { file: 'runs/b.ts', text: "import {\n  c,\n} from '../tags/c.ts';" },
    { file: 'tags/c.ts', text: "import { z } from 'zod';\nexport * from '../runs/a.ts';" },
  ];
  expect(findCircle(graphOf(circle))).toBe('runs/a.ts → runs/b.ts → tags/c.ts → runs/a.ts');
});

it('a type-only import does not close a circle', () => {
  const files = [
    { file: 'runs/a.ts', text: "import { b } from './b.ts';" },
    { file: 'runs/b.ts', text: "import type { A } from './a.ts';" },
  ];
  expect(findCircle(graphOf(files))).toBeUndefined();
});
