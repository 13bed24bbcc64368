// shared/setup/bench.js
// Purpose: `npm run bench`: sees that everything is installed, then measures.
// Why: figures that anybody can repeat need one command, also in a fresh clone.
// Relevant files: bench/main.ts, bench/README.md, shared/setup/ensure.js

import { ensureInstalled } from './ensure.js';

ensureInstalled();
const { register } = await import('tsx/esm/api');
register();
const { main } = await import('../../bench/main.ts');
await main(process.argv.slice(2));
