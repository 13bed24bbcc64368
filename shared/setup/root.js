// shared/setup/root.js
// Purpose: the project's folder, wherever the clone lies.
// Why: scripts start from any working folder, also one with a space or an umlaut in its path.
// Relevant files: shared/setup/ensure.js, shared/setup/run-tests.js

import { fileURLToPath } from 'node:url';

export const projectRoot = fileURLToPath(new URL('../../', import.meta.url));
